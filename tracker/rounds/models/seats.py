"""Who was let in to one round from outside the plant."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from plants.models import Person
from tracker.rounds.models.rounds import Round


class Body(models.TextChoices):
    """What a body was appointed for: a monitoring body has its qualification, a technical body its
    skill (有资质的监测机构和有能力的技术机构)."""

    MONITORING = "monitoring", _("monitoring body")
    TECHNICAL = "technical", _("technical body")


class SeatQuerySet(models.QuerySet["Seat"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(round__in=Round.objects.visible_to(person).values("pk"))

    def standing(self) -> Self:
        """Not ended."""
        return self.filter(ended_at__isnull=True)


class Seat(models.Model):
    """A person of a monitoring or technical body in one round; her rights end with it."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="seats")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="seats")
    body = models.CharField(verbose_name=_("body"), max_length=10, choices=Body.choices)
    organisation = models.CharField(verbose_name=_("organisation"), max_length=200)
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="seat_once_in_a_round",
                fields=["round", "person", "body"],
                condition=Q(ended_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.round}"
