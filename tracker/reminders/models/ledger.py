"""Promised messages as rows: what each was for, and what became of it."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from plants.models import Membership, Person, Role
from tracker.assessments.models import Review
from tracker.audit import Event
from tracker.obligations.models import OWED, Obligation, State
from tracker.regulations.models import Correction, exactly_one
from tracker.reminders.models.messages import Message


class ReminderState(models.TextChoices):
    PLANNED = "planned", _("planned")
    CLAIMED = "claimed", _("claimed")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


class Kind(models.TextChoices):
    """What a promise is about."""

    DUE = "due", _("due date")
    ESCALATION = "escalation", _("overdue, told above")
    WAITING = "waiting", _("waits for review")
    REVIEW = "review", _("decision")
    CHANGE = "change", _("change")
    RULE = "rule", _("rule put right")


class LetterKind(models.TextChoices):
    """Which mail a promise goes out with. ``none``: she wants it in her inbox only."""

    DIGEST = "digest", _("daily digest")
    RETURNED = "returned", _("returned")
    AT_ONCE = "at_once", _("news that can't wait")
    ESCALATION = "escalation", _("escalation")
    NONE = "none", _("inbox only")


OF_LADDERS = frozenset({Kind.DUE, Kind.ESCALATION, Kind.WAITING})


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def planned(self) -> Self:
        return self.filter(state=ReminderState.PLANNED)

    def cancelled(self) -> Self:
        """By what became of the obligation; what somebody called off never comes again."""
        return self.filter(state=ReminderState.CANCELLED, called_off_at__isnull=True)

    def to_try(self, *, now: datetime) -> Self:
        """Planned, and not waiting for another attempt."""
        return self.planned().filter(next_attempt_at__lte=now)

    def of_ladders(self) -> Self:
        """Rungs; the others tell of a decision, a change or a rule."""
        return self.filter(kind__in=OF_LADDERS)

    def of_changes(self) -> Self:
        return self.filter(kind=Kind.CHANGE)

    def of_corrections(self) -> Self:
        return self.filter(kind=Kind.RULE)

    def of_reviews(self) -> Self:
        return self.filter(kind=Kind.REVIEW)

    def in_inbox_of(self, person: Person) -> Self:
        """What was promised to her and stands, or what she wants to read on the site only."""
        return self.filter(person=person).exclude(
            ~Q(letter=LetterKind.NONE), state=ReminderState.CANCELLED
        )

    def still_right(self) -> Self:
        """Of the ladders: in the state and on the day that were told, and to whom it concerns."""
        answering = Exists(_posts_answering())
        overseeing = Exists(_posts_overseeing())
        owed = Q(obligation__state__in=OWED, obligation__due_on=F("due_on"))
        handed_in = TruncDate("obligation__state_changed_at")
        waits = Q(obligation__state=State.SUBMITTED, handed_in_on=F("due_on"))
        return (
            self.alias(handed_in_on=handed_in)
            .filter(person__is_active=True)
            .filter(
                Q(answering, owed, kind=Kind.DUE)
                | Q(overseeing, owed, kind=Kind.ESCALATION)
                | Q(overseeing, waits, kind=Kind.WAITING)
            )
        )


def _posts_answering() -> QuerySet[Membership]:
    return Membership.objects.filter(person=OuterRef("person")).filter(
        Q(role=Role.MANAGER, plant=OuterRef("obligation__plant"))
        | Q(role=Role.GROUP_MANAGER, company=OuterRef("obligation__plant__company"))
    )


def _posts_overseeing() -> QuerySet[Membership, Any]:
    path = ExpressionWrapper(OuterRef("obligation__plant__authority__path"), CharField())
    officers = Membership.objects.filter(role=Role.OFFICER, person=OuterRef("person"))
    return officers.annotate(path=path).filter(path__startswith=F("authority__path"))


class Reminder(models.Model):
    """One promise: this obligation, to this person, for this rung of the ladder and due date.

    ``rung`` is the number of days before (30, 7, 1, 0) or after (-7, -14 …) the day ``due_on``: the
    obligation's due date, or of what waits for review the day on which it was handed in. A
    ``review`` tells the submitter of a decision instead, an ``event`` of a change of the
    obligation; then ``rung`` is empty. ``correction`` is a rule that was put right, which is about
    no one obligation and day. It is in the person's inbox from the moment it is planned; the mail
    goes from ``next_attempt_at`` on. Where an administrator
    called it off, ``called_off_at`` is set, and the trail has the reason. Rows are never deleted:
    they are the proof.
    """

    kind = models.CharField(max_length=10, choices=Kind.choices)
    letter = models.CharField(max_length=10, choices=LetterKind.choices)

    obligation = models.ForeignKey(
        Obligation, on_delete=models.PROTECT, null=True, blank=True, related_name="reminders"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reminders")
    rung = models.SmallIntegerField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    review = models.ForeignKey(
        Review, on_delete=models.PROTECT, null=True, blank=True, related_name="reminders"
    )
    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, null=True, blank=True, related_name="reminders"
    )
    correction = models.ForeignKey(
        Correction, on_delete=models.PROTECT, null=True, blank=True, related_name="reminders"
    )
    state = models.CharField(
        max_length=10, choices=ReminderState.choices, default=ReminderState.PLANNED
    )
    planned_at = models.DateTimeField()
    claim = models.UUIDField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    fault = models.TextField(blank=True, default="")
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    called_off_at = models.DateTimeField(null=True, blank=True)
    message = models.ForeignKey(
        Message, on_delete=models.PROTECT, null=True, blank=True, related_name="reminders"
    )

    objects = ReminderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="reminder_once_for_a_rung",
                fields=["obligation", "person", "kind", "rung", "due_on"],
                condition=Q(rung__isnull=False),
            ),
            models.UniqueConstraint(
                name="reminder_once_for_a_review",
                fields=["review", "person"],
                condition=Q(review__isnull=False),
            ),
            models.UniqueConstraint(
                name="reminder_once_for_an_event",
                fields=["event", "person"],
                condition=Q(event__isnull=False),
            ),
            models.UniqueConstraint(
                name="reminder_once_for_a_correction",
                fields=["correction", "person"],
                condition=Q(correction__isnull=False),
            ),
            models.CheckConstraint(
                name="reminder_has_one_occasion",
                condition=exactly_one("rung", "review", "event", "correction"),
            ),
            models.CheckConstraint(
                name="reminder_kind_is_its_occasions",
                condition=Q(kind__in=["due", "escalation", "waiting"], rung__isnull=False)
                | Q(kind="review", review__isnull=False)
                | Q(kind="change", event__isnull=False)
                | Q(kind="rule", correction__isnull=False),
            ),
            models.CheckConstraint(
                name="reminder_names_its_obligation_and_day",
                condition=Q(correction__isnull=False, obligation__isnull=True, due_on__isnull=True)
                | Q(correction__isnull=True, obligation__isnull=False, due_on__isnull=False),
            ),
            models.CheckConstraint(
                name="reminder_sent_has_its_message",
                condition=~Q(state="sent") | Q(sent_at__isnull=False, message__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="reminder_to_send", fields=["state", "person", "next_attempt_at"]),
            models.Index(
                name="reminder_unread", fields=["person"], condition=Q(read_at__isnull=True)
            ),
            models.Index(name="reminder_inbox", fields=["person", "-planned_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.obligation or self.correction} → {self.person} ({self.rung})"
