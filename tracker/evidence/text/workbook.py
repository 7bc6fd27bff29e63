"""What stands in a workbook's cells: each sheet's name, then its rows."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineWorkbook

from tracker.evidence.text.pieces import BREAK
from tracker.evidence.types.content import Content

MOST_ROWS = 50_000

Cell = int | float | str | bool | time | date | datetime | timedelta


def lines_of_workbook(content: Content) -> Iterator[str]:
    content.stream.seek(0)
    book = CalamineWorkbook.from_filelike(content.stream)
    for number, name in enumerate(book.sheet_names):
        yield (BREAK if number else "") + name
        rows = book.get_sheet_by_name(name).to_python(nrows=MOST_ROWS)
        yield from ("\t".join(map(shown, row)) for row in rows)


def shown(cell: Cell) -> str:
    """A cell as one reads it: in one line, whole numbers without a fraction."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes") if cell.time() != time() else str(cell.date())
    return " ".join(str(cell).split())
