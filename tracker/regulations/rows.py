"""What the shapes of a regulation file say, as the columns of their rows. Pure."""

from collections.abc import Mapping
from datetime import date

from plants.models import Zone
from plants.seedshape import Both
from tracker.regulations.models import Document
from tracker.regulations.shape import (
    DocumentShape,
    LimitShape,
    RequirementShape,
    TargetShape,
)


def document_values(shape: DocumentShape) -> dict[str, object]:
    return {
        "number": shape.number,
        "kind": shape.kind,
        "title_zh": shape.title.zh,
        "title_en": shape.title.en,
        "title_is_name": shape.title_is_name,
        "issuers": [issuer.model_dump() for issuer in shape.issuers],
        "issued_on": shape.issued_on,
        "effective_on": shape.effective_on,
        "tree": shape.tree or "",
        "verification": shape.verification,
        **_note(shape.note),
    }


def requirement_values(
    shape: RequirementShape, document: Document, position: int
) -> dict[str, object]:
    return {
        "document_id": document.pk,
        "position": position,
        "clause": shape.clause,
        "part": shape.part,
        "subject_kind": shape.subject,
        "title_zh": shape.title.zh,
        "title_en": shape.title.en,
        "text_zh": shape.text.zh,
        "text_en": shape.text.en,
        "applies": _as_json(shape.applies),
        "due": _as_json(shape.due),
        "evidence_asked": [asked.model_dump() for asked in shape.evidence],
        "completes": shape.completes or "",
        "answered_by_listing": shape.answered_by_listing,
        "review_levels": shape.review_levels,
        "effective_from": shape.effective_from,
        "effective_to": shape.effective_to,
        "verification": shape.verification,
        **_note(shape.note),
    }


def limit_values(shape: LimitShape, position: int) -> dict[str, object]:
    return {
        "position": position,
        "value": shape.value,
        "unit": shape.unit,
        "reference_oxygen_percent": shape.reference_oxygen_percent,
        "effective_to": shape.effective_to,
        "verification": shape.verification,
        **_note(shape.note),
    }


def target_values(
    shape: TargetShape, document: Document, zones: Mapping[str, Zone]
) -> dict[str, object]:
    return {
        "document_id": document.pk,
        "clause": shape.clause,
        "area_kind": shape.area,
        "zone_id": zones[shape.zone].pk if shape.zone else None,
        "share_percent": shape.share_percent,
        "by_on": shape.by,
        "verification": shape.verification,
        **_note(shape.note),
    }


def _note(note: Both | None) -> dict[str, object]:
    return {"note_zh": note.zh if note else "", "note_en": note.en if note else ""}


def _as_json(rule: object) -> object:
    """A rule as it reads back from a JSON column: dates as text."""
    if isinstance(rule, Mapping):
        return {key: _as_json(value) for key, value in rule.items()}
    if isinstance(rule, list):
        return [_as_json(value) for value in rule]
    return rule.isoformat() if isinstance(rule, date) else rule
