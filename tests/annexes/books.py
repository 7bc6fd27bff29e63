"""Workbooks as departments make them, built with openpyxl, and broken ones built by hand."""

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import openpyxl
import time_machine
from openpyxl.worksheet.worksheet import Worksheet

from tests.factories import NOW

Cells = Sequence[Sequence[object]]


def book(
    *sheets: tuple[str, Cells], merge: Sequence[str] = (), dress: Callable[..., None] | None = None
) -> bytes:
    """A workbook of these sheets; ``merge`` names ranges of the first, ``dress`` may change it."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    for each in merge:
        made.worksheets[0].merge_cells(each)
    if dress is not None:
        dress(made)
    return saved(made)


def saved(made: openpyxl.Workbook) -> bytes:
    """The same book is the same bytes whenever it is saved: openpyxl writes the time into it."""
    stream = io.BytesIO()
    made.properties.created = NOW
    with time_machine.travel(NOW, tick=False):
        made.save(stream)
    return stream.getvalue()


def as_serial(sheet: Worksheet, cell: str, day: date) -> None:
    """Put a day into a cell as a bare number, as it stands where the format was lost."""
    sheet[cell] = (day - date(1899, 12, 30)).days


def rewritten(content: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """The same package with each part changed; None takes it out."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
    return stream.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The package with one part more."""
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, part)
    return stream.getvalue()


def written(folder: Path, content: bytes, name: str = "附表.xlsx") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path
