"""The plant's answer to an obligation: its files, what was submitted, what was said to it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Prefetch

from tracker.assessments.models import Decision, Review, ReviewCorrection
from tracker.evidence.models import Attachment, Evidence, Submission, SubmissionQuerySet
from tracker.obligations.models import Obligation, ObligationQuerySet

Verdict = Review | ReviewCorrection


@dataclass(slots=True)
class Answer:
    """An obligation with its files, oldest first, and its submissions, newest first."""

    obligation: Obligation
    files: list[Attachment] = field(default_factory=list)
    submissions: list[Submission] = field(default_factory=list)

    @property
    def latest(self) -> Submission | None:
        return self.submissions[0] if self.submissions else None

    @property
    def review(self) -> Verdict | None:
        """The decision that stands on the newest submission, where there is one."""
        decided = decisions_on(self.latest) if self.latest else []
        return decided[-1] if decided else None

    @property
    def returned(self) -> Verdict | None:
        """The newest return, while it is still to be answered."""
        review = self.review
        return review if review and review.decision == Decision.RETURN else None


def with_law(obligations: ObligationQuerySet) -> ObligationQuerySet:
    """With the whole requirement and document, for pages that show the text itself."""
    return obligations.select_related(
        *("requirement__document", "plant__place__parent", "plant__authority"),
        *("line", "outlet", "listing"),
    )


def decisions_on(submission: Submission) -> list[Verdict]:
    """The decision on a submission and what put it right, the last stands; no query.

    The submission was read with ``review`` and its corrections.
    """
    review: Review | None = getattr(submission, "review", None)
    return [] if review is None else [review, *review.corrections.all()]


def read_submitted(obligation: Obligation) -> Answer:
    """What was submitted for one obligation, without what lies there now; two queries."""
    return Answer(obligation, submissions=list(_with_files(obligation.submissions.all())))


def read_answers(obligations: Iterable[Obligation]) -> list[Answer]:
    """The obligations' answers in their order, in two queries and one for the versions' files."""
    answers = {obligation.pk: Answer(obligation) for obligation in obligations}
    attachments = Attachment.objects.lying().filter(obligation_id__in=answers)
    for attachment in attachments.select_related("evidence__stored", "evidence__uploaded_by"):
        answers[attachment.obligation_id].files.append(attachment)
    for submission in _with_files(Submission.objects.filter(obligation_id__in=answers)):
        answer = answers[submission.obligation_id]
        # As it is here, so that nobody who asks a submission for it reads it once more.
        submission.obligation = answer.obligation
        answer.submissions.append(submission)
    return list(answers.values())


def _with_files(submissions: SubmissionQuerySet) -> SubmissionQuerySet:
    """With their files, the decision and who took it; newest first."""
    files = Prefetch("evidence", Evidence.objects.select_related("stored"))
    corrections = Prefetch("review__corrections", ReviewCorrection.objects.in_order())
    with_people = submissions.select_related("submitted_by", "review__reviewed_by")
    return with_people.prefetch_related(files, corrections).order_by("-number")
