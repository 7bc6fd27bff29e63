"""A day as departments write it: as a date, a serial number, or a phrase such as 2026年6月底."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from tracker.annexes.sheets import Value

# Outside of these years a cell holds no completion date but another number or a slip.
EARLIEST, LATEST = date(2020, 1, 1), date(2040, 12, 31)
FIRST_DAY_1900, FIRST_DAY_1904 = date(1899, 12, 30), date(1904, 1, 1)
NO_DATE = frozenset({"", "/", "-", "—", "——", "--", "无", "不涉及", "不适用"})
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_BEFORE = re.compile(r"(之前|以前|前)$")
_NOTHING_LATER = r"(?:[T]?0?0:00(?::00(?:\.0+)?)?)?"


def is_no_date(value: Value) -> bool:
    """Whether the cell is empty, or says that there is none."""
    return isinstance(value, str) and plain(value) in NO_DATE


def plain(text: str) -> str:
    """Full-width letters as plain ones, no blanks."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def read_day(value: Value, *, is_1904: bool) -> date | None:
    """The last day that still counts (end-inclusive); None for what is no date of this kind."""
    day = _day(value, is_1904)
    return day if day is not None and EARLIEST <= day <= LATEST else None


def _day(value: Value, is_1904: bool) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return _of_serial(value, is_1904)
    return _of_text(value) if isinstance(value, str) else None


def _of_serial(number: float, is_1904: bool) -> date | None:
    """Excel counts days; the time of the day is left away."""
    if not 0 < number < 100_000:
        return None
    return (FIRST_DAY_1904 if is_1904 else FIRST_DAY_1900) + timedelta(days=int(number))


def _of_text(text: str) -> date | None:
    text = _BEFORE.sub("", plain(text))
    for form, last_day in _FORMS:
        found = re.fullmatch(form, text)
        if found:
            try:
                return last_day(*found.groups())
            except ValueError:  # such as 31 June
                return None
    return None


def _on(year: str, month: str, day: str) -> date:
    return date(int(year), int(month), int(day))


def _end_of_month(year: str, month: str) -> date:
    return date(int(year), int(month), 1) + relativedelta(months=1, days=-1)


def _end_of_quarter(year: str, quarter: str) -> date:
    return _end_of_month(year, str(3 * _QUARTERS[quarter]))


def _end_of_half(year: str, half: str) -> date:
    return _end_of_month(year, "6" if half == "上" else "12")


def _end_of_year(year: str) -> date:
    return date(int(year), 12, 31)


_FORMS: tuple[tuple[str, Callable[..., date]], ...] = (
    (r"(20\d\d)[-/.](\d{1,2})[-/.](\d{1,2})" + _NOTHING_LATER, _on),
    (r"(20\d\d)年(\d{1,2})月(\d{1,2})[日号]", _on),
    (r"(20\d\d)年(\d{1,2})月(?:份|底|末|月底)?", _end_of_month),
    (r"(20\d\d)年第?([一二三四1-4])季度(?:底|末)?", _end_of_quarter),
    (r"(20\d\d)年?Q([1-4])", _end_of_quarter),
    (r"(20\d\d)年([上下])半年(?:底|末)?", _end_of_half),
    (r"(20\d\d)年(?:底|末|年底)", _end_of_year),
)
