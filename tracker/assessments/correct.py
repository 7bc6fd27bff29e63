"""An officer puts a decision right by a new one, on the word of a superior; the old one stays."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from plants.models import Authority, Membership, Person, Role
from tracker import audit
from tracker.assessments.models import Decision, Review, ReviewCorrection
from tracker.assessments.review import OUTCOME
from tracker.assessments.seen import OtherFiles, digest_of
from tracker.evidence.models import Submission
from tracker.evidence.quarantine import why_not_accept
from tracker.obligations.models import Obligation
from tracker.obligations.states import StaleState, move


class CorrectionRefused(Exception):
    """The decision can't be put right so; the sentence says why, in the reader's language."""


@dataclass(frozen=True)
class Standing:
    """The decision on an obligation's newest submission, with what put it right since."""

    submission: Submission
    review: Review
    corrections: list[ReviewCorrection]
    proposers: frozenset[int] = frozenset()

    @property
    def last(self) -> Review | ReviewCorrection:
        """What counts."""
        return self.corrections[-1] if self.corrections else self.review

    @property
    def opposite(self) -> Decision:
        """What a correction makes of it."""
        is_accepted = self.last.decision == Decision.ACCEPT
        return Decision.RETURN if is_accepted else Decision.ACCEPT

    @property
    def deciders(self) -> set[int]:
        """Who decided so far."""
        corrected = {each.reviewed_by_id for each in self.corrections}
        return {self.review.reviewed_by_id, *corrected, *self.proposers}


def read_standing(obligation: Obligation) -> Standing | None:
    """The decision that stands now; None where the newest submission has none."""
    newest = obligation.submissions.select_related("submitted_by", "review__reviewed_by")
    submission = newest.order_by("-number").first()
    review = getattr(submission, "review", None)
    if submission is None or review is None:
        return None
    proposers = frozenset(submission.proposals.values_list("proposed_by", flat=True))
    return Standing(submission, review, list(review.corrections.in_order()), proposers)


def why_not_correct(
    person: Person, obligation: Obligation, standing: Standing | None
) -> str | None:
    """Why this person can't put the decision right now; None if she can."""
    if not person.oversees(obligation.plant):
        return _("Only an officer of the plant's authority can correct a decision.")
    if standing is None or obligation.state != OUTCOME[Decision(standing.last.decision)][0]:
        return _("There is no decision that stands and could be corrected.")
    if standing.submission.submitted_by_id == person.pk:
        return _("You submitted it yourself; another officer has to correct it.")
    return None


def superiors_of(person: Person, obligation: Obligation, standing: Standing) -> list[Person]:
    """Who may have ordered it: officers of her own authority over the plant, or of one above.

    Where two levels review, only of one above, if there is one. Four eyes: not herself, nobody who
    decided on it or proposed it before, and not who handed it in. ``offices`` are their posts.
    """
    offices = person.offices_over(obligation.plant)
    if not offices:
        return []
    paths = _upward(offices[-1])
    if obligation.requirement.review_levels > 1 and len(paths) > 1:
        paths.pop()
    posts = Membership.objects.filter(
        role=Role.OFFICER, authority__path__in=paths, person__is_active=True
    )
    but = {person.pk, standing.submission.submitted_by_id, *standing.deciders}
    others = Person.objects.filter(pk__in=posts.values("person")).exclude(pk__in=but)
    offices_held = Prefetch("memberships", posts.select_related("authority"), to_attr="offices")
    return list(others.prefetch_related(offices_held).order_by("name", "pk"))


def correct_decision(
    *,
    obligation: Obligation,
    review_pk: int,
    corrections: int,
    superior_pk: int,
    reason: str,
    seen: str,
    by: audit.Actor,
    at: datetime,
) -> ReviewCorrection:
    """Turn the decision that stands, and move the obligation to what it says now.

    It binds to what the officer saw: the review, how many ``corrections`` it had, and the files of
    the digest ``seen``. ``StaleState`` if another decided, corrected or answered meanwhile,
    ``OtherFiles`` for other files; ``CorrectionRefused`` for who may not, without a reason, and
    for a superior who may not have ordered it.
    """
    person, reason = by.person, reason.strip()
    standing = read_standing(obligation)
    if person is None or not person.oversees(obligation.plant):
        raise CorrectionRefused(
            _("Only an officer of the plant's authority can correct a decision.")
        )
    if standing is None or (standing.review.pk, len(standing.corrections)) != (
        review_pk,
        corrections,
    ):
        raise StaleState(obligation)
    refusal = why_not_correct(person, obligation, standing)
    if refusal is None and not reason:
        refusal = _("Say why the decision is corrected: the plant reads it.")
    if refusal is None and standing.opposite == Decision.ACCEPT:
        files = standing.submission.evidence.select_related("stored").order_by("pk")
        refusal = why_not_accept(files)
    superior = _chosen(superiors_of(person, obligation, standing), superior_pk)
    if refusal is not None or superior is None:
        raise CorrectionRefused(refusal or _("Choose who ordered or approved it."))
    return _put_right(obligation, standing, superior, reason, seen, by=by, at=at)


def _put_right(
    obligation: Obligation,
    standing: Standing,
    superior: Person,
    reason: str,
    seen: str,
    *,
    by: audit.Actor,
    at: datetime,
) -> ReviewCorrection:
    """The move locks the obligation; then what was seen is counted once more."""
    decision, was = standing.opposite, (obligation.state, obligation.state_changed_at)
    assert by.person is not None  # noqa: S101 (the caller has looked)
    with transaction.atomic():
        move(
            obligation,
            to=OUTCOME[decision][0],
            verb=audit.Verb.REVISED,
            by=by,
            at=at,
            note=reason,
            also={
                "superior": superior.name,
                # Who is told beside the plant: whose word it was, and whose decision it was.
                "concerns": sorted({superior.pk, *standing.deciders} - {by.person.pk}),
            },
        )
        newer = obligation.submissions.filter(number__gt=standing.submission.number)
        made = standing.review.corrections.count()
        if made != len(standing.corrections) or newer.exists():
            obligation.state, obligation.state_changed_at = was
            raise StaleState(obligation)
        if seen != digest_of(standing.submission):
            obligation.state, obligation.state_changed_at = was
            raise OtherFiles(obligation)
        return ReviewCorrection.objects.create(
            review=standing.review,
            number=made + 1,
            decision=decision,
            reason=reason,
            superior=superior,
            seen_digest=seen,
            reviewed_by=by.person,
            reviewed_at=at,
        )


def _chosen(people: list[Person], pk: int) -> Person | None:
    return next((person for person in people if person.pk == pk), None)


def _upward(office: Authority) -> list[str]:
    """The paths of an authority and of all above it."""
    names = office.path.rstrip("/").split("/")
    return ["/".join(names[: end + 1]) + "/" for end in range(len(names))]
