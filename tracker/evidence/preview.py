"""The beginning of what a file says, as text or as tables, to be read in a page."""

import csv
from dataclasses import dataclass, field
from itertools import islice

from tracker.evidence.models import Evidence, FileText, TextPiece, TextState
from tracker.evidence.text import BREAK
from tracker.evidence.types import EXCEL

MOST_PIECES = 5
MOST_SECTIONS, MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 10, 200, 40, 500
SEPARATORS = ",\t;，"
CSV = "text/csv"


@dataclass(frozen=True)
class Section:
    """A sheet, with its name and rows, or a page or a whole text, with its lines."""

    name: str = ""
    rows: list[list[str]] = field(default_factory=list)
    text: str = ""


@dataclass(frozen=True)
class Told:
    """What a file says; ``is_cut`` where more stands in it than is told here."""

    state: str
    sections: list[Section] = field(default_factory=list)
    is_cut: bool = False
    fault: str = ""


def tell(evidence: Evidence) -> Told:
    """The first pages of its text, in two queries; only its state where there is none yet."""
    text = FileText.objects.filter(pk=evidence.stored_id).first()
    if text is None:
        return Told(TextState.WAITING)
    if text.state != TextState.DONE:
        return Told(text.state, fault=str(text.get_fault_display()))
    pieces = TextPiece.objects.filter(text=text).order_by("number")
    contents = list(pieces.values_list("content", flat=True)[: MOST_PIECES + 1])
    told = sections_of("".join(contents[:MOST_PIECES]), evidence.media_type)
    is_cut = text.is_cut or len(contents) > MOST_PIECES or told.is_cut
    return Told(text.state, told.sections, is_cut)


def sections_of(text: str, media_type: str) -> Told:
    """The text as its kind reads: sheets and tables as rows, all else as lines."""
    parts = text.split(BREAK)
    if media_type == CSV:
        return _tables([("", _cells(text))])
    if media_type == EXCEL:
        named = (part.partition("\n") for part in parts)
        return _tables(
            [(name, [row.split("\t") for row in rest.split("\n")]) for name, _nl, rest in named]
        )
    sections = [Section(text=part.strip("\n")) for part in parts if part.strip()]
    return Told(TextState.DONE, sections)


def _tables(tables: list[tuple[str, list[list[str]]]]) -> Told:
    sections, is_cut = [], len(tables) > MOST_SECTIONS
    for name, rows in tables[:MOST_SECTIONS]:
        filled = [row for row in rows if any(row)]
        widest = max(map(len, filled), default=0)
        is_cut = is_cut or len(filled) > MOST_ROWS or widest > MOST_COLUMNS
        sections.append(Section(name, [_row(row, widest) for row in filled[:MOST_ROWS]]))
    return Told(TextState.DONE, sections, is_cut)


def _row(row: list[str], widest: int) -> list[str]:
    """Every row as wide as the widest, so that the columns stand under each other."""
    full = row + [""] * (widest - len(row))
    return [cell[:LONGEST_CELL] for cell in full[:MOST_COLUMNS]]


def _cells(text: str) -> list[list[str]]:
    """A plain table's rows, by the sign that parts the most of its first line."""
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(text.split("\n"), delimiter=separator)
    try:
        return list(islice(reader, MOST_ROWS + 1))
    except csv.Error:
        return [line.split(separator) for line in text.split("\n")]
