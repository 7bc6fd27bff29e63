"""Open a round, move it from stage to stage, give it up, assess anew after a removal."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from plants.models import Line, Part, Person, Plant
from tracker import audit
from tracker.rounds.acting import (
    RoundRefused,
    StaleRound,
    movers_of,
    person_of,
    refuse,
    take_turn,
)
from tracker.rounds.listing import keep_list
from tracker.rounds.models import PARTS, Round, RoundKind, RoundStep, Stage
from tracker.rounds.seating import end_seats
from tracker.rounds.stages import BEFORE_LISTING, may_give_up, move_between
from tracker.rounds.standings import read_standings


def why_not_open(person: Person, plant: Plant) -> str | None:
    """Why this person can't open a round of the plant; None if she can."""
    if person.answers_for(plant) or person.oversees(plant):
        return None
    return _("Only the plant's manager, its group's manager or its officer can open a round.")


def open_round(
    *,
    plant: Plant,
    parts: Iterable[Part] = PARTS,
    lines: Iterable[Line] = (),
    kind: str = RoundKind.FIRST,
    after: Round | None = None,
    by: audit.Actor,
    at: datetime,
) -> Round:
    """Plan an assessment of these parts, of the chosen lines or of all where none is chosen.

    Refused while another round that is not listed yet is about the same part of the same line.
    """
    person, wanted, chosen = person_of(by.person), set(parts), list(lines)
    refuse(why_not_open(person, plant) or _why_not_so(plant, wanted, chosen))
    with transaction.atomic():
        Plant.objects.select_for_update(no_key=True, of=("self",)).get(pk=plant.pk)
        refuse(_why_twice(plant, wanted, chosen))
        last = plant.rounds.aggregate(last=Max("number"))["last"] or 0
        round_ = Round.objects.create(
            plant=plant,
            number=last + 1,
            kind=kind,
            after=after,
            stage_since_at=at,
            opened_by=person,
            opened_at=at,
            **{part.value: part in wanted for part in PARTS},
        )
        round_.lines.set(chosen)
        RoundStep.objects.create(round=round_, number=1, stage=Stage.PLANNED, entered_at=at)
        told = {"kind": kind, "parts": round_.parts, "lines": [line.number for line in chosen]}
        audit.record(by=by, at=at, verb=audit.Verb.OPENED, thing=round_, plant=plant, after=told)
    return round_


def reassess(round_: Round, *, by: audit.Actor, at: datetime) -> Round:
    """Open the round that assesses anew what was removed: the same parts of the same lines."""
    if round_.stage != Stage.REMOVED:
        raise RoundRefused(_("Only what was removed from the list is assessed anew."))
    return open_round(
        plant=round_.plant,
        parts=round_.parts,
        lines=round_.lines.order_by("number"),
        kind=RoundKind.AGAIN,
        after=round_,
        by=by,
        at=at,
    )


def move_round(
    round_: Round, *, to: str, note: str = "", by: audit.Actor, at: datetime, today: date
) -> RoundStep:
    """Leave the present stage for another, and give the step that begins.

    A stage is passed only when each blocking condition, its own and those of the stages passed
    before, is met or overridden since that stage was last entered: ``RoundRefused`` names the
    others. Any other move needs a ``note`` that says why. ``StaleRound`` if somebody was faster.
    """
    person, note = person_of(by.person), note.strip()
    move = move_between(round_.stage, to)
    if move is None:
        raise RoundRefused(_("No such step follows on this stage."))
    if move.by.isdisjoint(movers_of(person, round_)):
        raise RoundRefused(_("This step is not yours to make."))
    if not move.passes and not note:
        raise RoundRefused(_("Say why: it is shown with the round for ever."))
    with transaction.atomic():
        step = take_turn(round_)
        if move.passes:
            _refuse_unmet(round_, today)
        begun = _walk_on(round_, step, to=to, note=note, by=by, at=at)
        keep_list(round_, to=to, on=today, reason=note, by=by, at=at, today=today)
    return begun


