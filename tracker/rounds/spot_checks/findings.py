"""What a check found wrong, the plant's remedy, and whether an officer confirms it."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from tracker import audit
from tracker.rounds.models import FindingState, SpotCheck, SpotFinding
from tracker.rounds.spot_checks.rights import (
    SpotCheckRefused,
    person_of,
    refuse,
    why_not_decide,
    why_not_inspect,
    why_not_tell,
)


def add_finding(
    check: SpotCheck,
    *,
    part: str,
    text: str,
    due_on: date,
    clause: str = "",
    by: audit.Actor,
    at: datetime,
) -> SpotFinding:
    """One thing that is wrong, to be remedied by a day that the inspector sets."""
    person, text = person_of(by), text.strip()
    refuse(why_not_inspect(person, check))
    if check.done_on is None:
        raise SpotCheckRefused(_("First write down when the check was made and what was seen."))
    if not text:
        raise SpotCheckRefused(_("Say what is wrong."))
    if due_on < check.done_on:
        raise SpotCheckRefused(_("The remedy would be due before the fault was seen."))
    with transaction.atomic():
        SpotCheck.objects.select_for_update(no_key=True, of=("self",)).get(pk=check.pk)
        last = check.findings.aggregate(last=Max("number"))["last"] or 0
        found = SpotFinding.objects.create(
            check_of=check,
            number=last + 1,
            part=part,
            text=text,
            clause=clause.strip(),
            due_on=due_on,
            found_by=person,
            found_at=at,
            state_since_at=at,
        )
        after = {"part": part, "text": text, "clause": found.clause, "due_on": due_on}
        audit.record(
            by=by, at=at, verb=audit.Verb.FOUND, thing=found, plant=check.plant, after=after
        )
    return found


def tell_remedy(finding: SpotFinding, *, remedy: str, by: audit.Actor, at: datetime) -> None:
    """The plant says what was done; an officer decides whether that is enough."""
    person, remedy = person_of(by), remedy.strip()
    refuse(why_not_tell(person, finding))
    if not remedy:
        raise SpotCheckRefused(_("Say what was done."))
    values = {"remedy": remedy, "told_by": person, "told_at": at}
    _move(
        finding,
        start=FindingState.OPEN,
        end=FindingState.TOLD,
        verb=audit.Verb.TOLD_REMEDY,
        values=values,
        note=remedy,
        by=by,
        at=at,
    )


def confirm_remedy(finding: SpotFinding, *, by: audit.Actor, at: datetime) -> None:
    """The fault is no more: the finding is settled."""
    person = person_of(by)
    refuse(why_not_decide(person, finding))
    _move(
        finding,
        start=FindingState.TOLD,
        end=FindingState.CONFIRMED,
        verb=audit.Verb.CONFIRMED,
        values={"decided_by": person, "decided_at": at},
        note="",
        by=by,
        at=at,
    )


def return_remedy(finding: SpotFinding, *, reason: str, by: audit.Actor, at: datetime) -> None:
    """It is not enough; the plant reads why, and the deadline stays as it was."""
    person, reason = person_of(by), reason.strip()
    refuse(why_not_decide(person, finding))
    if not reason:
        raise SpotCheckRefused(_("Say why the remedy is not enough."))
    _move(
        finding,
        start=FindingState.TOLD,
        end=FindingState.OPEN,
        verb=audit.Verb.NOT_REMEDIED,
        values={"decided_by": person, "decided_at": at, "returned_reason": reason},
        note=reason,
        by=by,
        at=at,
    )


def _move(
    finding: SpotFinding,
    *,
    start: FindingState,
    end: FindingState,
    verb: str,
    values: dict[str, object],
    note: str,
    by: audit.Actor,
    at: datetime,
) -> None:
    """Compare and set, on the state and since when it stands: also to and fro it has moved."""
    with transaction.atomic():
        there = SpotFinding.objects.filter(
            pk=finding.pk, state=start, state_since_at=finding.state_since_at
        )
        if not there.update(state=end, state_since_at=at, **values):
            raise SpotCheckRefused(_("Somebody else has moved this finding meanwhile."))
        finding.refresh_from_db()
        audit.record(
            by=by,
            at=at,
            verb=verb,
            thing=finding,
            plant=finding.check_of.plant,
            before={"finding": start.value},
            after={"finding": end.value},
            note=note,
        )
