"""Addresses that mails came back from."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from plants.models import Person
from tracker.reminders.models.messages import Message


class FaultKind(models.TextChoices):
    """What a report comes to. Only a mark keeps reminders from going to the address."""

    MARK = "mark", _("marks the address")
    REPEATED = "repeated", _("says again what is known")
    SOFT = "soft", _("may pass by itself")
    UNCONFIRMED = "unconfirmed", _("about no mail of ours")


class FaultSource(models.TextChoices):
    MAILBOX = "mailbox", _("the mailbox for reports")
    PROVIDER = "provider", _("the mail provider")


class AddressFaultQuerySet(models.QuerySet["AddressFault"]):
    def standing(self) -> Self:
        """Marks that nobody has cleared."""
        return self.filter(kind=FaultKind.MARK, cleared_at__isnull=True)


class AddressFault(models.Model):
    """One report that a mail could not be delivered to an address, in the reporter's words.

    ``key`` is made of the report itself, so that one that is read twice is kept once. Rows are
    never deleted. Of an address at most one mark stands.
    """

    address = models.EmailField()
    kind = models.CharField(max_length=12, choices=FaultKind.choices)
    said = models.CharField(max_length=300, blank=True, default="")
    code = models.CharField(max_length=20, blank=True, default="")
    source = models.CharField(max_length=10, choices=FaultSource.choices)
    key = models.CharField(max_length=64, unique=True)
    reported_at = models.DateTimeField()
    message = models.ForeignKey(
        Message, on_delete=models.PROTECT, null=True, blank=True, related_name="address_faults"
    )
    told_at = models.DateTimeField(null=True, blank=True)
    cleared_at = models.DateTimeField(null=True, blank=True)
    cleared_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = AddressFaultQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="address_fault_one_standing_mark",
                fields=["address"],
                condition=Q(kind="mark", cleared_at__isnull=True),
            ),
            models.CheckConstraint(
                name="address_fault_marks_by_a_mail_of_ours",
                condition=~Q(kind="mark") | Q(message__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="address_fault_newest", fields=["address", "-reported_at"]),
            models.Index(
                name="address_fault_to_tell",
                fields=["reported_at"],
                condition=Q(kind="mark", told_at__isnull=True, cleared_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.code} {self.said}"
