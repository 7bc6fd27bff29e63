"""Promise what channels are to be told: a row for each channel and occasion, once."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from tracker.assessments.models import Decision, Review
from tracker.reminders.channels.schedule import ChannelDay
from tracker.reminders.channels.told import KINDS, reminded
from tracker.reminders.models import Channel, ChannelPost, Heartbeat, PostKind
from tracker.reminders.nightly import DONE, last_start
from tracker.reminders.notices import NEWS_FOR

TOLD_DAY = "channel-days"


def plan_posts(*, at: datetime) -> int:
    """Add what is missing of the channels' promises; count them. A sweep over what is there.

    Unique for a channel, a kind and an occasion, so that running again, or twice at once, adds
    nothing. The day's are promised in the night's run, or here where that failed or more has come
    until half past eight; of days that were missed only the last. Nothing is promised for what was
    before the channel.
    """
    added = plan_returned(at=at)
    return added + plan_day(at=at) if _day_is_open(at) else added


def plan_day(*, at: datetime) -> int:
    """Promise today's digest and escalations where the night has planned any, on a working day."""
    day = ChannelDay(timezone.localdate(at))
    if not day.is_working:
        return 0
    added = 0
    for channel in _standing():
        if channel.made_at > day.speaks_at:
            continue
        for kind in KINDS:
            if reminded(channel, kind, day, until=day.ends_at(at)).exists():
                speaks_at = max(at, day.speaks_at)
                added += _promise(channel, kind, [day.on.isoformat()], at=at, speaks_at=speaks_at)
    Heartbeat.objects.update_or_create(name=TOLD_DAY, defaults={"at": at})
    return added


def plan_returned(*, at: datetime) -> int:
    """Promise a post for each submission that was returned since the channel is there."""
    added = 0
    for channel in _standing():
        since = max(channel.made_at, at - NEWS_FOR)
        reviews = Review.objects.filter(
            channel.plants("submission__obligation__plant__"),
            decision=Decision.RETURN,
            reviewed_at__gt=since,
        )
        told = set(
            ChannelPost.objects.filter(
                channel=channel, kind=PostKind.RETURNED, planned_at__gt=since
            ).values_list("occasion", flat=True)
        )
        found = [str(pk) for pk in reviews.order_by("pk").values_list("pk", flat=True)]
        untold = [occasion for occasion in found if occasion not in told]
        added += _promise(channel, PostKind.RETURNED, untold, at=at, speaks_at=at)
    return added


def _day_is_open(at: datetime) -> bool:
    """After half past eight, once the night is done, and not looked at since both."""
    day = ChannelDay(timezone.localdate(at))
    times = dict(Heartbeat.objects.filter(name__in=(DONE, TOLD_DAY)).values_list("name", "at"))
    done_at = times.get(DONE)
    if at < day.speaks_at or done_at is None or done_at < last_start(at):
        return False
    return TOLD_DAY not in times or times[TOLD_DAY] < max(day.speaks_at, done_at)


def _standing() -> Iterable[Channel]:
    return Channel.objects.standing().select_related("authority", "plant").order_by("pk")


def _promise(
    channel: Channel, kind: str, occasions: list[str], *, at: datetime, speaks_at: datetime
) -> int:
    """Those that nobody has promised yet; another planner may be at it in the same moment."""
    there = ChannelPost.objects.filter(channel=channel, kind=kind, occasion__in=occasions)
    had = set(there.values_list("occasion", flat=True))
    fresh = [
        ChannelPost(
            channel=channel, kind=kind, occasion=occasion, planned_at=at, next_attempt_at=speaks_at
        )
        for occasion in occasions
        if occasion not in had
    ]
    ChannelPost.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)
