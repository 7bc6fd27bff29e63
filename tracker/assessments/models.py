"""Decisions as rows: each review binds to the submission that the reviewer saw."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
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


class ReviewCorrectionQuerySet(models.QuerySet["ReviewCorrection"]):
    def in_order(self) -> Self:
        """As they were made, with the people; the last of a review's is what stands."""
        return self.select_related("reviewed_by", "superior").order_by("review_id", "number")


class ReviewCorrection(models.Model):
    """A decision put right by a new one, on a superior's word. Never changed; the old one stays.

    ``number`` counts a review's corrections: of two that put right the same decision the database
    takes one. ``seen_digest`` stands for the files that the new decision rests on.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="corrections")
    number = models.PositiveSmallIntegerField()
    decision = models.CharField(max_length=6, choices=Decision.choices)
    reason = models.TextField()
    superior = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    seen_digest = models.CharField(max_length=64)
    reviewed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField()

    objects = ReviewCorrectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="review_correction_number_of_its_review", fields=["review", "number"]
            ),
            models.CheckConstraint(name="review_correction_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="review_correction_has_another_superior",
                condition=~Q(superior=F("reviewed_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review.submission}: {self.get_decision_display()}"


CLAIM_LASTS = timedelta(minutes=30)


class ReviewClaimQuerySet(models.QuerySet["ReviewClaim"]):
    def standing(self, *, now: datetime) -> Self:
        """Acted on within the last half hour. The Python twin is ``stands``."""
        return self.filter(acted_at__gt=now - CLAIM_LASTS)

    def with_people(self) -> Self:
        return self.select_related("person", "taken_from")

    def of_others(self, person: Person) -> Self:
        return self.exclude(person=person)


class ReviewClaim(models.Model):
    """Who is at a submission now. It keeps others away until half an hour after her last action.

    A claim that was taken over names whom it was taken from. It is no proof of anything: it goes
    with the decision, or when its officer opens something else.
    """

    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="claim")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    claimed_at = models.DateTimeField()
    acted_at = models.DateTimeField()
    taken_from = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )

    objects = ReviewClaimQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.submission}: {self.person}"

    def stands(self, *, now: datetime) -> bool:
        return self.acted_at > now - CLAIM_LASTS
