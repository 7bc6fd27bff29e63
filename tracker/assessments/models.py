"""Decisions as rows: each review binds to the submission that the reviewer saw."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from plants.models import Authority, Person, Role
from plants.models.people import plants_of
from tracker.evidence.models import Submission
from tracker.obligations.models import Obligation


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


class Answered(models.TextChoices):
    """What became of a proposal at the second level."""

    CONFIRMED = "confirmed", _("confirmed")
    SENT_BACK = "sent_back", _("sent back")
    RETURNED = "returned", _("returned")


def _answered_anew() -> Exists:
    """Of a proposal, whether there is a newer submission than its own."""
    return Exists(
        Submission.objects.filter(
            obligation=OuterRef("submission__obligation"),
            number__gt=OuterRef("submission__number"),
        )
    )


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(plants_of(person, "submission__obligation__plant__"))

    def standing(self) -> Self:
        """They wait for the second level: unanswered, and nothing was submitted anew since.

        Where the requirement asks for one level by now, none waits.
        """
        asks_for_two = Q(submission__obligation__requirement__review_levels__gt=1)
        return self.filter(asks_for_two, ~_answered_anew(), answer="")

    def with_newer(self) -> Self:
        """``is_void`` says of each whether something was submitted anew since."""
        return self.annotate(is_void=_answered_anew())

    def not_for(self, person: Person) -> Self:
        """Another has to confirm them. The Python twin is ``why_not_confirm``."""
        hers = Q(pk__in=[])
        for post in person.posts():
            if post.role == Role.OFFICER and post.authority is not None:
                path = post.authority.path
                above = ~Q(authority__path=path) | Q(authority__parent__isnull=True)
                hers |= Q(authority__path__startswith=path) & above
        return self.filter(~hers | Q(proposed_by=person))

    def with_people(self) -> Self:
        return self.select_related(
            "authority", "proposed_by", "answered_by", "submission__obligation__plant__authority"
        )


class Proposal(models.Model):
    """An officer's word, for an authority, that a submission be accepted; the one above confirms.

    Only the answer is written later, once. ``seen_digest`` stands for the files that it rests on;
    the obligation stays submitted.
    """

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="proposals")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True, default="")
    seen_digest = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    answer = models.CharField(max_length=9, choices=Answered.choices, blank=True, default="")
    reason = models.TextField(blank=True, default="")
    answered_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="proposal_one_unanswered_for_a_submission",
                fields=["submission"],
                condition=Q(answer=""),
            ),
            models.CheckConstraint(
                name="proposal_answer_has_who_and_when",
                condition=Q(answer="", answered_by__isnull=True, answered_at__isnull=True)
                | ~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="proposal_sent_back_has_a_reason",
                condition=~Q(answer="sent_back") | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission}: {self.authority}"


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


class Side(models.TextChoices):
    """For whom somebody writes a comment."""

    PLANT = "plant", _("for the plant")
    AUTHORITY = "authority", _("for the authority")


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(plants_of(person, "obligation__plant__"))

    def in_order(self) -> Self:
        """As they were written, with who wrote them."""
        return self.select_related("written_by").order_by("pk")


class Comment(models.Model):
    """What one side tells the other about an obligation. Never changed, never removed.

    ``token`` makes a form that is sent twice count once.
    """

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="comments")
    text = models.TextField()
    side = models.CharField(max_length=9, choices=Side.choices)
    token = models.UUIDField()
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    objects = CommentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="comment_once_for_a_form", fields=["obligation", "token"]),
            models.CheckConstraint(name="comment_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.written_by}: {self.obligation}"


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
