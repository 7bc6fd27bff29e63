"""The second level of review: an officer proposes to accept, the authority above confirms."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from plants.models import Person
from tracker.assessments.models import Answered, Proposal
from tracker.evidence.models import Submission
from tracker.obligations.models import Obligation
from tracker.obligations.states import StaleState


def standing_proposal(submission: Submission) -> Proposal | None:
    """The proposal that waits for the second level; no query where one level decides."""
    if submission.obligation.requirement.review_levels < 2:
        return None
    return Proposal.objects.standing().with_people().filter(submission=submission).first()


def standing_of(proposals: Iterable[Proposal], latest: Submission | None) -> Proposal | None:
    """Of a submission's proposals that were read already the one that waits."""
    found = (each for each in proposals if latest is not None and each.submission_id == latest.pk)
    return next((each for each in found if not each.answer), None)


def sent_back_of(proposals: Iterable[Proposal], latest: Submission | None) -> Proposal | None:
    """Of such proposals, newest first, the newest one where the second level sent it back."""
    mine = (each for each in proposals if latest is not None and each.submission_id == latest.pk)
    newest = next(mine, None)
    return newest if newest is not None and newest.answer == Answered.SENT_BACK else None


def why_not_confirm(person: Person, proposal: Proposal) -> str | None:
    """Why the second level is not hers; None if it is. The queryset's twin is ``not_for``.

    It belongs to an authority above the one that proposed; on top of a tree to another officer of
    the same one. Nobody confirms what she proposed herself.
    """
    if proposal.proposed_by_id == person.pk:
        return _("You proposed to accept it; an officer of the authority above has to confirm.")
    path, is_top = proposal.authority.path, proposal.authority.parent_id is None
    for office in person.offices_over(proposal.submission.obligation.plant):
        if path.startswith(office.path) and (is_top or office.path != path):
            return None
    return _(
        "%(name)s proposed to accept it; an officer of the authority above has to confirm."
    ) % {"name": proposal.proposed_by.name}


def with_others(person: Person) -> Q:
    """Obligations that wait for another's word at the second level, as a condition."""
    theirs = Proposal.objects.standing().not_for(person)
    about = theirs.filter(submission__obligation=OuterRef("pk"))
    # The first condition says nothing new; it saves the look where one level decides.
    return Q(requirement__review_levels__gt=1) & Q(Exists(about))


def at_second_level() -> Q:
    """Obligations with a proposal that waits, as a condition."""
    about = Proposal.objects.standing().filter(submission__obligation=OuterRef("pk"))
    return Q(requirement__review_levels__gt=1) & Q(Exists(about))


def settle(
    proposal: Proposal | None,
    submission: Submission,
    *,
    answer: Answered,
    by: Person,
    at: datetime,
    reason: str = "",
) -> bool:
    """Answer the proposal that was seen; False if by now it is another, or answered.

    The caller holds the obligation's row, so that nobody proposes meanwhile.
    """
    now = standing_proposal(submission)
    if (now and now.pk) != (proposal and proposal.pk):
        return False
    if proposal is not None:
        Proposal.objects.filter(pk=proposal.pk, answer="").update(
            answer=answer, reason=reason, answered_by=by, answered_at=at
        )
    return True


def lock_submitted(obligation: Obligation) -> None:
    """Lock the obligation's row while it waits for review; ``StaleState`` if it does no more."""
    rows = Obligation.objects.select_for_update(no_key=True)
    row = rows.filter(pk=obligation.pk).values_list("state", "state_changed_at").get()
    if row != (obligation.state, obligation.state_changed_at):
        obligation.state, obligation.state_changed_at = row
        raise StaleState(obligation)
