"""How many samples are asked is said in the app, with the document and clause that say so."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from plants.verification import Verification
from tracker import audit
from tracker.obligations.correct import may_correct
from tracker.regulations.models import Document
from tracker.rounds.models.samples import SamplesAsked
from tracker.rounds.samples.reading import SamplesRefused

_COLUMNS = ("fewest", "document_id", "clause", "verification", "note_zh", "note_en")


@dataclass(frozen=True)
class Count:
    """So many, and where that is written; empty source or pollutant for all."""

    fewest: int
    source: str = ""
    pollutant: str = ""
    document: Document | None = None
    clause: str = ""
    verification: Verification = Verification.TO_VERIFY
    note_zh: str = ""
    note_en: str = ""


def ask_for_samples(*, count: Count, by: audit.Actor, at: datetime) -> SamplesAsked:
    """Write how many are asked of a source and pollutant; what is verified names its document.

    It binds every plant of both trees, so it is for who may correct a national rule.
    """
    if by.person is None or not by.person.is_active or not may_correct(by.person, ""):
        raise SamplesRefused(
            _("Only an officer of the region or the Corps can say how many samples are asked.")
        )
    if count.verification == Verification.VERIFIED and count.document is None:
        raise SamplesRefused(_("A number that is verified names its document."))
    with transaction.atomic():
        row, is_new = SamplesAsked.objects.select_for_update().get_or_create(
            source=count.source, pollutant=count.pollutant, defaults={"fewest": count.fewest}
        )
        before = None if is_new else _told(row)
        row.fewest, row.document, row.clause = count.fewest, count.document, count.clause.strip()
        row.verification = count.verification
        row.note_zh, row.note_en = count.note_zh.strip(), count.note_en.strip()
        row.save()
        if before != _told(row):
            audit.record(
                by=by,
                at=at,
                verb=audit.Verb.CREATED if is_new else audit.Verb.CHANGED,
                thing=row,
                before=before,
                after=_told(row),
            )
    return row


def _told(row: SamplesAsked) -> dict[str, object]:
    values = {name: getattr(row, name) for name in _COLUMNS}
    return {name: str(value) if name == "verification" else value for name, value in values.items()}
