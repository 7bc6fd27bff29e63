"""Decisions as rows: each review binds to the submission that the reviewer saw."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from plants.models import Person
from plants.models.people import plants_of
from tracker.evidence.models import Submission


class Decision(models.TextChoices):
    ACCEPT = "accept", _("accepted")
    RETURN = "return", _("returned")


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(plants_of(person, "submission__obligation__plant__"))


class Review(models.Model):
    """An officer's decision on one submission. Never changed; a return has a reason.

    ``seen_digest`` stands for the files that it rests on (see ``tracker.assessments.seen``).
    """

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="review")
    decision = models.CharField(max_length=6, choices=Decision.choices)
    reason = models.TextField(blank=True, default="")
    seen_digest = models.CharField(max_length=64)
    reviewed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField()

    objects = ReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="review_return_has_a_reason",
                condition=Q(decision="accept") | ~Q(reason=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.submission}: {self.get_decision_display()}"
