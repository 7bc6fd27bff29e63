"""The rows of one sheet as samples, each fault named by its cell; no row hides another's. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.annexes.cells import shown
from tracker.annexes.places import letters_of, place_of
from tracker.annexes.sheets import Sheet, Value
from tracker.rounds.samples.columns import PREPARED, Column, Heading
from tracker.rounds.samples.known import Fault, Known, KnownOutlet, SampleKey
from tracker.rounds.samples.units import is_wanted, unit_in, what_is_wrong
from tracker.rounds.samples.values import (
    Unfit,
    plain,
    read_concentration,
    read_instant,
    read_load,
    read_oxygen,
    read_pollutant,
    read_text,
)

T = TypeVar("T")


@dataclass(frozen=True)
class ReadSample:
    """One row without a fault; instants are aware."""

    place: str
    outlet: int
    pollutant: str
    taken_from_at: datetime
    taken_to_at: datetime
    load_percent: Decimal | None
    oxygen_percent: Decimal | None
    measured: Decimal
    laboratory_number: str
    cems_measured: Decimal | None

    @property
    def key(self) -> SampleKey:
        return self.outlet, self.pollutant, self.taken_from_at


class SheetReader:
    """Reads a sheet below its heading; ``seen`` is shared by the sheets of a workbook."""

    def __init__(
        self,
        sheet: Sheet,
        heading: Heading,
        known: Known,
        *,
        is_1904: bool = False,
        seen: dict[SampleKey, str] | None = None,
    ) -> None:
        self.sheet, self.heading, self.known = sheet, heading, known
        self.is_1904, self.seen = is_1904, {} if seen is None else seen
        self.samples: list[ReadSample] = []
        self.faults: list[Fault] = []
        self.untouched = 0
        self.unit_said = is_wanted(unit_in(heading.titles.get(Column.MEASURED, "")))

    def read(self) -> None:
        """Read the heading, and the rows below it if it has all the columns."""
        self._read_heading()
        if self.heading.missing:
            return
        for index in range(self.heading.row + 1, len(self.sheet.rows)):
            filled = {
                kind for kind, at in self.heading.columns.items() if plain(self._cell(index, kind))
            }
            if filled - PREPARED:
                self.read_row(index)
            elif filled:
                self.untouched += 1

    def _read_heading(self) -> None:
        """Columns that are missing or there twice, a unit that isn't mg/m3, another's plant."""
        heading = self.heading
        for kind in heading.missing:
            wanted = _("The table has no column for it.")
            place = address(self.sheet.name, heading.row, 0)
            self.faults.append(Fault(place, str(kind.label), "", wanted, kind.value))
        for kind, at in heading.twice:
            place = address(self.sheet.name, heading.row, at)
            found = shown(self.sheet.rows[heading.row][at])
            wanted = _("Two columns say the same: leave one.")
            self.faults.append(Fault(place, str(kind.label), found, wanted, kind.value))
        for kind in (Column.MEASURED, Column.CEMS):
            unit = unit_in(heading.titles.get(kind, ""))
            if unit and not is_wanted(unit):
                self._add(heading.row, kind, what_is_wrong(unit))
        no_unit = not unit_in(heading.titles.get(Column.MEASURED, ""))
        if no_unit and Column.UNIT not in heading.columns and Column.MEASURED in heading.columns:
            self._add(heading.row, Column.MEASURED, _("Name the unit: mg/m³."))

    def read_row(self, index: int) -> None:
        """Read one row: a sample, or the faults of all its cells."""
        before = len(self.faults)
        outlet = self._try(index, Column.OUTLET, self._outlet)
        pollutant = self._try(index, Column.POLLUTANT, read_pollutant)
        span = self._span(index)
        load = self._try(index, Column.LOAD, read_load, needed=False)
        oxygen = self._try(index, Column.OXYGEN, read_oxygen, needed=bool(outlet and outlet.burns))
        measured = self._try(index, Column.MEASURED, read_concentration)
        self._check_unit(index)
        number = self._try(index, Column.NUMBER, read_text, needed=False)
        cems = self._try(index, Column.CEMS, read_concentration, needed=False)
        if outlet is not None and pollutant is not None and span[0] is not None:
            self._check_once(index, (outlet.pk, pollutant, span[0]))
        if len(self.faults) > before:
            return
        if outlet and pollutant and span[0] and span[1] and measured is not None:
            place = address(self.sheet.name, index, self.heading.columns[Column.OUTLET])
            self.samples.append(
                ReadSample(
                    *(place, outlet.pk, pollutant, span[0], span[1]),
                    *(load, oxygen, measured, number or "", cems),
                )
            )

    def _span(self, index: int) -> tuple[datetime | None, datetime | None]:
        """Both ends, each on a monitoring day and none in the future, in their order."""
        start = self._try(index, Column.FROM, self._instant())
        # Where the start can't be read, an end that is only a time of day is not at fault.
        day = start.date() if start else self.known.first_on
        end = self._try(index, Column.TO, self._instant(same_day=day))
        first, last = self._aware(index, Column.FROM, start), self._aware(index, Column.TO, end)
        if first is not None and last is not None and last <= first:
            self._add(index, Column.TO, _("The sampling ends before it starts, or at once."))
            return first, None
        return first, last

    def _instant(self, same_day: date | None = None) -> Callable[[Value], datetime]:
        return lambda value: read_instant(value, is_1904=self.is_1904, same_day=same_day)

    def _aware(self, index: int, kind: Column, local: datetime | None) -> datetime | None:
        if local is None:
            return None
        known = self.known
        if not known.first_on <= local.date() <= known.last_on:
            days = {"first": known.first_on.isoformat(), "last": known.last_on.isoformat()}
            wanted = _("The round's monitoring days are %(first)s to %(last)s.") % days
            self._add(index, kind, wanted)
            return None
        instant = timezone.make_aware(local, timezone.get_default_timezone())
        if instant > known.now:
            self._add(index, kind, _("This lies in the future."))
            return None
        return instant

    def _outlet(self, value: Value) -> KnownOutlet:
        text = plain(value).upper()
        code = text.split()[0] if text else ""
        found = self.known.outlets.get(code)
        if found is None:
            if code in self.known.foreign:
                raise Unfit(_("This is an outlet of another plant."))
            raise Unfit(_("The plant has no outlet with this code."))
        if not found.in_round:
            raise Unfit(_("The outlet's line is no part of this round."))
        return found

    def _check_unit(self, index: int) -> None:
        if Column.UNIT not in self.heading.columns:
            return
        unit = plain(self._cell(index, Column.UNIT))
        if unit and not is_wanted(unit):
            self._add(index, Column.UNIT, what_is_wrong(unit))
        elif not unit and not self.unit_said:
            self._add(index, Column.UNIT, _("Name the unit: mg/m³."))

    def _check_once(self, index: int, key: SampleKey) -> None:
        place = address(self.sheet.name, index, self.heading.columns[Column.FROM])
        if key in self.seen:
            same = _("The same outlet, pollutant and start stand at %(place)s, too.")
            self._add(index, Column.FROM, same % {"place": self.seen[key]})
            return
        self.seen[key] = place
        if key in self.known.stored:
            stored = _("A sample of this outlet, pollutant and start is there already.")
            self._add(index, Column.FROM, stored)

    def _try(
        self, index: int, kind: Column, read: Callable[[Value], T], *, needed: bool = True
    ) -> T | None:
        """The cell read; None where it is empty or unfit, which is then among the faults."""
        value = self._cell(index, kind)
        if plain(value) == "":
            if needed:
                self._add(index, kind, _("It is empty."))
            return None
        if (index, self.heading.columns[kind]) in self.sheet.formulas:
            self._add(index, kind, _("The cell holds a formula: enter the value itself."))
            return None
        try:
            return read(value)
        except Unfit as unfit:
            self._add(index, kind, str(unfit))
            return None

    def _cell(self, index: int, kind: Column) -> Value:
        at = self.heading.columns.get(kind)
        row: Sequence[Value] = self.sheet.rows[index]
        return row[at] if at is not None and at < len(row) else ""

    def _add(self, index: int, kind: Column, wanted: str) -> None:
        at = self.heading.columns.get(kind, self.heading.columns.get(Column.OUTLET, 0))
        title = self.heading.titles.get(kind, str(kind.label))
        place = address(self.sheet.name, index, at)
        found = shown(self._cell(index, kind)).strip()
        self.faults.append(Fault(place, title, found, wanted, kind.value))


def address(sheet: str, row: int, column: int) -> str:
    """As Excel writes it, without a sheet's name where there is none: 样品!D7, or D7."""
    return place_of(sheet, row, column) if sheet else f"{letters_of(column)}{row + 1}"
