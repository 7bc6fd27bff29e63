"""Lay a file to an obligation, and take it away again before it is submitted."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from plants.models import Person
from tracker import audit
from tracker.evidence.models import Attachment, Evidence, StoredFile
from tracker.evidence.quarantine import why_not_hand_in
from tracker.evidence.quota import lock_quota, refuse_over_quota
from tracker.evidence.store import KeptFile
from tracker.obligations.models import OWED, Obligation, State

REASON_LENGTH = 300


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


@dataclass(frozen=True)
class OwnDates:
    """What a document says of itself: its day, the period it covers, its last day; all may lack."""

    document_on: date | None = None
    covers_from_on: date | None = None
    covers_to_on: date | None = None
    expires_on: date | None = None

    def why_not_so(self) -> str | None:
        """Why these days contradict each other; None if they don't."""
        first, last = self.covers_from_on, self.covers_to_on
        if first and last and last < first:
            return _("The period that the document covers would end before it begins.")
        if self.document_on and self.expires_on and self.expires_on < self.document_on:
            return _("The document would run out before its own date.")
        return None


def attach_evidence(
    *,
    obligation: Obligation,
    file: KeptFile,
    document_on: date | None,
    by: audit.Actor,
    at: datetime,
    dates: OwnDates | None = None,
    replaces: Attachment | None = None,
) -> Attachment:
    """Lay a file that was kept to an obligation, under the name that it came with.

    ``replaces`` lies there already: the file is its next version and takes its place. The same
    content under the same name again is not laid twice: the attachment that is there is given
    back. Refuses with ``AnswerRefused`` who may not answer, what is not owed any more, and dates
    that contradict each other; with ``QuotaExceeded`` where the plant has no room.
    """
    own = dates or OwnDates(document_on)
    person = refuse_answer(by, obligation, own)
    with transaction.atomic():
        _still_owed(obligation)
        lock_quota(obligation.plant)
        there = obligation.attachments.lying().filter(
            evidence__stored=file.stored, evidence__original_name=file.original_name
        )
        attachment = there.first()
        if attachment is not None:
            return attachment
        stored = file.stored
        refuse_over_quota(obligation.plant, sha256=stored.sha256, size_bytes=stored.size_bytes)
        before = _newest_version(replaces, obligation)
        if replaces is not None:
            _take_away(replaces, person, at, reason=_("A newer version came."))
        return _lay(obligation, file, own, before, by=by, person=person, at=at)


def _lay(
    obligation: Obligation,
    file: KeptFile,
    dates: OwnDates,
    before: Evidence | None,
    *,
    by: audit.Actor,
    person: Person,
    at: datetime,
) -> Attachment:
    evidence = Evidence.objects.create(
        plant=obligation.plant,
        stored=file.stored,
        original_name=file.original_name,
        media_type=file.media_type,
        replaces=before,
        uploaded_by=person,
        uploaded_at=at,
        **vars(dates),
    )
    audit.record(
        by=by,
        at=at,
        verb=audit.Verb.UPLOADED,
        thing=evidence,
        plant=obligation.plant,
        after={"obligation": obligation.pk, "sha256": file.stored.sha256},
    )
    return Attachment.objects.create(obligation=obligation, evidence=evidence)


def attach_again(
    *, obligation: Obligation, evidence: Evidence, by: audit.Actor, at: datetime
) -> Attachment:
    """Lay a file that the same plant brought for another obligation to this one as well.

    What lies there already is given back. Refuses with ``AnswerRefused`` as ``attach_evidence``.
    """
    _answering(by, obligation)
    if evidence.plant_id != obligation.plant_id:
        raise AnswerRefused(_("The file belongs to another plant."))
    refusal = why_not_hand_in([evidence])
    if refusal is not None:
        raise AnswerRefused(refusal)
    with transaction.atomic():
        _still_owed(obligation)
        # Disposal locks the same row: one of the two comes first.
        if StoredFile.objects.select_for_update(no_key=True).get(pk=evidence.stored_id).disposed_at:
            raise AnswerRefused(_("The file was disposed of when its retention was over."))
        attachment, is_new = Attachment.objects.get_or_create(
            obligation=obligation, evidence=evidence, removed_at=None
        )
        if is_new:
            audit.record(
                by=by,
                at=at,
                verb=audit.Verb.REUSED,
                thing=evidence,
                plant=obligation.plant,
                after={"obligation": obligation.pk},
            )
    return attachment


def remove_attachment(
    *, attachment: Attachment, by: audit.Actor, at: datetime, reason: str = ""
) -> None:
    """Take a file away from an obligation; it, its row, and who took it away and why all stay."""
    obligation = attachment.obligation
    person = _answering(by, obligation)
    with transaction.atomic():
        _still_owed(obligation)
        if _take_away(attachment, person, at, reason=reason):
            audit.record(
                by=by,
                at=at,
                verb=audit.Verb.REMOVED,
                thing=attachment.evidence,
                plant=obligation.plant,
                before={"obligation": obligation.pk},
                note=reason,
            )


def _take_away(attachment: Attachment, person: Person, at: datetime, *, reason: str) -> bool:
    """Whether it still lay there."""
    lying = Attachment.objects.filter(pk=attachment.pk, removed_at__isnull=True)
    taken = lying.update(removed_at=at, removed_by=person, removed_reason=reason[:REASON_LENGTH])
    return bool(taken)


def _newest_version(replaced: Attachment | None, obligation: Obligation) -> Evidence | None:
    """The version that a new one follows: of what lies there the last that was brought."""
    if replaced is None:
        return None
    found = obligation.attachments.lying().filter(pk=replaced.pk).first()
    if found is None:
        raise AnswerRefused(_("The file that it was to replace lies there no more."))
    # Each is locked on the way: another obligation's answer may replace the same file just now.
    locked = Evidence.objects.select_for_update(no_key=True)
    newest = locked.get(pk=found.evidence_id)
    while (newer := locked.filter(replaces=newest).first()) is not None:
        newest = newer
    return newest


def refuse_answer(by: audit.Actor, obligation: Obligation, dates: OwnDates) -> Person:
    """The person who answers; ``AnswerRefused`` for all others, and for dates that can't be."""
    person = _answering(by, obligation)
    refusal = dates.why_not_so()
    if refusal is not None:
        raise AnswerRefused(refusal)
    return person


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
