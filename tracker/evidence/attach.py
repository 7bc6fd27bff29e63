"""Lay a file to an obligation, and take it away again before it is submitted."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from plants.models import Person
from tracker import audit
from tracker.evidence.models import Attachment, Evidence
from tracker.evidence.store import KeptFile
from tracker.obligations.models import OWED, Obligation, State


class AnswerRefused(Exception):
    """The answer can't be taken; the sentence says why, in the reader's language."""


def why_not_answer(person: Person, obligation: Obligation) -> str | None:
    """Why this person can't add or remove evidence now; None if she can."""
    if not person.answers_for(obligation.plant):
        return _("Only the plant's manager or its group's manager can answer.")
    if obligation.state == State.SUBMITTED:
        return _("It has been submitted and waits for review; nothing can be changed meanwhile.")
    if obligation.state not in OWED:
        return _("It is settled; nothing can be added.")
    return None


def attach_evidence(
    *,
    obligation: Obligation,
    file: KeptFile,
    document_on: date | None,
    by: audit.Actor,
    at: datetime,
) -> Attachment:
    """Lay a file that was kept to an obligation, under the name that it came with.

    The same content under the same name again is not laid twice: the attachment that is there is
    given back. Refuses with ``AnswerRefused`` who may not answer or what is not owed any more.
    """
    person = _answering(by, obligation)
    with transaction.atomic():
        _still_owed(obligation)
        there = obligation.attachments.lying().filter(
            evidence__stored=file.stored, evidence__original_name=file.original_name
        )
        attachment = there.first()
        if attachment is not None:
            return attachment
        evidence = Evidence.objects.create(
            plant=obligation.plant,
            stored=file.stored,
            original_name=file.original_name,
            media_type=file.media_type,
            document_on=document_on,
            uploaded_by=person,
            uploaded_at=at,
        )
        attachment = Attachment.objects.create(obligation=obligation, evidence=evidence)
        audit.record(
            by=by,
            at=at,
            verb=audit.Verb.UPLOADED,
            thing=evidence,
            plant=obligation.plant,
            after={"obligation": obligation.pk, "sha256": file.stored.sha256},
        )
    return attachment


def remove_attachment(*, attachment: Attachment, by: audit.Actor, at: datetime) -> None:
    """Take a file away from an obligation; the file, its row and who took it away stay for ever."""
    obligation = attachment.obligation
    person = _answering(by, obligation)
    with transaction.atomic():
        _still_owed(obligation)
        removed = Attachment.objects.filter(pk=attachment.pk, removed_at__isnull=True).update(
            removed_at=at, removed_by=person
        )
        if removed:
            audit.record(
                by=by,
                at=at,
                verb=audit.Verb.REMOVED,
                thing=attachment.evidence,
                plant=obligation.plant,
                before={"obligation": obligation.pk},
            )


def _answering(by: audit.Actor, obligation: Obligation) -> Person:
    """The person who answers; refuses everybody else."""
    person = by.person
    if person is None:
        raise AnswerRefused(_("Only a person can answer."))
    refusal = why_not_answer(person, obligation)
    if refusal is not None:
        raise AnswerRefused(refusal)
    return person


def _still_owed(obligation: Obligation) -> None:
    """Lock the obligation's row and look again: a submission may have come in between."""
    state = (
        Obligation.objects.select_for_update(no_key=True)
        .values_list("state", flat=True)
        .get(pk=obligation.pk)
    )
    if state not in OWED:
        obligation.state = state
        raise AnswerRefused(_("It was submitted or settled meanwhile; nothing was changed."))
