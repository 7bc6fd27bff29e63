"""Mails about an account that wait to be sent."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models

from plants.models import Invitation, Person
from tracker.reminders.models import AddressFault
from tracker.rounds.models import Body, Round

# Whoever waits for a link has asked anew by then.
WORTH_SENDING = timedelta(days=1)


class MailKind(models.TextChoices):
    """What a mail about an account is for."""

    RESET = "reset"
    CONFIRM = "confirm"
    NEW_PASSWORD = "new_password"  # noqa: S105 (a kind of mail)
    NEW_ADDRESS = "new_address"
    NEW_BROWSER = "new_browser"
    INVITATION = "invitation"
    FACTOR_ON = "factor_on"
    FACTOR_OFF = "factor_off"
    FACTOR_RESET = "factor_reset"
    NEW_CODES = "new_codes"
    TEST = "test"
    ADDRESS_MARKED = "address_marked"
    SEAT = "seat"


class AccountMailQuerySet(models.QuerySet["AccountMail"]):
    def to_try(self, *, now: datetime) -> Self:
        """Not sent, not dropped, not too old, and nobody is at it."""
        return self.filter(
            sent_at__isnull=True,
            dropped=False,
            next_attempt_at__lte=now,
            planned_at__gt=now - WORTH_SENDING,
        )


class AccountMail(models.Model):
    """A mail that will be written in the moment of sending.

    So no secret lies here, in the queue, or in the outbox: the link is made for the mail server
    only. ``next_attempt_at`` is pushed on by whoever takes the row, which is the claim.
    """

    kind = models.CharField(max_length=16, choices=MailKind.choices)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="account_mails"
    )
    invitation = models.ForeignKey(
        Invitation, on_delete=models.PROTECT, null=True, blank=True, related_name="mails"
    )
    address_fault = models.ForeignKey(
        AddressFault, on_delete=models.PROTECT, null=True, blank=True, related_name="mails"
    )
    to_address = models.EmailField()
    planned_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    fault = models.TextField(blank=True, default="")
    sent_at = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=200, blank=True, default="")
    dropped = models.BooleanField(default=False)

    objects = AccountMailQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="account_mail_for_a_person_or_an_invitation",
                condition=models.Q(person__isnull=True, invitation__isnull=False)
                | models.Q(person__isnull=False, invitation__isnull=True),
            ),
            models.UniqueConstraint(
                name="account_mail_once_for_a_mark",
                fields=["person", "address_fault"],
                condition=models.Q(address_fault__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="account_mail_to_try",
                fields=["next_attempt_at"],
                condition=models.Q(sent_at__isnull=True, dropped=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.to_address}"


class SeatOffer(models.Model):
    """What an invitation promises instead of its role: a seat in one round, and nothing else."""

    invitation = models.OneToOneField(
        Invitation, on_delete=models.PROTECT, related_name="seat_offer"
    )
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="seat_offers")
    body = models.CharField(max_length=10, choices=Body.choices)
    organisation = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.invitation.email} · {self.round}"
