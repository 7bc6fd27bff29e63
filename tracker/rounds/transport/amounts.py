"""A cell of tonnes or of a month: what it says, or why it can't be taken. Pure.

What may be meant in two ways is never guessed: the reader is told and writes it anew.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from django.utils.translation import gettext as _

from tracker.annexes.cells import shown
from tracker.annexes.days import NO_DATE, plain
from tracker.annexes.sheets import Value

# No plant moves as much in a month: such a number is a slip of the unit or of the point.
MOST_TONNES = Decimal(10_000_000)
PLACES = 3
EARLIEST_YEAR, LATEST_YEAR = 2020, 2040
_NUMBER = re.compile(r"[-+]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
_PLACEHOLDER = re.compile(r"9{4,}\.9+|9{5,}")
_MONTHS = (
    re.compile(r"(20\d\d)[-/](\d{1,2})"),
    re.compile(r"(20\d\d)年(\d{1,2})月份?"),
    re.compile(r"(20\d\d)(\d\d)"),
    re.compile(r"(20\d\d)[-/.](\d{1,2})[-/.](\d{1,2})"),
    re.compile(r"(20\d\d)年(\d{1,2})月(\d{1,2})[日号]"),
)


class Unit(Enum):
    """In what a column counts; 万吨 are ten thousand tonnes."""

    TONNES = Decimal(1)
    TEN_THOUSAND_TONNES = Decimal(10_000)


@dataclass(frozen=True)
class Wrong:
    """Why a cell can't be taken; the sentence stands beside the cell's place."""

    sentence: str


_UNITS = (
    (re.compile(r"(?:万吨|万t|10kt|10\^4t)$", re.IGNORECASE), Unit.TEN_THOUSAND_TONNES),
    (re.compile(r"(?:吨|tonnes?|t)$", re.IGNORECASE), Unit.TONNES),
)
_NAMES = {Unit.TONNES: "吨 (t)", Unit.TEN_THOUSAND_TONNES: "万吨 (10⁴ t)"}


def units_named(heading: str) -> set[Unit]:
    """The units that a heading speaks of; 万吨 holds 吨."""
    text = plain(heading).lower()
    found = set()
    without = re.sub(r"万吨|万t|10kt|10\^4t", "", text)
    if without != text:
        found.add(Unit.TEN_THOUSAND_TONNES)
    if re.search(r"吨|tonne|\(t\)|,t$|/t$", without):
        found.add(Unit.TONNES)
    return found


def read_tonnes(value: Value, unit: Unit) -> Decimal | Wrong:
    """Tonnes from a cell of a column in this unit."""
    text = {"text": shown(value)}
    if isinstance(value, str) and plain(value) in NO_DATE:
        return Wrong(_("There are no tonnes here: write 0 where nothing was carried."))
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return Wrong(_("“%(text)s” is no number of tonnes.") % text)
    written = plain(value) if isinstance(value, str) else f"{value:.15g}"
    number, own = _without_unit(written)
    if own is not None and own != unit:
        return Wrong(
            _("“%(text)s” is in %(own)s, but its column is in %(unit)s: use one unit.")
            % {**text, "own": _NAMES[own], "unit": _NAMES[unit]}
        )
    if not isinstance(value, str):
        return _within(Decimal(written), text, unit)
    if not _NUMBER.fullmatch(number):
        return Wrong(_why_no_number(number, text))
    return _within(Decimal(number.replace(",", "")), text, unit)


def _without_unit(written: str) -> tuple[str, Unit | None]:
    for words, unit in _UNITS:
        if words.search(written):
            return words.sub("", written), unit
    return written, None


def _why_no_number(number: str, text: dict[str, str]) -> str:
    if re.fullmatch(r"[-+]?\d+,\d+", number):
        return _("“%(text)s” has a decimal comma: write a point instead.") % text
    return _("“%(text)s” is no number of tonnes.") % text


def _within(number: Decimal, text: dict[str, str], unit: Unit) -> Decimal | Wrong:
    """A number that can be: not negative, no placeholder, no more than a plant can move."""
    if not number.is_finite():
        return Wrong(_("“%(text)s” is no number of tonnes.") % text)
    if _PLACEHOLDER.fullmatch(f"{abs(number):f}"):
        return Wrong(
            _("“%(text)s” is what stands for a missing value: write the tonnes, or 0.") % text
        )
    if number < 0:
        return Wrong(_("“%(text)s” is negative: tonnes are 0 or more.") % text)
    tonnes = number * unit.value
    if tonnes > MOST_TONNES:
        return Wrong(
            _("“%(text)s” is more than a plant can carry in a month: look at the unit.") % text
        )
    if tonnes != round(tonnes, PLACES):
        return Wrong(_("“%(text)s” is finer than a kilogram: write at most that.") % text)
    return round(tonnes, PLACES)


def read_month(value: Value) -> date | Wrong:
    """The first day of the month that a cell names, with its year."""
    day = _day_of(value)
    if isinstance(day, Wrong):
        return day
    if day is None or not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        sentence = _("“%(text)s” is read as no month: write it as 2026-03 or 2026年3月.")
        return Wrong(sentence % {"text": shown(value)})
    return day.replace(day=1)


def _day_of(value: Value) -> date | Wrong | None:
    if isinstance(value, datetime):
        return _edge_of_month(value.date())
    if isinstance(value, date):
        return _edge_of_month(value)
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    if isinstance(value, float) and not value.is_integer():
        return None  # 2026.1 may be January or October
    text = plain(value) if isinstance(value, str) else str(int(value))
    found = next(filter(None, (form.fullmatch(text) for form in _MONTHS)), None)
    if found is None:
        return None
    year, month, *day = map(int, found.groups())
    try:
        return _edge_of_month(date(year, month, *day)) if day else date(year, month, 1)
    except ValueError:  # such as month 13
        return None


def _edge_of_month(day: date) -> date | Wrong:
    """The first and the last day stand for their month; another is a row of one day."""
    if day.day in (1, monthrange(day.year, day.month)[1]):
        return day
    sentence = _("%(day)s is a day: the ledger has one row for a month, so add its days up.")
    return Wrong(sentence % {"day": day.isoformat()})
