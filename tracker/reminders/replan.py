"""Plan anew, within the day, what has changed since: dates, answers, decisions, who answers."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from tracker.audit import Event, Verb
from tracker.reminders.models import Heartbeat
from tracker.reminders.plan import plan_reminders

MARK = "replanned"
# A deed is stamped before its transaction stands; one that stood late is looked at once more.
OVERLAP = timedelta(minutes=5)
LONGEST = timedelta(days=2)
AT_ONCE = 2000
MOVING = (
    *(Verb.RE_DATED, Verb.EXTENDED, Verb.WAIVED, Verb.WITHDREW, Verb.RESTORED, Verb.REOPENED),
    *(Verb.SUBMITTED, Verb.RETURNED, Verb.ACCEPTED, Verb.REVISED, Verb.HANDED_OVER),
    *(Verb.LISTED, Verb.DELISTED),
)


def plan_changed(*, at: datetime) -> int:
    """Cancel and plan for the obligations that moved since the last sweep; count what was added.

    What changed longer ago than two days the night's run has planned. Running again adds nothing.
    """
    mark = Heartbeat.objects.filter(name=MARK).values_list("at", flat=True).first()
    since = max(at - LONGEST, (mark or at - LONGEST) - OVERLAP)
    moved = (
        Event.objects.filter(thing_kind="obligation", verb__in=MOVING, at__gt=since)
        .order_by("thing_id")
        .values_list("thing_id", flat=True)
        .distinct()
    )
    added = sum(
        plan_reminders(today=timezone.localdate(at), at=at, only=some)
        for some in _batches(list(moved))
    )
    Heartbeat.objects.update_or_create(name=MARK, defaults={"at": at})
    return added


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
