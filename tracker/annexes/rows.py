"""The rows of an annex as the file has them: a plant's names and days, each with its cell."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from tracker.annexes.cells import Unread, read_cell, shown
from tracker.annexes.columns import (
    Column,
    Layout,
    heading_texts,
    is_banner,
    parts_named,
    parts_of,
)
from tracker.annexes.days import is_no_date, looks_like_day, plain
from tracker.annexes.places import place_of
from tracker.annexes.sheets import Sheet, Workbook
from tracker.regulations.models import AnnexPart

_SUMS = re.compile(r"^(?:合计|小计|总计|备注|说明|注)(?:$|\W|\d)")


@dataclass(frozen=True)
class Problem:
    """What is wrong, and in which cell of which sheet."""

    place: str
    sentence: str


@dataclass(frozen=True)
class Day:
    """One part's day: where it stands, what stands there, and how it was read.

    ``shows_month`` tells of a date cell that shows its month only: the month's end was read.
    """

    part: AnnexPart
    place: str
    text: str
    day: date
    shows_month: bool = False


@dataclass(frozen=True)
class Row:
    """One row; ``key`` is its sheet's and its own number, ``place`` the cell that names the plant.

    Rows of one plant may follow each other, and one row may have several days.
    """

    key: str
    place: str
    name: str
    credit_code: str
    permit: str
    locality: str
    days: tuple[Day, ...]
    problems: tuple[Problem, ...]


@dataclass
class Rows:
    """All rows that have a day, and by sheet the numbers of those that have none."""

    found: list[Row] = field(default_factory=list)
    without_day: dict[str, list[int]] = field(default_factory=dict)


def read_rows(workbook: Workbook, layouts: Mapping[str, Layout]) -> Rows:
    """Read every sheet by its layout, by the sheet's name; a sheet without a heading is left out.

    Titles, sums, notes and repeated headings are passed over; a row that names a plant but no day
    is counted.
    """
    rows = Rows()
    for number, sheet in enumerate(workbook.sheets):
        layout = layouts.get(sheet.name, Layout())
        if layout.is_table:
            reader = _Reader(number, sheet, layout, workbook.is_1904)
            rows.found += reader.rows()
            if reader.without_day:
                rows.without_day[sheet.name] = reader.without_day
    return rows


class _Reader:
    """Reads one sheet."""

    def __init__(self, number: int, sheet: Sheet, layout: Layout, is_1904: bool) -> None:
        self.number, self.sheet, self.is_1904 = number, sheet, is_1904
        self.columns = {kind: column for column, kind in layout.kinds.items()}
        assert layout.first is not None  # noqa: S101 (a table has a heading)
        assert layout.last is not None  # noqa: S101
        self.start = layout.last + 1
        self.headings = set(heading_texts(sheet, layout.first, layout.last))
        self.days = [kind for kind in layout.kinds.values() if parts_of(kind)]
        self.at = frozenset(layout.kinds)
        self.day_columns = [self.columns[kind] for kind in self.days]
        self.without_day: list[int] = []

    def rows(self) -> Iterator[Row]:
        for index in range(self.start, len(self.sheet.rows)):
            if self._is_title(index) or self._is_beside(index):
                continue
            row = self._row(index)
            if row.days or row.problems:
                yield row
            else:
                self.without_day.append(index + 1)

    def _is_title(self, index: int) -> bool:
        """One thing only, with no formula whose value the file lacks, and with nothing of a day.

        A title that is merged over the table stands in the columns of days, too.
        """
        row = self.sheet.rows[index]
        if not is_banner(row) or any((index, at) in self.sheet.formulas for at in self.at):
            return False
        dated = [at for at in self.day_columns if not is_no_date(row[at])]
        beside = any(row[at] != "" for at in self.at if at not in self.day_columns)
        return not dated or (beside and not any(looks_like_day(row[at]) for at in dated))

    def _is_beside(self, index: int) -> bool:
        """A sum, a note, or the heading once more at the top of a printed page."""
        cells = [plain(str(value)) for value in self.sheet.rows[index] if value != ""]
        name = plain(self._text(index, Column.NAME))
        if name in self.headings and name:
            return True
        return bool(_SUMS.search(name) or (not name and cells and _SUMS.search(cells[0])))

    def _row(self, index: int) -> Row:
        problems: list[Problem] = []
        days: list[Day] = []
        for kind in self.days:
            column = self.columns[kind]
            value = self.sheet.rows[index][column]
            place = place_of(self.sheet.name, index, column)
            if (index, column) in self.sheet.formulas:
                problems.append(Problem(place, _formula()))
            elif not is_no_date(value):
                self._read(kind, index, place, days, problems)
        names = {kind: self._text(index, kind) for kind in Column if not parts_of(kind)}
        for kind in (Column.NAME, Column.CREDIT_CODE, Column.PERMIT):
            at = self.columns.get(kind)
            if at is not None and (index, at) in self.sheet.formulas:
                problems.append(Problem(place_of(self.sheet.name, index, at), _formula()))
        return Row(
            key=f"{self.number}-{index + 1}",
            place=self._place_of_plant(index),
            name=names[Column.NAME],
            credit_code=names[Column.CREDIT_CODE],
            permit=names[Column.PERMIT],
            locality=names[Column.PLACE],
            days=tuple(days),
            problems=tuple(problems),
        )

    def _read(
        self, kind: str, index: int, place: str, days: list[Day], problems: list[Problem]
    ) -> None:
        """One cell with a day in it: the day for each part that it is for, or what is wrong."""
        position = index, self.columns[kind]
        value = self.sheet.rows[index][self.columns[kind]]
        read = read_cell(value, self.sheet.formats.get(position), is_1904=self.is_1904)
        if isinstance(read, Unread):
            problems.append(Problem(place, read.sentence))
            return
        parts = parts_of(kind)
        if parts == [AnnexPart.WHOLE] and Column.PARTS in self.columns:
            said = self._text(index, Column.PARTS)
            parts = parts_named(said) or (parts if not plain(said) else [])
            if not parts:
                at = place_of(self.sheet.name, index, self.columns[Column.PARTS])
                problems.append(Problem(at, _("“%(text)s” names no part.") % {"text": said[:60]}))
        days += [Day(part, place, read.text, read.day, read.shows_month) for part in parts]

    def _place_of_plant(self, index: int) -> str:
        """The cell that names the plant: the first of name, credit code and permit number."""
        for kind in (Column.NAME, Column.CREDIT_CODE, Column.PERMIT):
            if kind in self.columns and self._text(index, kind):
                return place_of(self.sheet.name, index, self.columns[kind])
        return place_of(self.sheet.name, index, 0)

    def _text(self, index: int, kind: Column) -> str:
        column = self.columns.get(kind)
        return shown(self.sheet.rows[index][column]).strip() if column is not None else ""


def _formula() -> str:
    return _("The cell holds a formula: enter the value itself.")
