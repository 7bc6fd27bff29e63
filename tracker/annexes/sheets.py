"""A workbook's sheets as rows of cells, merged cells filled in."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.utils.translation import gettext as _
from python_calamine import CalamineSheet, CalamineWorkbook

from tracker.annexes.package import read_package
from tracker.evidence.types import FileRefused

Value = int | float | str | bool | time | date | datetime | timedelta
Position = tuple[int, int]
EMPTY = ""


@dataclass(frozen=True)
class Sheet:
    """Rows of cells from A1 on; ``formulas`` holds the positions whose value was worked out."""

    name: str
    rows: list[list[Value]]
    formulas: frozenset[Position]


@dataclass(frozen=True)
class Workbook:
    """The sheets that one sees, and the names of those that are hidden and were left out."""

    sheets: tuple[Sheet, ...]
    hidden: tuple[str, ...]
    is_1904: bool


def read_workbook(path: Path, original_name: str) -> Workbook:
    """Read a workbook; ``FileRefused`` for one that is damaged, sealed, huge or has macros."""
    package = read_package(path, original_name)
    try:
        with CalamineWorkbook.from_path(path) as book:
            sheets = tuple(
                _sheet(book.get_sheet_by_name(part.name), package.formulas[part.name])
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


def _sheet(read: CalamineSheet, formulas: frozenset[Position]) -> Sheet:
    rows: list[list[Value]] = read.to_python(skip_empty_area=False)
    merged = read.merged_cell_ranges or []
    return Sheet(read.name, rows, formulas | _fill(rows, merged, formulas))


def _fill(
    rows: list[list[Value]],
    merged: list[tuple[Position, Position]],
    formulas: frozenset[Position],
) -> set[Position]:
    """Give each cell of a merged range the value of its first; the formulas that spread so.

    Ranges of one sheet do not overlap; as many cells as the sheet has are filled, and no more.
    """
    height, width = len(rows), len(rows[0]) if rows else 0
    left, spread = height * width, set()
    for (top, first), (bottom, last) in merged:
        if top >= height or first >= width:
            continue
        value, is_formula = rows[top][first], (top, first) in formulas
        for row in range(top, min(bottom + 1, height)):
            for column in range(first, min(last + 1, width)):
                rows[row][column] = value
                if is_formula:
                    spread.add((row, column))
        left -= (min(bottom + 1, height) - top) * (min(last + 1, width) - first)
        if left < 0:
            raise ValueError("merged ranges overlap")
    return spread
