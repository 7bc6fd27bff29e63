"""Answer a condition, override one, and say when and by whom a step is done."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from plants.models import Person
from tracker import audit
from tracker.rounds.acting import RoundRefused, movers_of, person_of, take_turn
from tracker.rounds.findings import Outcome
from tracker.rounds.models import (
    Answer,
    Condition,
    ConditionAnswer,
    Override,
    Round,
    RoundStep,
    Stage,
)
from tracker.rounds.stages import answerers
from tracker.rounds.standings import Standing, read_standings


def why_not_answer(person: Person, round_: Round) -> str | None:
    """Why this person can't answer conditions of the round now; None if she can."""
    if answerers(round_.stage).isdisjoint(movers_of(person, round_)):
        return _("The conditions are not yours to answer in this stage.")
    return None


def answer_condition(
    round_: Round,
    *,
    condition: Condition,
    answer: str,
    note: str = "",
    by: audit.Actor,
    at: datetime,
    today: date,
) -> ConditionAnswer:
    """Say whether a condition of this stage, or of one passed before, is met.

    Earlier answers stay as history. Where the app knows by itself, people are not asked.
    """
    person, note = person_of(by.person), note.strip()
    refusal = why_not_answer(person, round_)
    if refusal is None and answer == Answer.NOT_APPLICABLE and not note:
        refusal = _("Say why it does not apply.")
    if refusal is not None:
        raise RoundRefused(refusal)
    with transaction.atomic():
        step = take_turn(round_)
        standing = _standing(round_, condition, today)
        if standing.finding is not None and standing.finding.outcome != Outcome.UNKNOWN:
            raise RoundRefused(_("The app knows this by itself; put right the rows behind it."))
        before = standing.answer
        given = ConditionAnswer.objects.create(
            round=round_,
            step=step,
            condition=condition,
            answer=Answer(answer),
            note=note,
            answered_by=person,
            answered_at=at,
        )
        _record(
            round_,
            audit.Verb.ANSWERED,
            before={"answer": before.answer if before else ""},
            after={"condition": condition.code, "answer": given.answer},
            note=note,
            by=by,
            at=at,
        )
    return given


def override_condition(
    round_: Round,
    *,
    condition: Condition,
    reason: str,
    by: audit.Actor,
    at: datetime,
    today: date,
) -> Override:
    """An officer of the plant's authorities lets the step be passed without it, and says why.

    It holds until the condition's stage is entered again, is shown for ever, and never deleted.
    """
    person, reason = person_of(by.person), reason.strip()
    if not person.oversees(round_.plant):
        raise RoundRefused(_("Only an officer of the plant's authority can override a condition."))
    if not reason:
        raise RoundRefused(_("Say why: it is shown with the round for ever."))
    with transaction.atomic():
        step = take_turn(round_)
        standing = _standing(round_, condition, today)
        if not standing.is_in_the_way:
            raise RoundRefused(_("It is not in the way: there is nothing to override."))
        override = Override.objects.create(
            round=round_,
            step=step,
            condition=condition,
            reason=reason,
            overridden_by=person,
            overridden_at=at,
        )
        after = {"condition": condition.code, "step": step.number}
        _record(round_, audit.Verb.OVERRODE, after=after, note=reason, by=by, at=at)
    return override


def set_step(
    round_: Round,
    *,
    starts_on: date | None,
    ends_on: date | None,
    responsible: Person | None,
    note: str = "",
    by: audit.Actor,
    at: datetime,
) -> RoundStep:
    """Enter the days of the present step, who is responsible for it, and a note.

    The days of the on-site monitoring are those in which the round's samples are taken.
    """
    person = person_of(by.person)
    refusal = why_not_answer(person, round_)
    if refusal is None and starts_on and ends_on and ends_on < starts_on:
        refusal = _("The last day lies before the first.")
    if refusal is None and responsible and not movers_of(responsible, round_):
        refusal = _("This person has nothing to do with the round; give her a seat first.")
    if refusal is not None:
        raise RoundRefused(refusal)
    with transaction.atomic():
        step = take_turn(round_)
        before = _said(step)
        step.starts_on, step.ends_on = starts_on, ends_on
        step.responsible, step.note = responsible, note.strip()
        if _said(step) == before:
            return step
        step.save(update_fields=["starts_on", "ends_on", "responsible", "note"])
        if step.stage == Stage.MONITORING:
            round_.monitoring_from_on, round_.monitoring_to_on = starts_on, ends_on
            round_.save(update_fields=["monitoring_from_on", "monitoring_to_on"])
        _record(round_, audit.Verb.CHANGED, before=before, after=_said(step), note="", by=by, at=at)
    return step


def _standing(round_: Round, condition: Condition, today: date) -> Standing:
    """The condition as it stands; refused where nobody asks for it, or not yet."""
    for standing in read_standings(round_, today=today):
        if standing.condition.pk == condition.pk:
            return standing
    raise RoundRefused(_("This condition is not asked in the stages that the round has reached."))


def _said(step: RoundStep) -> dict[str, object]:
    return {
        "step": step.number,
        "starts_on": step.starts_on,
        "ends_on": step.ends_on,
        "responsible": step.responsible.name if step.responsible else "",
        "note": step.note,
    }


def _record(
    round_: Round,
    verb: str,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object],
    note: str,
    by: audit.Actor,
    at: datetime,
) -> None:
    audit.record(
        by=by,
        at=at,
        verb=verb,
        thing=round_,
        plant=round_.plant,
        before=before,
        after=after,
        note=note,
    )
