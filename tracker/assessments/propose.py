"""What is decided at each level: accept or propose to, return, and send a proposal back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tracker import audit
from tracker.assessments.claims import refuse_if_claimed, release
from tracker.assessments.levels import (
    lock_submitted,
    settle,
    standing_proposal,
    why_not_confirm,
)
from tracker.assessments.models import Answered, Decision, Proposal, Review
from tracker.assessments.review import (
    ReviewRefused,
    refuse_unclean,
    review_submission,
    why_not_review,
)
from tracker.assessments.seen import OtherFiles, digest_of
from tracker.evidence.models import Submission
from tracker.obligations.models import State
from tracker.obligations.states import StaleState

SEND_BACK = "send_back"


def decide_submission(
    *,
    submission: Submission,
    decision: str,
    reason: str,
    by: audit.Actor,
    at: datetime,
    seen: str = "",
) -> Review | Proposal:
    """Accept, return or send back, at the level at which the submission stands.

    The first acceptance of two is a proposal; the same one sent twice counts once. Refusals are
    those of ``review_submission``.
    """
    if decision == SEND_BACK:
        return send_back(submission=submission, reason=reason, by=by, at=at, seen=seen)
    if decision == Decision.ACCEPT and submission.obligation.requirement.review_levels > 1:
        proposal = standing_proposal(submission)
        if proposal is None:
            return propose_acceptance(submission=submission, reason=reason, by=by, at=at, seen=seen)
        if proposal.proposed_by == by.person and proposal.seen_digest == seen:
            return proposal
    return review_submission(
        submission=submission, decision=decision, reason=reason, by=by, at=at, seen=seen
    )


def propose_acceptance(
    *, submission: Submission, reason: str, by: audit.Actor, at: datetime, seen: str = ""
) -> Proposal:
    """Propose to accept, for the highest authority over the plant that the officer works for.

    The obligation stays submitted. Refused as ``review_submission`` is.
    """
    obligation, person, reason = submission.obligation, by.person, reason.strip()
    if obligation.state != State.SUBMITTED:
        raise StaleState(obligation)
    refusal = None if person is None else why_not_review(person, obligation, submission)
    if person is None or refusal is not None:
        raise ReviewRefused(refusal or _("Only an officer of the plant's authority can review."))
    refuse_unclean(submission, Decision.ACCEPT)
    refuse_if_claimed(submission, person=person, at=at)
    with transaction.atomic():
        lock_submitted(obligation)
        newer = obligation.submissions.filter(number__gt=submission.number).exists()
        if newer or standing_proposal(submission) is not None:
            raise StaleState(obligation)
        lying = digest_of(submission)
        if seen and seen != lying:
            raise OtherFiles(obligation)
        release(submission)
        office = person.offices_over(obligation.plant)[-1]
        made = Proposal.objects.create(
            submission=submission,
            authority=office,
            note=reason,
            seen_digest=lying,
            proposed_by=person,
            proposed_at=at,
        )
        audit.record(
            by=by,
            at=at,
            verb=audit.Verb.PROPOSED,
            thing=obligation,
            plant=obligation.plant,
            after={"authority": str(office)},
            note=reason,
        )
    return made


def send_back(
    *, submission: Submission, reason: str, by: audit.Actor, at: datetime, seen: str = ""
) -> Proposal:
    """The second level refuses: the submission waits at the first again, which is told why.

    From there it is returned to the plant, or proposed anew. ``ReviewRefused`` for who could not
    confirm either, and without a reason.
    """
    obligation, person, reason = submission.obligation, by.person, reason.strip()
    proposal = standing_proposal(submission)
    if obligation.state != State.SUBMITTED:
        raise StaleState(obligation)
    if proposal is None or person is None:
        raise ReviewRefused(_("Nothing is proposed that could be sent back. Look again."))
    refusal = why_not_review(person, obligation, submission) or why_not_confirm(person, proposal)
    if refusal is None and not reason:
        refusal = _("Say what is missing or wrong, so that the first level can mend it.")
    if refusal is not None:
        raise ReviewRefused(refusal)
    refuse_if_claimed(submission, person=person, at=at)
    with transaction.atomic():
        lock_submitted(obligation)
        answer = Answered.SENT_BACK
        if not settle(proposal, submission, answer=answer, by=person, at=at, reason=reason):
            raise StaleState(obligation)
        if seen and seen != digest_of(submission):
            raise OtherFiles(obligation)
        release(submission)
        audit.record(
            by=by,
            at=at,
            verb=audit.Verb.SENT_BACK,
            thing=obligation,
            plant=obligation.plant,
            after={"concerns": [proposal.proposed_by_id]},
            note=reason,
        )
    proposal.refresh_from_db()
    return proposal
