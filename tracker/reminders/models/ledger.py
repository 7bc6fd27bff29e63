"""Promised messages as rows: what each was for, and what became of it."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from plants.models import Membership, Person, Role
from tracker.assessments.models import Review
from tracker.audit import Event
from tracker.obligations.models import OWED, Obligation
from tracker.regulations.models import Correction, exactly_one
from tracker.reminders.models.messages import Message


class ReminderState(models.TextChoices):
    PLANNED = "planned", _("planned")
    CLAIMED = "claimed", _("claimed")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def planned(self) -> Self:
        return self.filter(state=ReminderState.PLANNED)

    def cancelled(self) -> Self:
        """By what became of the obligation; what somebody called off never comes again."""
        return self.filter(state=ReminderState.CANCELLED, called_off_at__isnull=True)

    def to_try(self, *, now: datetime) -> Self:
        """Planned, and not waiting for another attempt."""
        return self.planned().filter(next_attempt_at__lte=now)

    def of_ladder(self) -> Self:
        """Rungs of a due date's ladder; the others tell of a decision, a change or a rule."""
        return self.filter(rung__isnull=False)

    def of_changes(self) -> Self:
        return self.filter(event__isnull=False)

    def of_corrections(self) -> Self:
        return self.filter(correction__isnull=False)

    def of_decision(self, decision: str) -> Self:
        return self.filter(review__decision=decision)

    def still_right(self) -> Self:
        """Of the ladder: still owed, on the same day, and by somebody who answers for the plant."""
        posts = Membership.objects.filter(person=OuterRef("person")).filter(
            Q(role=Role.MANAGER, plant=OuterRef("obligation__plant"))
            | Q(role=Role.GROUP_MANAGER, company=OuterRef("obligation__plant__company"))
        )
        return self.of_ladder().filter(
            Exists(posts),
            obligation__state__in=OWED,
            obligation__due_on=F("due_on"),
            person__is_active=True,
        )


class Reminder(models.Model):
    """One promise: this obligation, to this person, for this rung of the ladder and due date.

    ``rung`` is the number of days before (30, 7, 1, 0) or after (-7, -14 …) the due date; where
    ``review`` is set it tells the submitter of a decision instead, and where ``event`` is, of a
    change of the obligation; then ``rung`` is empty. ``correction`` is a rule that was put right,
    which is about no one obligation and day. Where an administrator called it off,
    ``called_off_at`` is set, and the trail has the reason. Rows are never deleted: they are the
    proof.
    """

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
    called_off_at = models.DateTimeField(null=True, blank=True)
    message = models.ForeignKey(
        Message, on_delete=models.PROTECT, null=True, blank=True, related_name="reminders"
    )

    objects = ReminderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="reminder_once_for_a_rung",
                fields=["obligation", "person", "rung", "due_on"],
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
        ]

    def __str__(self) -> str:
        return f"{self.obligation or self.correction} → {self.person} ({self.rung})"
