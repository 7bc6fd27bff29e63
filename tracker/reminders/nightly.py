"""The night's run: due once a day from six o'clock on, and caught up when it was missed."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from tracker.reminders.models import Heartbeat

STARTS_AT = time(6, 0)  # in the legal time zone
RUN_LASTS = timedelta(minutes=15)
DONE = "nightly"
TAKEN = "nightly-taken"


def take_night(*, now: datetime) -> bool:
    """Take the run of the last six o'clock, unless it was done or somebody is at it.

    A run that was taken and not finished within 15 minutes may be taken again: it crashed, and
    what it does changes nothing when done twice.
    """
    if Heartbeat.objects.filter(name=DONE, at__gte=last_start(now)).exists():
        return False
    Heartbeat.objects.get_or_create(name=TAKEN, defaults={"at": now - RUN_LASTS})
    free = Heartbeat.objects.filter(name=TAKEN, at__lte=now - RUN_LASTS)
    return free.update(at=now) == 1


def finish_night(*, now: datetime) -> None:
    """Keep that the run that was taken at ``now`` is done."""
    Heartbeat.objects.update_or_create(name=DONE, defaults={"at": now})


def last_start(now: datetime) -> datetime:
    """The last six o'clock in the legal time zone that has come."""
    local = timezone.localtime(now)
    start = datetime.combine(local.date(), STARTS_AT, tzinfo=local.tzinfo)
    return start if start <= local else start - timedelta(days=1)