def list_after_notice(
    round_: Round, *, on: date, by: audit.Actor, at: datetime, today: date
) -> RoundStep:
    """Put a round on the list from this day, its public notice being over; nobody has to press.

    The same conditions stand in its way: ``RoundRefused`` names them.
    """
    if round_.stage != Stage.PUBLIC_NOTICE:
        raise RoundRefused(_("The round is not in its public notice."))
    with transaction.atomic():
        step = take_turn(round_)
        _refuse_unmet(round_, today)
        begun = _walk_on(round_, step, to=Stage.LISTED, note="", by=by, at=at)
        keep_list(round_, to=Stage.LISTED, on=on, reason="", by=by, at=at, today=today)
    return begun


def give_up(round_: Round, *, reason: str, by: audit.Actor, at: datetime) -> None:
    """End a round that leads nowhere; its rows stay, and the seats in it end."""
    person, reason = person_of(by.person), reason.strip()
    if not may_give_up(round_.stage, movers_of(person, round_)):
        raise RoundRefused(_("Giving up the round is not yours to decide, or it is too late."))
    if not reason:
        raise RoundRefused(_("Say why the round is given up."))
    with transaction.atomic():
        take_turn(round_)
        there = Round.objects.filter(pk=round_.pk, given_up_at=None)
        if not there.update(given_up_at=at, given_up_reason=reason):
            raise StaleRound(Round.objects.get(pk=round_.pk))
        round_.given_up_at, round_.given_up_reason = at, reason
        audit.record(
            by=by,
            at=at,
            verb=audit.Verb.GAVE_UP,
            thing=round_,
            plant=round_.plant,
            after={"stage": round_.stage},
            note=reason,
        )
        end_seats(round_, by=by, at=at)


def _walk_on(
    round_: Round, step: RoundStep, *, to: str, note: str, by: audit.Actor, at: datetime
) -> RoundStep:
    """Close the open step and begin the next, by compare-and-set on the stage."""
    before = round_.stage
    there = Round.objects.filter(
        pk=round_.pk, stage=before, stage_since_at=round_.stage_since_at, given_up_at=None
    )
    if not there.update(stage=to, stage_since_at=at):
        raise StaleRound(Round.objects.get(pk=round_.pk))
    step.left_at, step.left_by, step.note = at, by.person, note or step.note
    step.save(update_fields=["left_at", "left_by", "note"])
    begun = RoundStep.objects.create(round=round_, number=step.number + 1, stage=to, entered_at=at)
    round_.stage, round_.stage_since_at = to, at
    audit.record(
        by=by,
        at=at,
        verb=audit.Verb.MOVED,
        thing=round_,
        plant=round_.plant,
        before={"stage": before},
        after={"stage": to},
        note=note,
    )
    if to == Stage.REMOVED:
        end_seats(round_, by=by, at=at)
    return begun


def _refuse_unmet(round_: Round, today: date) -> None:
    unmet = [each.condition for each in read_standings(round_, today=today) if each.is_in_the_way]
    if unmet:
        raise RoundRefused(_("Conditions are in the way that are not met."), unmet)


def _why_not_so(plant: Plant, parts: set[Part], lines: Sequence[Line]) -> str | None:
    if not parts or not parts <= set(PARTS):
        return _("Choose what is assessed: one of the three parts, or several.")
    if any(line.plant_id != plant.pk for line in lines):
        return _("A line of another plant can't be assessed here.")
    return None


def _why_twice(plant: Plant, parts: set[Part], lines: Sequence[Line]) -> str | None:
    """Of the same line and part only one round may be on its way to the list."""
    others = plant.rounds.going_on().filter(stage__in=BEFORE_LISTING)
    chosen = {line.pk for line in lines}
    for other in others.prefetch_related("lines").order_by("number"):
        theirs = {line.pk for line in other.lines.all()}
        if parts.intersection(other.parts) and (not chosen or not theirs or chosen & theirs):
            return _("%(round)s is about the same already; go on with it, or give it up.") % {
                "round": other
            }
    return None
