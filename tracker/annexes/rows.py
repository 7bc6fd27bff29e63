"""The rows of an annex as the file has them: a plant's names and days, each with its cell."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from tracker.annexes.columns import DAYS, Column, Layout, heading_texts, is_banner, parts_named
from tracker.annexes.days import is_no_date, plain, read_day
from tracker.annexes.places import place_of
from tracker.annexes.sheets import Sheet, Value, Workbook
from tracker.regulations.models import AnnexPart

_SUMS = re.compile(r"^(?:合计|小计|总计|备注|说明|注[::])")


@dataclass(frozen=True)
class Problem:
    """What is wrong, and in which cell of which sheet."""

    place: str
    sentence: str


@dataclass(frozen=True)
class Day:
    """One part's day: where it stands, what stands there, and how it was read."""

    part: AnnexPart
    place: str
    text: str
    day: date


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
        self.days = [kind for kind in DAYS if kind in self.columns]
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
        """One thing only, and no formula whose value the file lacks."""
        formula = any((index, column) in self.sheet.formulas for column in self.columns.values())
        return is_banner(self.sheet.rows[index]) and not formula

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
                self._read(AnnexPart(kind), index, place, value, days, problems)
        names = {kind: self._text(index, kind) for kind in Column if kind not in DAYS}
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
        self,
        part: AnnexPart,
        index: int,
        place: str,
        value: Value,
        days: list[Day],
        problems: list[Problem],
    ) -> None:
        """One cell with a day in it: the day for each part that it is for, or what is wrong."""
        text = shown(value)
        day = read_day(value, is_1904=self.is_1904)
        if day is None:
            problems.append(Problem(place, _("“%(text)s” is read as no date.") % {"text": text}))
            return
        parts = [part]
        if part == AnnexPart.WHOLE and Column.PARTS in self.columns:
            said = self._text(index, Column.PARTS)
            parts = parts_named(said) or ([part] if not plain(said) else [])
            if not parts:
                at = place_of(self.sheet.name, index, self.columns[Column.PARTS])
                problems.append(Problem(at, _("“%(text)s” names no part.") % {"text": said[:60]}))
        days += [Day(each, place, text, day) for each in parts]

    def _place_of_plant(self, index: int) -> str:
        """The cell that names the plant: the first of name, credit code and permit number."""
        for kind in (Column.NAME, Column.CREDIT_CODE, Column.PERMIT):
            if kind in self.columns and self._text(index, kind):
                return place_of(self.sheet.name, index, self.columns[kind])
        return place_of(self.sheet.name, index, 0)

    def _text(self, index: int, kind: Column) -> str:
        column = self.columns.get(kind)
        return shown(self.sheet.rows[index][column]).strip() if column is not None else ""


def shown(value: Value) -> str:
    """A cell's value as Excel would show it, near enough to be found again."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "isoformat"):
        return value.isoformat()[:10]
    return str(value)[:200]


def _formula() -> str:
    return _("The cell holds a formula: enter the value itself.")
