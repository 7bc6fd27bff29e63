"""Who works on which submission, so that two officers don't read the same one."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from plants.models import Person, Role
from plants.models.people import plants_of
from tracker import audit
from tracker.assessments.levels import standing_proposal, why_not_confirm
from tracker.assessments.models import CLAIM_LASTS, Proposal, ReviewClaim
from tracker.evidence.models import Submission

# An action within a minute of the last one is not worth a write.
FRESH = timedelta(minutes=1)


class StaleClaim(Exception):
    """Somebody else holds the submission than who was seen holding it."""


class TakeOverRefused(Exception):
    """Who asks may not review it at all; the sentence says why, in the reader's language."""


class ClaimedByAnother(Exception):
    """Another officer is at this submission: it has to be taken over first."""

    def __init__(self, claim: ReviewClaim) -> None:
        super().__init__(f"submission {claim.submission_id} is claimed by {claim.person_id}")
        self.claim = claim


def claim_submission(
    submission: Submission,
    *,
    person: Person,
    at: datetime,
    known: Iterable[ReviewClaim] | None = None,
) -> ReviewClaim:
    """Claim what nobody holds, and let go of what she held; return the claim that stands.

    Of several at once exactly one gets it; the others see whose it is. ``known`` saves reading the
    claims on this submission and her own again.
    """
    if known is None:
        known = ReviewClaim.objects.with_people().filter(
            Q(submission=submission) | Q(person=person)
        )
    read = list(known)
    there = next((claim for claim in read if claim.submission_id == submission.pk), None)
    held = [claim.pk for claim in read if claim.person_id == person.pk and claim != there]
    if there is None:
        there = _place(submission, person, at, held.pop(0) if held else None)
    elif there.person_id == person.pk:
        _refresh(there, at)
    elif not there.stands(now=at):
        there = _inherit(there, person, at)
    if held and there.person_id == person.pk:
        ReviewClaim.objects.filter(pk__in=held, person=person).delete()
    return there


def claims_by_opening(person: Person, sent_back: Proposal | None) -> bool:
    """Whoever opens a submission claims it, but for who sent its proposal back to the first level.

    Otherwise the queue that goes on to it would keep the first level out of its turn.
    """
    return sent_back is None or sent_back.answered_by_id != person.pk


def _place(submission: Submission, person: Person, at: datetime, held: int | None) -> ReviewClaim:
    """Make a claim of her own, out of the one that she holds if there is one."""
    values = {"submission": submission, "claimed_at": at, "acted_at": at, "taken_from": None}
    try:
        with transaction.atomic():
            hers = ReviewClaim.objects.filter(pk__in=[held] if held else [], person=person)
            if not hers.update(**values):
                return ReviewClaim.objects.create(person=person, **values)
    except IntegrityError:
        # Somebody was faster.
        return ReviewClaim.objects.with_people().get(submission=submission)
    return ReviewClaim(pk=held, person=person, **values)


def _inherit(claim: ReviewClaim, person: Person, at: datetime) -> ReviewClaim:
    """A claim that has run out becomes hers, unless somebody was faster."""
    there = ReviewClaim.objects.filter(pk=claim.pk, acted_at=claim.acted_at)
    there.update(person=person, claimed_at=at, acted_at=at, taken_from=None)
    return ReviewClaim.objects.with_people().get(submission=claim.submission_id)


def _refresh(claim: ReviewClaim, at: datetime) -> None:
    if claim.acted_at <= at - FRESH:
        ReviewClaim.objects.filter(pk=claim.pk, person=claim.person_id).update(acted_at=at)
        claim.acted_at = at


def claim_submissions(submissions: Sequence[Submission], *, person: Person, at: datetime) -> None:
    """Claim several at once; those that others hold stay theirs."""
    wanted = [submission.pk for submission in submissions]
    free = Q(acted_at__lte=at - CLAIM_LASTS) & ~Q(person=person)
    ReviewClaim.objects.filter(free, submission__in=wanted).update(
        person=person, claimed_at=at, acted_at=at, taken_from=None
    )
    ReviewClaim.objects.filter(person=person, submission__in=wanted).update(acted_at=at)
    ReviewClaim.objects.bulk_create(
        [ReviewClaim(submission_id=pk, person=person, claimed_at=at, acted_at=at) for pk in wanted],
        ignore_conflicts=True,
    )
    ReviewClaim.objects.filter(person=person).exclude(submission__in=wanted).delete()


def take_over(
    submission: Submission, *, holder_pk: int, by: audit.Actor, at: datetime
) -> ReviewClaim:
    """Take a submission from the officer who holds it; she reads so on her page.

    ``TakeOverRefused`` for who could not decide on it either: no officer over the plant, who
    handed it in, or whose level it is not. ``StaleClaim`` if it is another's by now. Who holds it
    already keeps it.
    """
    person, obligation = by.person, submission.obligation
    if person is None or not person.oversees(obligation.plant):
        raise TakeOverRefused(_("Only an officer of the plant's authority can review."))
    if submission.submitted_by_id == person.pk:
        raise TakeOverRefused(_("You submitted it yourself; another officer has to review it."))
    proposal = standing_proposal(submission)
    refusal = why_not_confirm(person, proposal) if proposal is not None else None
    if refusal is not None:
        raise TakeOverRefused(refusal)
    if holder_pk == person.pk:
        raise StaleClaim
    with transaction.atomic():
        taken = ReviewClaim.objects.filter(submission=submission, person=holder_pk).update(
            person=person, claimed_at=at, acted_at=at, taken_from=holder_pk
        )
        if taken != 1:
            raise StaleClaim
        claim = ReviewClaim.objects.with_people().get(submission=submission)
        audit.record(
            by=by,
            at=at,
            verb=audit.Verb.TOOK_OVER,
            thing=obligation,
            plant=obligation.plant,
            before={"claimed_by": str(claim.taken_from)},
            after={"claimed_by": person.name},
        )
    return claim


def refuse_if_claimed(submission: Submission, *, person: Person, at: datetime) -> None:
    """``ClaimedByAnother`` where another officer's claim stands."""
    claims = ReviewClaim.objects.filter(submission=submission).standing(now=at).of_others(person)
    claim = claims.with_people().first()
    if claim is not None:
        raise ClaimedByAnother(claim)


def release(submission: Submission) -> None:
    """It is decided: nobody is at it any more."""
    ReviewClaim.objects.filter(submission=submission).delete()


def release_out_of_reach(person: Person) -> None:
    """Let go of what she held at plants that she is no officer over any more."""
    hers = plants_of(person, "submission__obligation__plant__", roles=frozenset({Role.OFFICER}))
    ReviewClaim.objects.filter(person=person).exclude(hers).delete()
