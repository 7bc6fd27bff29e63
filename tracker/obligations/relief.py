"""Extensions and waivers: a plant asks, its officer decides, an authority above agrees if need be.

Nothing is edited: a request and each decision on it are rows, and the day that was moved stays in
the request, in the obligation's reason and in its history.
"""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from plants.models import Authority, Person
from tracker import audit
from tracker.obligations.models import (
    OWED,
    PENDING,
    Obligation,
    Relief,
    ReliefDecision,
    ReliefKind,
    ReliefState,
    State,
)
from tracker.obligations.new_day import why_not_new_day, why_too_late
from tracker.obligations.schedule import schedule_obligations, take_turn
from tracker.obligations.states import move


class ReliefRefused(Exception):
    """It can't be asked or decided; the sentence says why, in the reader's language."""


class StaleRelief(Exception):
    """Somebody else decided on the request in between; ``relief`` is as it is now."""

    def __init__(self, relief: Relief) -> None:
        super().__init__(f"relief {relief.pk} is {relief.state} now")
        self.relief = relief


def why_not_ask(
    person: Person, obligation: Obligation, *, pending: bool | None = None
) -> str | None:
    """Why this person can't ask for relief now; None if she can.

    The plant's people ask, or an officer proposes; then another officer decides. ``pending`` saves
    looking again whether a request waits.
    """
    if not (person.answers_for(obligation.plant) or person.oversees(obligation.plant)):
        return _("Only the plant's manager, its group's manager or its officer can ask.")
    if obligation.state == State.SUBMITTED:
        return _("It has been submitted and waits for review; ask again if it is returned.")
    if obligation.state not in OWED:
        return _("It is settled; there is nothing to extend or waive.")
    if obligation.reliefs.pending().exists() if pending is None else pending:
        return _("A request waits for a decision already.")
    return None


def ask_relief(
    *,
    obligation: Obligation,
    kind: str,
    new_due_on: date | None,
    reason: str,
    token: UUID,
    by: audit.Actor,
    at: datetime,
    today: date,
) -> Relief:
    """Ask for a later day (``new_due_on``) or to be let off (a waiver, without a day).

    The same ``token`` again (a form sent twice) gives the request that is there. Refuses with
    ``ReliefRefused``. The obligation stays owed, and its reminders go on, until it is decided.
    """
    earlier = Relief.objects.filter(obligation=obligation, token=token).first()
    if earlier is not None:
        return earlier
    person, reason = by.person, reason.strip()
    if person is None:
        raise ReliefRefused(_("Only a person can ask."))
    with transaction.atomic():
        _lock(obligation)
        _refuse(
            why_not_ask(person, obligation)
            or _why_not_so(obligation, kind, new_due_on, reason, today)
        )
        relief = Relief.objects.create(
            obligation=obligation,
            kind=kind,
            due_on_before=obligation.due_on,
            new_due_on=new_due_on,
            reason=reason,
            token=token,
            asked_by=person,
            asked_at=at,
            state_changed_at=at,
        )
        _record(relief, verb=audit.Verb.ASKED, by=by, at=at, note=reason)
    return relief


def why_not_decide(person: Person, relief: Relief) -> str | None:
    """Why this person can't decide now; None if she can. Four eyes: nobody decides twice."""
    if relief.state not in PENDING:
        return _("It is decided already.")
    office = _office(person, relief)
    if office is None:
        return _("Only an officer of the plant's authority can decide.")
    if relief.asked_by_id == person.pk:
        return _("You asked for it yourself; another officer has to decide.")
    agreed = relief.agreed_authority
    if agreed is not None:
        if relief.decisions.filter(decided_by=person).exists():
            return _("You agreed to it already; another officer has to decide.")
        if agreed.path == office.path or not agreed.path.startswith(office.path):
            return _("Your authority agreed already; now the authority above decides.")
    return None


def needs_above(relief: Relief, office: Authority) -> bool:
    """Whether this authority's word is not enough: too long a time, or a waiver under a limit.

    Counted from the day before the first extension, so that many short ones are no way around it.
    """
    limit = office.grants_alone_days
    if office.parent_id is None or limit is None:
        return False
    if relief.new_due_on is None:
        return True
    first = relief.obligation.reliefs.extending().first()
    counted_from = first.due_on_before if first else relief.due_on_before
    return (relief.new_due_on - counted_from).days > limit


