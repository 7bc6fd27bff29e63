"""An officer accepts a submission or returns it with a reason."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from plants.models import Person, Role
from plants.models.people import plants_of
from tracker import audit
from tracker.assessments.claims import refuse_if_claimed, release
from tracker.assessments.levels import settle, standing_proposal, why_not_confirm, with_others
from tracker.assessments.models import Answered, Decision, Proposal, Review
from tracker.assessments.seen import OtherFiles, digest_of
from tracker.evidence.models import Submission
from tracker.evidence.quarantine import why_not_accept
from tracker.obligations.models import Obligation, ObligationQuerySet, State
from tracker.obligations.states import StaleState, move

OUTCOME = {
    Decision.ACCEPT: (State.ACCEPTED, audit.Verb.ACCEPTED),
    Decision.RETURN: (State.RETURNED, audit.Verb.RETURNED),
}
ANSWER = {Decision.ACCEPT: Answered.CONFIRMED, Decision.RETURN: Answered.RETURNED}


class ReviewRefused(Exception):
    """The decision can't be taken; the sentence says why, in the reader's language."""


def waiting_for(person: Person) -> ObligationQuerySet:
    """What waits for this officer's decision, at her level; the twin of ``why_not_review``."""
    mine = plants_of(person, "plant__", roles=frozenset({Role.OFFICER}))
    return Obligation.objects.filter(mine).awaiting_review().exclude(with_others(person))


def why_not_review(
    person: Person,
    obligation: Obligation,
    submission: Submission | None = None,
    proposal: Proposal | None = None,
) -> str | None:
    """Why this person can't decide now; None if she can. Four eyes: nobody judges her own.

    ``proposal`` is the one that waits for the second level, where there is one.
    """
    if not person.oversees(obligation.plant):
        return _("Only an officer of the plant's authority can review.")
    if obligation.state != State.SUBMITTED:
        return _("There is nothing to review: it is not waiting for a decision.")
    if submission is not None and submission.submitted_by_id == person.pk:
        return _("You submitted it yourself; another officer has to review it.")
    return why_not_confirm(person, proposal) if proposal is not None else None


def review_submission(
    *,
    submission: Submission,
    decision: str,
    reason: str,
    by: audit.Actor,
    at: datetime,
    seen: str = "",
) -> Review:
    """Decide on one submission for good and move its obligation to accepted or returned.

    Where two levels review, an acceptance has to have been proposed (see ``propose``), of the same
    files, and belongs to the second; a return needs no second.
    The decision binds to the submission that the officer saw: if it was decided or answered anew
    meanwhile, ``StaleState``; if its files are not those of the digest ``seen``, ``OtherFiles``
    (without one, what lies there now counts as seen). ``ClaimedByAnother`` while another officer
    is at it; ``ReviewRefused`` for who may not, and for a return without a reason.
    """
    obligation, reason = submission.obligation, reason.strip()
    person = _reviewing(by, submission)
    if decision == Decision.RETURN and not reason:
        raise ReviewRefused(_("Say what is missing or wrong, so that the plant can mend it."))
    state, verb = OUTCOME[Decision(decision)]
    answer = ANSWER[Decision(decision)]
    if obligation.state != State.SUBMITTED:
        raise StaleState(obligation)
    proposal = _proposal_for(person, submission, decision)
    refuse_if_claimed(submission, person=person, at=at)
    waited = obligation.state, obligation.state_changed_at
    with transaction.atomic():
        # The move locks the obligation: from here on nobody answers anew.
        move(obligation, to=state, verb=verb, by=by, at=at, note=reason)
        newer = obligation.submissions.filter(number__gt=submission.number).exists()
        if newer or not settle(proposal, submission, answer=answer, by=person, at=at):
            obligation.state, obligation.state_changed_at = waited
            raise StaleState(obligation)
        lying = digest_of(submission)
        proposed = proposal.seen_digest if proposal and decision == Decision.ACCEPT else lying
        if (seen or lying) != lying or proposed != lying:
            obligation.state, obligation.state_changed_at = waited
            raise OtherFiles(obligation)
        release(submission)
        return Review.objects.create(
            submission=submission,
            decision=decision,
            reason=reason,
            seen_digest=lying,
            reviewed_by=person,
            reviewed_at=at,
        )


def _reviewing(by: audit.Actor, submission: Submission) -> Person:
    """Who decides; ``ReviewRefused`` for who may not."""
    person = by.person
    if person is None or not person.oversees(submission.obligation.plant):
        raise ReviewRefused(_("Only an officer of the plant's authority can review."))
    if submission.submitted_by_id == person.pk:
        raise ReviewRefused(_("You submitted it yourself; another officer has to review it."))
    return person


def _proposal_for(person: Person, submission: Submission, decision: str) -> Proposal | None:
    """The one that waits; ``ReviewRefused`` where the level is not hers, or a file not clean."""
    proposal = standing_proposal(submission)
    if proposal is not None:
        refusal = why_not_confirm(person, proposal)
        if refusal is not None:
            raise ReviewRefused(refusal)
    elif decision == Decision.ACCEPT and submission.obligation.requirement.review_levels > 1:
        raise ReviewRefused(_("It has to be proposed first; the authority above confirms."))
    refuse_unclean(submission, decision)
    return proposal


def refuse_unclean(submission: Submission, decision: str) -> None:
    """``ReviewRefused`` where files with a virus, or not scanned yet, would be accepted."""
    if decision == Decision.ACCEPT:
        refusal = why_not_accept(submission.evidence.select_related("stored").order_by("pk"))
        if refusal is not None:
            raise ReviewRefused(refusal)
