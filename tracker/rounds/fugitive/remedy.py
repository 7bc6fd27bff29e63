"""Say how a fault is remedied, by when, and that it is done."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker import audit
from tracker.rounds.fugitive.rights import CheckRefused, checking, locked
from tracker.rounds.models import CheckResult, FugitiveCheck


def plan_remedy(
    *, check: FugitiveCheck, remedy: str, due_on: date, by: audit.Actor, at: datetime
) -> None:
    """Say what will be done about a fault, and by when; refuses with ``CheckRefused``.

    What was said before is in the event.
    """
    remedy = remedy.strip()
    if not remedy:
        raise CheckRefused(_("Say what will be done."))
    if due_on < timezone.localdate(check.checked_at):
        raise CheckRefused(_("The remedy would be due before the fault was seen."))
    _write(check, {"remedy": remedy, "remedy_due_on": due_on}, by=by, at=at)


def mark_remedied(
    *, check: FugitiveCheck, remedy: str, remedied_on: date, by: audit.Actor, at: datetime
) -> None:
    """Say that a fault is remedied, how, and since when; refuses with ``CheckRefused``.

    The item is not in order by that: somebody looks at it again.
    """
    remedy = remedy.strip() or check.remedy
    if not remedy:
        raise CheckRefused(_("Say what was done."))
    if remedied_on < timezone.localdate(check.checked_at):
        raise CheckRefused(_("It would have been remedied before it was seen."))
    if remedied_on > timezone.localdate(at):
        raise CheckRefused(_("The day lies ahead."))
    _write(check, {"remedy": remedy, "remedied_on": remedied_on}, by=by, at=at)


def _write(
    check: FugitiveCheck, values: dict[str, object], *, by: audit.Actor, at: datetime
) -> None:
    """Compare and set: a fault that somebody else has closed meanwhile stays as it is."""
    if check.result != CheckResult.FAULT:
        raise CheckRefused(_("Only a fault has a remedy."))
    with transaction.atomic():
        found = locked(check.source.round)
        checking(by, found)
        before = {name: getattr(check, name) for name in values}
        open_faults = FugitiveCheck.objects.with_open_faults()
        if not open_faults.filter(pk=check.pk, **before).update(**values):
            raise CheckRefused(_("Somebody else has written about this fault meanwhile."))
        for name, value in values.items():
            setattr(check, name, value)
        audit.record(
            by=by,
            at=at,
            verb=audit.Verb.CHANGED,
            thing=check,
            plant=found.plant,
            before=before,
            after=values,
        )