def decide_relief(
    *, relief: Relief, granted: bool, reason: str, by: audit.Actor, at: datetime, today: date
) -> Relief:
    """Grant or refuse, in the highest office that the officer holds over the plant.

    A grant that goes beyond what that authority may give alone leaves the request waiting for the
    authority above. An extension re-dates its obligation, a waiver settles it, in the same
    transaction. ``ReliefRefused`` for who may not, and for a refusal without a reason;
    ``StaleRelief`` if it was decided meanwhile.
    """
    person, reason = by.person, reason.strip()
    refusal = _("Only a person can decide.") if person is None else why_not_decide(person, relief)
    if refusal is None and not granted and not reason:
        refusal = _("Say why it is refused, so that the plant understands.")
    if person is None or refusal is not None:
        raise ReliefRefused(refusal or "")
    office = _office(person, relief)
    assert office is not None  # noqa: S101 (why_not_decide has looked)
    with transaction.atomic():
        take_turn([relief.obligation.plant_id])
        _lock(relief.obligation)
        if granted and relief.obligation.state not in OWED:
            _refuse(_("It is owed no more: there is nothing to extend or waive."))
        if granted and relief.new_due_on is not None:
            _refuse(why_too_late(relief.new_due_on, relief.due_on_before, today=today))
        above = granted and needs_above(relief, office)
        outcome = ReliefState.AGREED if above else ReliefState.GRANTED
        _move(
            relief,
            to=outcome if granted else ReliefState.REFUSED,
            at=at,
            agreed=office if granted else relief.agreed_authority,
        )
        ReliefDecision.objects.create(
            relief=relief,
            granted=granted,
            authority=office,
            reason=reason,
            decided_by=person,
            decided_at=at,
        )
        _carry_out(relief, reason=reason, by=by, at=at, today=today)
    return relief


def take_back_relief(*, relief: Relief, by: audit.Actor, at: datetime) -> None:
    """The plant, or who asked, takes a request back before it is decided."""
    person = by.person
    plant = relief.obligation.plant
    if person is None or not (relief.asked_by_id == person.pk or person.answers_for(plant)):
        raise ReliefRefused(_("Only who asked, or the plant's manager, can take it back."))
    with transaction.atomic():
        _move(relief, to=ReliefState.TAKEN_BACK, at=at, agreed=relief.agreed_authority)
        _record(relief, verb=audit.Verb.TOOK_BACK, by=by, at=at)


def _why_not_so(
    obligation: Obligation, kind: str, new_due_on: date | None, reason: str, today: date
) -> str | None:
    """What is wrong with the request itself."""
    if not reason:
        return _("Say why: without a reason nobody can decide.")
    if kind == ReliefKind.WAIVER:
        return None if new_due_on is None else _("A waiver has no new day.")
    if new_due_on is None:
        return _("Say until when.")
    return why_not_new_day(new_due_on, obligation.due_on, today=today)


def _refuse(sentence: str | None) -> None:
    if sentence is not None:
        raise ReliefRefused(sentence)


def _office(person: Person, relief: Relief) -> Authority | None:
    """The highest authority over the plant that she is an officer of."""
    offices = person.offices_over(relief.obligation.plant)
    return offices[-1] if offices else None


def _lock(obligation: Obligation) -> None:
    """Lock the obligation's row and read its state and day anew."""
    locked = Obligation.objects.select_for_update(no_key=True).filter(pk=obligation.pk)
    obligation.state, obligation.due_on = locked.values_list("state", "due_on").get()


def _move(relief: Relief, *, to: str, at: datetime, agreed: Authority | None) -> None:
    """Compare-and-set from the state and agreement that the request was read with."""
    there = Relief.objects.filter(
        pk=relief.pk, state=relief.state, agreed_authority=relief.agreed_authority_id
    )
    if relief.state not in PENDING or not there.update(
        state=to, state_changed_at=at, agreed_authority=agreed
    ):
        raise StaleRelief(Relief.objects.get(pk=relief.pk))
    relief.state, relief.state_changed_at, relief.agreed_authority = to, at, agreed


def _carry_out(relief: Relief, *, reason: str, by: audit.Actor, at: datetime, today: date) -> None:
    """What the decision does to the obligation, and its line in the history."""
    obligation = relief.obligation
    if relief.state == ReliefState.GRANTED and relief.kind == ReliefKind.WAIVER:
        note = reason or relief.reason
        move(obligation, to=State.WAIVED, verb=audit.Verb.WAIVED, by=by, at=at, note=note)
        return
    verbs = {
        ReliefState.GRANTED: audit.Verb.EXTENDED,
        ReliefState.AGREED: audit.Verb.AGREED,
        ReliefState.REFUSED: audit.Verb.REFUSED,
    }
    _record(relief, verb=verbs[ReliefState(relief.state)], by=by, at=at, note=reason)
    if relief.state == ReliefState.GRANTED:
        # One place works out dates: the granted extension is a fact that it reads.
        schedule_obligations(today=today, by=by, at=at, plants=[obligation.plant])
        obligation.refresh_from_db(fields=["due_on", "due_basis_zh", "due_basis_en"])


def _record(relief: Relief, *, verb: str, by: audit.Actor, at: datetime, note: str = "") -> None:
    obligation = relief.obligation
    audit.record(
        by=by,
        at=at,
        verb=verb,
        thing=obligation,
        plant=obligation.plant,
        before={"due_on": relief.due_on_before},
        after={"relief": relief.kind, "due_on": relief.new_due_on},
        note=note,
    )
