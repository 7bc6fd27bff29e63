"""Channels beside mail and inbox: a group's robot or a webhook, and what was promised to each."""

from datetime import datetime
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from plants.models import Authority, Person, Plant, Role
from plants.models.people import plants_of
from tracker.regulations.models import exactly_one

FOR_ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})


class ChannelKind(models.TextChoices):
    DINGTALK = "dingtalk", _("DingTalk robot")
    WECOM = "wecom", _("WeCom robot")
    FEISHU = "feishu", _("Feishu robot")
    WEBHOOK = "webhook", _("webhook")


class ChannelQuerySet(models.QuerySet["Channel"]):
    def administered_by(self, person: Person) -> Self:
        """Of the authorities that she is an administrator of, of those below, and their plants."""
        return self.filter(
            plants_of(person, "plant__", roles=FOR_ADMINISTRATORS) | _offices(person)
        )

    def standing(self) -> Self:
        return self.filter(ended_at__isnull=True)


def _offices(person: Person) -> Q:
    own = [
        post.authority
        for post in person.posts()
        if post.role == Role.ADMINISTRATOR and post.authority is not None
    ]
    return Q(authority__in=Authority.objects.under(own)) if person.is_active else Q(pk__in=[])


class Channel(models.Model):
    """Where a group reads what its plants owe: those under one authority, or one plant.

    Its address and its secret are locked (``tracker.vault``); ``host`` and the last four letters
    of the secret, or of a robot's token, are what pages show. A row is never deleted or changed
    but for its end: another address is another channel.
    """

    authority = models.ForeignKey(
        Authority, on_delete=models.PROTECT, null=True, blank=True, related_name="channels"
    )
    plant = models.ForeignKey(
        Plant, on_delete=models.PROTECT, null=True, blank=True, related_name="channels"
    )
    kind = models.CharField(max_length=10, choices=ChannelKind.choices)
    name = models.CharField(max_length=80)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    locked_address = models.TextField()
    locked_secret = models.TextField(blank=True, default="")
    host = models.CharField(max_length=255)
    ending = models.CharField(max_length=4)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("of messages", "channel")
        constraints = [
            models.CheckConstraint(
                name="channel_has_one_scope", condition=exactly_one("authority", "plant")
            ),
            models.CheckConstraint(
                name="channel_end_is_somebodys",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        words = {"kind": self.get_kind_display(), "name": self.name, "scope": self.scope}
        return gettext("%(kind)s %(name)s (%(scope)s)") % words

    @property
    def scope(self) -> Authority | Plant:
        """What its messages are about."""
        scope = self.authority or self.plant
        if scope is None:
            raise ValueError("A channel has a scope.")
        return scope

    def plants(self, prefix: str = "") -> Q:
        """Its plants, as a condition on a model that reaches a plant by the prefix."""
        if self.authority is not None:
            return Q(**{f"{prefix}authority__path__startswith": self.authority.path})
        return Q(**{f"{prefix}pk": self.plant_id})


class PostKind(models.TextChoices):
    """What a promise to a channel is about."""

    DAILY = "daily", _("daily digest")
    ESCALATION = "escalation", _("escalation")
    RETURNED = "returned", _("returned")
    TEST = "test", pgettext_lazy("message", "test")


class PostState(models.TextChoices):
    PLANNED = "planned", _("planned")
    CLAIMED = "claimed", _("claimed")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


class ChannelPostQuerySet(models.QuerySet["ChannelPost"]):
    def waiting(self) -> Self:
        return self.filter(state__in=(PostState.PLANNED, PostState.CLAIMED))

    def to_try(self, *, now: datetime) -> Self:
        """Planned, and not waiting for another attempt."""
        return self.filter(state=PostState.PLANNED, next_attempt_at__lte=now)


class ChannelPost(models.Model):
    """One promise: this occasion, to this channel, once; kept for ever as the proof.

    ``occasion`` is the day (2026-09-01) of what is daily, the review of what was returned, and the
    minute of a test. ``delivery`` is the same at each attempt, so that a receiver can drop doubles.
    ``answer_status`` and ``answer`` are the last that the other side said: the status and the first
    line. Cancelled is what was settled before it went, and what was left when the channel ended.
    """

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="posts")
    kind = models.CharField(max_length=10, choices=PostKind.choices)
    occasion = models.CharField(max_length=20)
    delivery = models.UUIDField(default=uuid4, unique=True)
    state = models.CharField(max_length=10, choices=PostState.choices, default=PostState.PLANNED)
    planned_at = models.DateTimeField()
    claim = models.UUIDField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    fault = models.TextField(blank=True, default="")
    answer_status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.CharField(max_length=300, blank=True, default="")
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = ChannelPostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="channel_post_once_for_an_occasion", fields=["channel", "kind", "occasion"]
            ),
            models.CheckConstraint(
                name="channel_post_sent_has_its_time",
                condition=~Q(state="sent") | Q(sent_at__isnull=False),
            ),
        ]
        indexes = [models.Index(name="channel_post_to_send", fields=["state", "next_attempt_at"])]

    def __str__(self) -> str:
        return f"{self.channel.name}: {self.get_kind_display()} {self.occasion}"
