"""A drawn plant is looked at: what was seen, by whom; or nobody goes there, and why."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker import audit
from tracker.rounds.models import SpotCheck
from tracker.rounds.spot_checks.rights import (
    SpotCheckRefused,
    person_of,
    refuse,
    why_not_give_up_check,
    why_not_inspect,
)


def write_check(
    check: SpotCheck, *, done_on: date, seen: str, by: audit.Actor, at: datetime
) -> None:
    """Say on which day it was made and what was seen; once, by one of its inspectors.

    From now on the plant's people see it. ``SpotCheckRefused`` says why it can't be.
    """
    person, seen = person_of(by), seen.strip()
    refuse(why_not_inspect(person, check))
    if not seen:
        raise SpotCheckRefused(_("Say what was seen."))
    drawn_at = check.draw.carried_out_at
    if drawn_at is not None and done_on < timezone.localdate(drawn_at):
        raise SpotCheckRefused(_("The check would have been made before it was drawn."))
    if done_on > timezone.localdate(at):
        raise SpotCheckRefused(_("The day lies ahead."))
    values = {"done_on": done_on, "seen": seen}
    with transaction.atomic():
        there = SpotCheck.objects.outstanding().filter(pk=check.pk)
        if not there.update(**values, done_by=person, told_at=at):
            raise SpotCheckRefused(_("Somebody else has settled this check meanwhile."))
        check.refresh_from_db()
        audit.record(
            by=by,
            at=at,
            verb=audit.Verb.SPOT_CHECKED,
            thing=check,
            plant=check.plant,
            after=values,
        )


def give_up_check(check: SpotCheck, *, reason: str, by: audit.Actor, at: datetime) -> None:
    """Leave a check that nobody can make; it stays, with the reason.

    The event stands in the site's chain: the plant was not told of the visit.
    """
    person, reason = person_of(by), reason.strip()
    refuse(why_not_give_up_check(person, check))
    if not reason:
        raise SpotCheckRefused(_("Say why: it is shown with the check for ever."))
    with transaction.atomic():
        there = SpotCheck.objects.outstanding().filter(pk=check.pk)
        if not there.update(given_up_at=at, given_up_by=person, given_up_reason=reason):
            raise SpotCheckRefused(_("Somebody else has settled this check meanwhile."))
        check.refresh_from_db()
        after = {"plant": check.plant.code}
        audit.record(by=by, at=at, verb=audit.Verb.GAVE_UP, thing=check, after=after, note=reason)
