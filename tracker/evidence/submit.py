"""Answer an obligation with what lies there: a submission, and the move to submitted."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plants.models import Person
from tracker import audit
from tracker.evidence.attach import AnswerRefused, why_not_answer
from tracker.evidence.models import Submission
from tracker.evidence.quarantine import why_not_hand_in
from tracker.obligations.models import Obligation, State
from tracker.obligations.states import StaleState, move

NOTHING_LIES_THERE = gettext_lazy("Add at least one file first.")


def why_not_submit(
    person: Person, obligation: Obligation, *, files: int | None = None
) -> str | None:
    """Why this person can't submit now; None if she can. ``files`` saves counting them again."""
    refusal = why_not_answer(person, obligation)
    if refusal is not None:
        return refusal
    count = obligation.attachments.lying().count() if files is None else files
    if count == 0:
        return str(NOTHING_LIES_THERE)
    return None


def submit_evidence(
    *, obligation: Obligation, note: str, token: UUID, by: audit.Actor, at: datetime
) -> Submission:
    """Submit every file that lies at the obligation, with a note, and move it to submitted.

    The submission keeps the files as they lie now, for ever. The same ``token`` again (a form sent
    twice) gives the submission that is there. Refuses with ``AnswerRefused``; if somebody else
    moved the obligation meanwhile, with ``StaleState``.
    """
    person = by.person
    if person is None or not person.answers_for(obligation.plant):
        raise AnswerRefused(_("Only the plant's manager or its group's manager can answer."))
    try:
        refusal = why_not_answer(person, obligation)
        if refusal is not None:
            raise AnswerRefused(refusal)
        return _submit(obligation, note, token, person, by, at)
    except (AnswerRefused, StaleState):
        # The same form again, later or at the same moment: what it made is there.
        earlier = _sent_before(obligation, token)
        if earlier is None:
            raise
        return earlier


def _sent_before(obligation: Obligation, token: UUID) -> Submission | None:
    return Submission.objects.filter(obligation=obligation, token=token).first()


def _submit(
    obligation: Obligation, note: str, token: UUID, person: Person, by: audit.Actor, at: datetime
) -> Submission:
    owed = obligation.state, obligation.state_changed_at
    with transaction.atomic():
        # The move locks the obligation: from here on nobody adds or removes a file.
        move(obligation, to=State.SUBMITTED, verb=audit.Verb.SUBMITTED, by=by, at=at, note=note)
        tokens = list(obligation.submissions.values_list("token", flat=True))
        attached = obligation.attachments.lying().select_related("evidence__stored")
        lying = [attachment.evidence for attachment in attached]
        refusal = why_not_hand_in(lying) if lying else str(NOTHING_LIES_THERE)
        if token in tokens or refusal is not None:
            # With a token that is there the caller finds what it made.
            obligation.state, obligation.state_changed_at = owed
            raise AnswerRefused(refusal or "")
        submission = Submission.objects.create(
            obligation=obligation,
            number=len(tokens) + 1,
            note=note,
            token=token,
            submitted_by=person,
            submitted_at=at,
        )
        submission.evidence.add(*lying)
    return submission
