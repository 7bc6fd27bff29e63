"""Calendar feeds."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext

from plants.models import Person


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def standing(self) -> Self:
        """Not revoked."""
        return self.filter(revoked_at__isnull=True)


class CalendarFeed(models.Model):
    """An address that a person's calendar programme reads. Who knows it reads what she may see.

    ``token_hash`` is SHA-256 in hex of the address's secret, which is shown once and never stored;
    it is 256 random bits, so that no salt or slow hash is needed. Rows are kept when revoked.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="calendar_feeds")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="calendar_feed_one_standing_for_a_person",
                fields=["person"],
                condition=Q(revoked_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return gettext("calendar feed of %(name)s") % {"name": self.person}
