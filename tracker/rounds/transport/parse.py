"""A ledger out of Excel or pasted: its rows, and every fault by the cell that it is in. Pure."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TypeVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from tracker.annexes.cells import shown
from tracker.annexes.days import plain
from tracker.annexes.places import place_of
from tracker.annexes.rows import Problem
from tracker.annexes.sheets import EMPTY, Sheet, Value
from tracker.rounds.transport.amounts import Unit, Wrong, read_month, read_tonnes, units_named
from tracker.rounds.transport.share import Haul, Period
from tracker.rounds.transport.words import DIRECTIONS, GOODS, MODES, read_class, read_word

C = TypeVar("C", bound=models.TextChoices)
T = TypeVar("T")

HEADING_WITHIN_ROWS = 10
MOST_ROWS = 20_000
_BESIDE = re.compile(r"^(?:合计|小计|总计|累计|备注|说明|注)(?:$|\W|\d)|^total\b", re.IGNORECASE)


class Column(Enum):
    """What a column holds, and the words by which its heading is found."""

    MONTH = re.compile(r"^(?:月份|年月|统计月份|月|month)")
    DIRECTION = re.compile(r"^(?:方向|进出|运输方向|direction)")
    GOODS = re.compile(r"^(?:货物|物料|goods)")
    MODE = re.compile(r"^(?:运输方式|方式|mode)")
    ROAD_CLASS = re.compile(r"^(?:车辆类别|排放阶段|排放标准|vehicleclass|class)")
    TONNES = re.compile(r"^(?:运量|运输量|吨数|数量|tonnes|amount)")


_LABELS = {
    Column.MONTH: gettext_lazy("month"),
    Column.DIRECTION: gettext_lazy("direction"),
    Column.GOODS: gettext_lazy("goods"),
    Column.MODE: gettext_lazy("mode"),
    Column.ROAD_CLASS: gettext_lazy("vehicle class"),
    Column.TONNES: gettext_lazy("tonnes"),
}
Key = tuple[date, str, str, str, str]


@dataclass(frozen=True)
class LedgerLine:
    """One haul and the cell in which its row begins."""

    haul: Haul
    place: str

    @property
    def key(self) -> Key:
        return key_of(self.haul)


@dataclass(frozen=True)
class ParsedLedger:
    """All rows that can be taken and all faults; with a fault nothing of it is to be loaded."""

    lines: tuple[LedgerLine, ...]
    faults: tuple[Problem, ...]


def key_of(haul: Haul) -> Key:
    """What makes a row the only one of its kind in its month."""
    return haul.month, haul.direction, haul.goods, haul.mode, haul.road_class or ""


def pasted_sheet(text: str) -> Sheet:
    """A table as a spreadsheet puts it on the clipboard: lines, and tabs between the cells."""
    rows: list[list[Value]] = [
        list(row) for row in csv.reader(io.StringIO(text.strip("\r\n")), delimiter="\t")
    ]
    width = max(map(len, rows), default=0)
    padded = [row + [EMPTY] * (width - len(row)) for row in rows]
    return Sheet(_("pasted table"), padded, frozenset())


def parse_pasted(text: str, *, asked: Period) -> ParsedLedger:
    """Read a pasted table as ``parse_ledger`` reads a workbook."""
    try:
        sheet = pasted_sheet(text)
    except csv.Error:
        return ParsedLedger((), (Problem(_("pasted table"), _("This is no table of cells.")),))
    return parse_ledger([sheet], asked=asked)


def parse_ledger(sheets: Iterable[Sheet], *, asked: Period) -> ParsedLedger:
    """Read every sheet that has a heading; only the months of ``asked`` are taken.

    Sums, notes and empty rows are passed over. Every cell that can't be taken is told, not only
    the first of its row.
    """
    lines: list[LedgerLine] = []
    faults: list[Problem] = []
    read, names = False, []
    for sheet in sheets:
        names.append(sheet.name)
        heading = _heading(sheet)
        if heading is None:
            continue
        read = True
        reader = _Reader(sheet, *heading, asked)
        lines += reader.lines()
        faults += reader.faults
    if not read:
        faults.append(Problem(pgettext("between names", ", ").join(names), _no_heading()))
    elif not lines and not faults:
        faults.append(Problem(pgettext("between names", ", ").join(names), _("There are no rows.")))
    return ParsedLedger(tuple(lines), (*faults, *_twice(lines)))


def _heading(sheet: Sheet) -> tuple[int, dict[Column, int]] | None:
    """The topmost row that names all columns, and where each stands."""
    for index, row in enumerate(sheet.rows[:HEADING_WITHIN_ROWS]):
        found: dict[Column, int] = {}
        for at, value in enumerate(row):
            text = plain(str(value)).lower()
            for column in Column:
                if column not in found and column.value.search(text):
                    found[column] = at
                    break
        if len(found) == len(Column):
            return index, found
    return None


def _no_heading() -> str:
    names = pgettext("between names", ", ").join(str(label) for label in _LABELS.values())
    return _("No row of headings names all of %(names)s: use the template.") % {"names": names}


class _Reader:
    """Reads one sheet."""

    def __init__(self, sheet: Sheet, top: int, columns: dict[Column, int], asked: Period) -> None:
        self.sheet, self.top, self.columns, self.asked = sheet, top, columns, asked
        self.faults: list[Problem] = []
        self.unit = self._unit()

    def lines(self) -> Iterator[LedgerLine]:
        if self.unit is None:
            return
        rows = self.sheet.rows[self.top + 1 :]
        if len(rows) > MOST_ROWS:
            sentence = _("The sheet has more than %(most)d rows.") % {"most": MOST_ROWS}
            self.faults.append(Problem(self.sheet.name, sentence))
            return
        for index, row in enumerate(rows, start=self.top + 1):
            first = next((shown(value) for value in row if value != EMPTY), "")
            if first and not _BESIDE.search(plain(first)):
                haul = self._haul(index, self.unit)
                if haul is not None:
                    yield LedgerLine(haul, self._place(index, Column.MONTH))

    def _unit(self) -> Unit | None:
        """The heading's; one that names none or two leaves every number open."""
        heading = str(self.sheet.rows[self.top][self.columns[Column.TONNES]])
        named = units_named(heading)
        if len(named) == 1:
            return named.pop()
        sentence = _(
            "“%(text)s” does not say in which unit: write 吨 (t) or 万吨 into the heading."
        )
        place = self._place(self.top, Column.TONNES)
        self.faults.append(Problem(place, sentence % {"text": heading}))
        return None

    def _haul(self, index: int, unit: Unit) -> Haul | None:
        """The row as a haul; None where something of it can't be taken."""
        if not self._has_values(index):
            return None
        month = self._month(index)
        direction = self._word(index, Column.DIRECTION, DIRECTIONS)
        goods = self._word(index, Column.GOODS, GOODS)
        mode = self._word(index, Column.MODE, MODES)
        written = shown(self._value(index, Column.ROAD_CLASS))
        read_as = read_class(written, mode) if mode is not None else None
        road_class = self._taken(index, Column.ROAD_CLASS, read_as)
        amount = read_tonnes(self._value(index, Column.TONNES), unit)
        tonnes = self._taken(index, Column.TONNES, amount)
        if month is None or direction is None or goods is None or mode is None or tonnes is None:
            return None
        if isinstance(read_as, Wrong):
            return None
        return Haul(month, direction, goods, mode, tonnes, road_class)

    def _month(self, index: int) -> date | None:
        month = self._taken(index, Column.MONTH, read_month(self._value(index, Column.MONTH)))
        if month is None or self.asked.first <= month <= self.asked.last:
            return month
        span = {"first": f"{self.asked.first:%Y-%m}", "last": f"{self.asked.last:%Y-%m}"}
        sentence = _("The month lies outside of %(first)s to %(last)s.")
        self._fault(index, Column.MONTH, sentence % span)
        return None

    def _word(self, index: int, column: Column, words: dict[str, C]) -> C | None:
        return self._taken(index, column, read_word(shown(self._value(index, column)), words))

    def _taken(self, index: int, column: Column, read: T | Wrong | None) -> T | None:
        """What was read; what is wrong is noted down instead."""
        if isinstance(read, Wrong):
            self._fault(index, column, read.sentence)
            return None
        return read

    def _has_values(self, index: int) -> bool:
        """Whether no cell of the row was worked out by a formula, whose value may be old."""
        worked_out = [c for c in Column if (index, self.columns[c]) in self.sheet.formulas]
        for column in worked_out:
            sentence = _("The cell holds a formula: enter the value itself.")
            self._fault(index, column, sentence)
        return not worked_out

    def _value(self, index: int, column: Column) -> Value:
        return self.sheet.rows[index][self.columns[column]]

    def _fault(self, index: int, column: Column, sentence: str) -> None:
        self.faults.append(Problem(self._place(index, column), sentence))

    def _place(self, index: int, column: Column) -> str:
        return place_of(self.sheet.name, index, self.columns[column])


def _twice(lines: Iterable[LedgerLine]) -> Iterator[Problem]:
    """A fault for each row that an earlier one has already, be it with the same tonnes."""
    first: dict[Key, LedgerLine] = {}
    for line in lines:
        there = first.setdefault(line.key, line)
        if there is not line:
            sentence = _("The row is there already, at %(place)s: keep one of them.")
            yield Problem(line.place, sentence % {"place": there.place})
