"""A decision as it was taken, or why it was not, in a sentence for the page."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from tracker.assessments.claims import ClaimedByAnother
from tracker.assessments.models import Answered, Proposal, Review
from tracker.assessments.propose import decide_submission
from tracker.assessments.review import ReviewRefused
from tracker.assessments.seen import OtherFiles
from tracker.audit import Actor
from tracker.evidence.models import Submission
from tracker.obligations.states import StaleState


@dataclass(frozen=True)
class Outcome:
    """``done`` where it was taken; else the sentence, and the status of the answer."""

    submission: Submission
    done: Review | Proposal | None = None
    sentence: str = ""
    status: int = 200

    @property
    def word(self) -> str:
        """What was done, for the message."""
        if isinstance(self.done, Review):
            return self.done.get_decision_display()
        is_back = self.done is not None and self.done.answer == Answered.SENT_BACK
        return _("sent back to the first level") if is_back else _("proposed to accept")


def take_decision(
    *, submission: Submission, decision: str, reason: str, seen: str, by: Actor, at: datetime
) -> Outcome:
    """Decide on one submission; the same decision sent twice counts once."""
    try:
        done = decide_submission(
            submission=submission, decision=decision, reason=reason, by=by, at=at, seen=seen
        )
    except ReviewRefused as refusal:
        return Outcome(submission, sentence=str(refusal), status=422)
    except ClaimedByAnother as fault:
        return Outcome(submission, sentence=_others(fault), status=409)
    except OtherFiles:
        return Outcome(submission, sentence=_other_files(), status=409)
    except StaleState:
        earlier = Review.objects.filter(submission=submission).select_related("reviewed_by").first()
        if earlier is None or (earlier.reviewed_by, earlier.decision) != (by.person, decision):
            return Outcome(submission, sentence=_stale(submission, earlier), status=409)
        done = earlier
    return Outcome(submission, done)


def _stale(submission: Submission, earlier: Review | None) -> str:
    """What happened meanwhile, and that the typed reason is still there."""
    proposals = Proposal.objects.filter(submission=submission).with_people().order_by("-pk")
    proposal = proposals.first() if earlier is None else None
    if proposal is not None:
        who = proposal.answered_by or proposal.proposed_by
        return _(
            "%(name)s proposed this to the authority above, or sent it back, meanwhile. Nothing "
            "was changed by you; what you typed is still here."
        ) % {"name": who.name}
    if earlier is None:
        return _(
            "The plant answered anew meanwhile, so nothing was decided. "
            "Look at the new submission; what you typed is still here."
        )
    return _(
        "%(name)s decided on this meanwhile: %(decision)s. Nothing was changed by you; "
        "what you typed is still here."
    ) % {"name": earlier.reviewed_by.name, "decision": earlier.get_decision_display()}


def _others(fault: ClaimedByAnother) -> str:
    return _(
        "%(name)s is at this one, so nothing was decided. Take it over first if you have to; "
        "what you typed is still here."
    ) % {"name": fault.claim.person.name}


def _other_files() -> str:
    return _(
        "The files of this submission are no longer those that you saw, so nothing was decided. "
        "Look at them again; what you typed is still here."
    )
