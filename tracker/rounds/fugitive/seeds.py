"""The checklist's seed file: its shape, its faults, and its rows."""

import re
from collections.abc import Collection, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

from django.db import transaction
from pydantic import Field

from plants.seedfile import Fault, read_seed
from plants.seedrows import SeedReport
from plants.seedshape import Both, Coded, Shape, check_shape, entries, fits, one_of, twice, unknown
from plants.verification import Verification
from tracker import audit
from tracker.regulations.load import VERBS
from tracker.regulations.models import Document
from tracker.regulations.seeds import SHIPPED
from tracker.rounds.models.fugitive import FugitiveGroup, FugitiveItem

SHIPPED_CHECKLIST = SHIPPED / "fugitive.yaml"
_KEY = re.compile(rb"^fugitive_items:", re.MULTILINE)


class ItemShape(Coded):
    group: Annotated[str, one_of(FugitiveGroup.values)]
    text: Annotated[Both, fits(FugitiveItem, "text")]
    document: str
    clause: Annotated[str, fits(FugitiveItem, "clause")] = ""
    verification: Annotated[str, one_of(Verification.values)]
    note: Both | None = None


class ChecklistShape(Shape):
    fugitive_items: Annotated[list[ItemShape], Field(min_length=1)]


def parse_checklist(
    name: str, content: bytes, *, documents: Collection[str]
) -> tuple[Sequence[ItemShape], list[Fault]]:
    """Check the file's shape, that no code is twice and that the documents are known. Pure."""
    seed, faults = read_seed(name, content)
    if seed is None:
        return (), faults
    shape, wrong = check_shape(seed, ChecklistShape)
    faults += wrong
    if shape is None:
        return (), sorted(faults)
    coded = entries(seed, "fugitive_items", shape.fugitive_items)
    faults += twice(coded, "item")
    for entry in coded:
        if entry.shape.document not in documents:
            message = unknown("document", entry.shape.document, documents)
            faults.append(entry.fault("document", message))
    return shape.fugitive_items, sorted(faults)


def read_shipped(path: Path = SHIPPED_CHECKLIST) -> tuple[str, bytes]:
    """The file that comes with the product, by the name that faults call it."""
    return f"seeds/{path.name}", path.read_bytes()


def take_checklist(contents: dict[str, bytes]) -> tuple[str, bytes] | None:
    """Take the checklist, told by its key, out of files that are loaded together; None without one.

    A second one stays among them: no other sort of file has its key, so that it is told of there.
    """
    name = next((name for name, content in contents.items() if _KEY.search(content)), None)
    return (name, contents.pop(name)) if name is not None else None


def load_checklist(
    shapes: Sequence[ItemShape], *, today: date, by: audit.Actor, at: datetime
) -> SeedReport:
    """Bring the items into line; the same file again changes nothing.

    An item that left the file is withdrawn as of ``today``, never deleted, and restored if it comes
    back. What was seen of it stays. Each change is audited.
    """
    report = SeedReport()
    with transaction.atomic():
        documents = {row.code: row for row in Document.objects.all()}
        existing = {row.code: row for row in FugitiveItem.objects.all()}
        for position, shape in enumerate(shapes):
            values = _values(shape, documents[shape.document], position)
            report.sync(FugitiveItem, existing.get(shape.code), {"code": shape.code}, values)
        codes = {shape.code for shape in shapes}
        for row in existing.values():
            if row.code not in codes and row.withdrawn_on is None:
                report.sync(FugitiveItem, row, {"code": row.code}, {"withdrawn_on": today})
        for change in report.changes:
            audit.record(
                by=by,
                at=at,
                verb=VERBS[change.deed],
                thing=change.thing,
                before=_named(change.before),
                after=_named(change.after),
            )
    return report


def _values(shape: ItemShape, document: Document, position: int) -> dict[str, object]:
    return {
        "group": shape.group,
        "position": position,
        "text_zh": shape.text.zh,
        "text_en": shape.text.en,
        "document": document,
        "clause": shape.clause,
        "verification": shape.verification,
        "note_zh": shape.note.zh if shape.note else "",
        "note_en": shape.note.en if shape.note else "",
        "withdrawn_on": None,
    }


def _named(values: object) -> dict[str, object] | None:
    """Documents by their names, as an event can keep them."""
    if not isinstance(values, dict):
        return None
    return {k: str(v) if isinstance(v, Document) else v for k, v in values.items()}
