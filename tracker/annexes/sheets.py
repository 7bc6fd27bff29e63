"""A workbook's sheets as rows of cells, merged cells filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.utils.translation import gettext as _
from python_calamine import CalamineSheet, CalamineWorkbook

from tracker.annexes.formats import Format
from tracker.annexes.package import Marks, Position, read_package
from tracker.evidence.models import StoredFile
from tracker.evidence.store import path_of
from tracker.evidence.types import FileRefused

Value = int | float | str | bool | time | date | datetime | timedelta
EMPTY = ""


@dataclass(frozen=True)
class Sheet:
    """Rows of cells from A1 on; ``formulas`` holds the positions whose value was worked out.

    ``formats`` holds the number formats that hide the day or the year of a date.
    """

    name: str
    rows: list[list[Value]]
    formulas: frozenset[Position]
    formats: Mapping[Position, Format] = field(default_factory=dict)


@dataclass(frozen=True)
class Workbook:
    """The sheets that one sees, and the names of those that are hidden and were left out."""

    sheets: tuple[Sheet, ...]
    hidden: tuple[str, ...]
    is_1904: bool


def read_stored(stored: StoredFile, original_name: str) -> Workbook:
    """``read_workbook`` out of the store; ``FileRefused`` as well where a virus was found in it."""
    if stored.is_quarantined:
        raise FileRefused(
            _(
                "A virus was found in “%(name)s” (%(found)s), so it is neither read nor applied: "
                "bring a clean file in its place."
            )
            % {"name": original_name, "found": stored.scan_found}
        )
    return read_workbook(path_of(stored), original_name)


def read_workbook(path: Path, original_name: str) -> Workbook:
    """Read a workbook; ``FileRefused`` for one that is damaged, sealed, huge or has macros."""
    package = read_package(path, original_name)
    try:
        with CalamineWorkbook.from_path(path) as book:
            sheets = tuple(
                _sheet(book.get_sheet_by_name(part.name), package.marks[part.name])
                for part in package.parts
                if not part.hidden
            )
    except Exception as fault:  # what calamine raises for a crafted sheet is not listed anywhere
        raise FileRefused(
            _("“%(name)s” is damaged: open it in Excel or WPS and save it anew as .xlsx.")
            % {"name": original_name}
        ) from fault
    hidden = tuple(part.name for part in package.parts if part.hidden)
    return Workbook(sheets, hidden, package.is_1904)


def _sheet(read: CalamineSheet, marks: Marks) -> Sheet:
    rows: list[list[Value]] = read.to_python(skip_empty_area=False)
    formulas, formats = set(marks.formulas), dict(marks.formats)
    _fill(rows, read.merged_cell_ranges or [], formulas, formats)
    return Sheet(read.name, rows, frozenset(formulas), formats)


def _fill(
    rows: list[list[Value]],
    merged: list[tuple[Position, Position]],
    formulas: set[Position],
    formats: dict[Position, Format],
) -> None:
    """Give each cell of a merged range the value and the marks of its first.

    Ranges of one sheet do not overlap; as many cells as the sheet has are filled, and no more.
    """
    height, width = len(rows), len(rows[0]) if rows else 0
    left = height * width
    for (top, first), (bottom, last) in merged:
        if top >= height or first >= width:
            continue
        value, form = rows[top][first], formats.get((top, first))
        is_formula = (top, first) in formulas
        for row in range(top, min(bottom + 1, height)):
            for column in range(first, min(last + 1, width)):
                rows[row][column] = value
                if is_formula:
                    formulas.add((row, column))
                if form is None:
                    formats.pop((row, column), None)
                else:
                    formats[row, column] = form
        left -= (min(bottom + 1, height) - top) * (min(last + 1, width) - first)
        if left < 0:
            raise ValueError("merged ranges overlap")
