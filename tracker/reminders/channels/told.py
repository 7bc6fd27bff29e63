"""What a post says: how many, and the twenty that press most; read in the moment of sending."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from tracker.assessments.models import Review
from tracker.obligations.models import OWED, Obligation, ObligationQuerySet, State
from tracker.reminders.channels.schedule import ChannelDay
from tracker.reminders.models import (
    Channel,
    ChannelPost,
    Kind,
    PostKind,
    Reminder,
    ReminderState,
)

MOST_ITEMS = 20
KINDS = {
    PostKind.DAILY: (Kind.DUE, Kind.WAITING),
    PostKind.ESCALATION: (Kind.ESCALATION,),
}


@dataclass(frozen=True)
class Item:
    """One obligation; ``days`` are those left on the occasion's day, below nought those over."""

    obligation: int
    title: str
    plant_code: str
    plant_name: str
    due_on: date
    state: str
    days: int
    url: str


@dataclass(frozen=True)
class Told:
    """What one post says, in the language that was active when it was read."""

    kind: str
    occasion: str
    scope_kind: str
    scope_code: str
    scope_name: str
    total: int
    overdue: int
    coming: int
    waiting: int
    items: Sequence[Item]
    url: str


def reminded(
    channel: Channel, kind: str, day: ChannelDay, *, until: datetime
) -> QuerySet[Reminder]:
    """The rungs of this kind, planned for that day at the channel's plants, and right still."""
    return (
        Reminder.objects.still_right()
        .filter(
            channel.plants("obligation__plant__"),
            kind__in=KINDS[PostKind(kind)],
            planned_at__gt=day.begins_at,
            planned_at__lte=until,
        )
        .exclude(state=ReminderState.CANCELLED)
    )


def read_told(post: ChannelPost) -> Told | None:
    """None where nothing is left to tell: all was handed in or settled in the meantime."""
    channel = post.channel
    if post.kind == PostKind.TEST:
        return _told(post, Obligation.objects.none(), timezone.localdate(post.planned_at))
    if post.kind == PostKind.RETURNED:
        found = Obligation.objects.filter(
            channel.plants("plant__"),
            pk__in=Review.objects.filter(pk=post.occasion).values("submission__obligation"),
        )
        return _unless_empty(_told(post, found, timezone.localdate(post.planned_at)))
    day = ChannelDay(date.fromisoformat(post.occasion))
    rows = reminded(channel, post.kind, day, until=day.ends_at(post.planned_at))
    found = Obligation.objects.filter(pk__in=rows.values("obligation"))
    return _unless_empty(_told(post, found, day.on))


def _unless_empty(told: Told) -> Told | None:
    return told if told.total else None


def _told(post: ChannelPost, found: ObligationQuerySet, on: date) -> Told:
    scope = post.channel.scope
    overdue = found.filter(state__in=OWED, due_on__lt=on).count()
    waiting = found.filter(state=State.SUBMITTED).count()
    total = found.count()
    pressing = found.with_subject().order_by("due_on", "pk")[:MOST_ITEMS]
    return Told(
        kind=post.kind,
        occasion=post.occasion,
        scope_kind="plant" if post.channel.plant_id else "authority",
        scope_code=scope.code,
        scope_name=str(scope.name),
        total=total,
        overdue=overdue,
        coming=total - overdue - waiting,
        waiting=waiting,
        items=[_item(obligation, on) for obligation in pressing],
        url=f"{settings.SITE_URL}/",
    )


def _item(obligation: Obligation, on: date) -> Item:
    return Item(
        obligation=obligation.pk,
        title=str(obligation),
        plant_code=obligation.plant.code,
        plant_name=str(obligation.plant.name),
        due_on=obligation.due_on,
        state=obligation.state,
        days=(obligation.due_on - on).days,
        # A room knows no addresses; a test holds this one to what the site answers at.
        url=f"{settings.SITE_URL}/obligations/{obligation.pk}/",
    )
