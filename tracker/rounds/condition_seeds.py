"""The conditions of the stages from seeds/rounds.yaml: checked, and brought into the database."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

from django.db import transaction

from plants.seedfile import Fault, read_seed
from plants.seedrows import Change, Deed, SeedReport
from plants.seedshape import (
    Both,
    Code,
    Coded,
    Entry,
    Number,
    Shape,
    check_shape,
    entries,
    fits,
    fits_number,
    one_of,
    twice,
    unknown,
)
from plants.verification import Verification
from tracker import audit
from tracker.audit import Actor, Verb
from tracker.regulations.models import Document
from tracker.rounds.models import PARTS, Check, Condition, Stage

SHIPPED = Path(__file__).resolve().parents[2] / "seeds" / "rounds.yaml"
VERBS = {
    "created": Verb.CREATED,
    "changed": Verb.CHANGED,
    "withdrew": Verb.WITHDREW,
    "restored": Verb.RESTORED,
}


class ConditionShape(Coded):
    code: Annotated[Code, fits(Condition, "code")]
    stage: Annotated[str, one_of(Stage.values)]
    part: Annotated[str, one_of([part.value for part in PARTS])] | None = None
    title: Annotated[Both, fits(Condition, "title")]
    text: Both
    blocking: bool = False
    check: Annotated[str, one_of(Check.values)] | None = None
    value: Annotated[Number, fits_number(Condition, "value")] | None = None
    unit: Annotated[str, fits(Condition, "unit")] = ""
    document: str | None = None
    source: Annotated[Both, fits(Condition, "source")] | None = None
    clause: Annotated[str, fits(Condition, "clause")] = ""
    verification: Annotated[str, one_of(Verification.values)]
    note: Both | None = None


class ConditionsShape(Shape):
    conditions: list[ConditionShape]


def read_conditions(
    documents: Collection[str] | None = None, path: Path = SHIPPED
) -> tuple[list[ConditionShape], list[Fault]]:
    """The file's conditions, and everything that is wrong with it, by line.

    ``documents`` are the codes of those that are known; none where that is not looked at.
    """
    return parse_conditions(f"seeds/{path.name}", path.read_bytes(), documents)


def parse_all_conditions(
    contents: Mapping[str, bytes], documents: Collection[str]
) -> tuple[list[ConditionShape], list[Fault]]:
    """The same of files by their names; there is one, or none."""
    shapes: list[ConditionShape] = []
    faults: list[Fault] = []
    for name, content in contents.items():
        found, wrong = parse_conditions(name, content, documents)
        shapes += found
        faults += wrong
    return shapes, faults


def parse_conditions(
    name: str, content: bytes, documents: Collection[str] | None = None
) -> tuple[list[ConditionShape], list[Fault]]:
    """Check the file's shape, its codes and the documents that it names. Pure."""
    seed, faults = read_seed(name, content)
    if seed is None:
        return [], faults
    shape, wrong = check_shape(seed, ConditionsShape)
    faults += wrong
    if shape is None:
        return [], faults
    found = entries(seed, "conditions", shape.conditions)
    faults += twice(found, "condition")
    for entry in found:
        faults += _entry_faults(entry, documents)
    return shape.conditions, faults


def _entry_faults(entry: Entry[ConditionShape], documents: Collection[str] | None) -> list[Fault]:
    shape = entry.shape
    faults = []
    if (shape.document is None) == (shape.source is None):
        faults.append(entry.fault("", "needs either a document of the site or a source"))
    if shape.value is not None and not shape.unit:
        faults.append(entry.fault("value", "is a number without its unit: write unit, too"))
    if shape.document is not None and documents is not None and shape.document not in documents:
        faults.append(entry.fault("document", unknown("document", shape.document, documents)))
    return faults


def load_conditions(
    *, shapes: Collection[ConditionShape], today: date, by: Actor, at: datetime
) -> SeedReport:
    """Create and change what differs; what left the file is withdrawn, and may come back.

    ``shapes`` must have been parsed without a fault. Loading them again changes nothing.
    """
    with transaction.atomic():
        report = SeedReport()
        documents = {document.code: document for document in Document.objects.all()}
        existing = {condition.code: condition for condition in Condition.objects.all()}
        for position, shape in enumerate(shapes):
            document = documents[shape.document] if shape.document else None
            values = _values(shape, document, position)
            old = existing.pop(shape.code, None)
            _stand(report.sync(Condition, old, {"code": shape.code}, values), None, report)
        for condition in existing.values():
            if condition.withdrawn_on is None:
                _stand(condition, today, report)
        for change in report.changes:
            _audit(change, by=by, at=at)
    return report


def _stand(condition: Condition, withdrawn_on: date | None, report: SeedReport) -> None:
    """Withdraw the condition, or let it stand again; nothing where it does so already."""
    if condition.withdrawn_on == withdrawn_on:
        return
    before = {"withdrawn_on": condition.withdrawn_on}
    condition.withdrawn_on = withdrawn_on
    condition.save(update_fields=["withdrawn_on"])
    deed: Deed = "restored" if withdrawn_on is None else "withdrew"
    report.changes.append(Change(deed, condition, before, {"withdrawn_on": withdrawn_on}))


def _audit(change: Change, *, by: Actor, at: datetime) -> None:
    """A row that only moved within the file is no news."""
    if change.deed == "changed" and set(change.after or {}) == {"position"}:
        return
    audit.record(
        by=by,
        at=at,
        verb=VERBS[change.deed],
        thing=change.thing,
        before=change.before,
        after=change.after,
    )


def _values(shape: ConditionShape, document: Document | None, position: int) -> dict[str, object]:
    return {
        "position": position,
        "stage": shape.stage,
        "part": shape.part or "",
        "title_zh": shape.title.zh,
        "title_en": shape.title.en,
        "text_zh": shape.text.zh,
        "text_en": shape.text.en,
        "is_blocking": shape.blocking,
        "check_name": shape.check or "",
        "value": shape.value,
        "unit": shape.unit,
        "document_id": document.pk if document else None,
        "source_zh": shape.source.zh if shape.source else "",
        "source_en": shape.source.en if shape.source else "",
        "clause": shape.clause,
        "verification": shape.verification,
        "note_zh": shape.note.zh if shape.note else "",
        "note_en": shape.note.en if shape.note else "",
    }
