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
_TIME_OF_DAY = re.compile(r"(?:T|\s+)(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?$")
# A blank between two digits parts two numbers: without it 2026/6/3 0 would be the 30th.
_BLANKS = re.compile(r"(?<!\d)\s+|\s+(?!\d)")
_COMPLETED = re.compile(
    r"已(?:经|全部|按期)*(?:完成|完工|建成|改造|实施)|^(?:完成|完工|completed|done)$"
)


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


def two_readings(value: Value) -> tuple[date, date] | None:
    """The earlier and the later day that words such as 2026年12月前 may mean: before it, or by it.

    None for all other words: 2026年12月底前 and 2026年12月31日前 mean one day.
    """
    if not isinstance(value, str):
        return None
    text = _without_blanks(value)
    before = _BEFORE.search(text)
    for form, first, last in _SPANS if before else ():
        found = re.fullmatch(form, _BEFORE.sub("", text))
        if found:
            days = _tried(first, found), _tried(last, found)
            return (days[0] - timedelta(days=1), days[1]) if days[0] and days[1] else None
    return None


def is_completed(value: Value) -> bool:
    """Whether the cell says that the work is done, instead of by when."""
    return isinstance(value, str) and bool(_COMPLETED.search(plain(value).lower()))


def looks_like_day(value: Value) -> bool:
    """Whether somebody meant a day, be it one that can't be read without asking her."""
    return read_day(value, is_1904=False) is not None or two_readings(value) is not None


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
    text = unicodedata.normalize("NFKC", text).strip()
    day, cut = _TIME_OF_DAY.subn("", text)
    if cut:
        return _fitting(_DAYS, _without_blanks(day))
    text = _without_blanks(text)
    before = _BEFORE.search(text)
    return _fitting((*_DAYS, *_ENDS) if before else _FORMS, _BEFORE.sub("", text))


def _without_blanks(text: str) -> str:
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text).strip())


def _fitting(forms: "tuple[Form, ...]", text: str) -> date | None:
    for form, last_day in forms:
        found = re.fullmatch(form, text)
        if found:
            return _tried(last_day, found)
    return None


def _tried(day_of: Callable[..., date], found: re.Match[str]) -> date | None:
    try:
        return day_of(*found.groups())
    except ValueError:  # such as 31 June
        return None


def _on(year: str, month: str, day: str) -> date:
    return date(int(year), int(month), int(day))


def _first_of_month(year: str, month: str) -> date:
    return date(int(year), int(month), 1)


def end_of_month(year: str | int, month: str | int) -> date:
    return date(int(year), int(month), 1) + relativedelta(months=1, days=-1)


def _first_of_quarter(year: str, quarter: str) -> date:
    return date(int(year), 3 * _QUARTERS[quarter] - 2, 1)


def _end_of_quarter(year: str, quarter: str) -> date:
    return end_of_month(year, 3 * _QUARTERS[quarter])


def _first_of_half(year: str, half: str) -> date:
    return date(int(year), 1 if half == "上" else 7, 1)


def _end_of_half(year: str, half: str) -> date:
    return end_of_month(year, 6 if half == "上" else 12)


def _first_of_year(year: str) -> date:
    return date(int(year), 1, 1)


def _end_of_year(year: str) -> date:
    return date(int(year), 12, 31)


Form = tuple[str, Callable[..., date]]
_MONTH = r"(20\d\d)年(\d{1,2})月"
_QUARTER = r"(20\d\d)年第?([一二三四1-4])季度"
_Q = r"(20\d\d)年?Q([1-4])"
_HALF = r"(20\d\d)年([上下])半年"
_DAYS: tuple[Form, ...] = (
    (r"(20\d\d)[-/.](\d{1,2})[-/.](\d{1,2})", _on),
    (r"(20\d\d)年(\d{1,2})月(\d{1,2})[日号]", _on),
)
_ENDS: tuple[Form, ...] = (
    (_MONTH + "(?:份?底|份?末|月底)", end_of_month),
    (_QUARTER + "(?:底|末)", _end_of_quarter),
    (_HALF + "(?:底|末)", _end_of_half),
    (r"(20\d\d)年(?:底|末|年底)", _end_of_year),
)
_SPANS: tuple[tuple[str, Callable[..., date], Callable[..., date]], ...] = (
    (_MONTH + "份?", _first_of_month, end_of_month),
    (_QUARTER, _first_of_quarter, _end_of_quarter),
    (_Q, _first_of_quarter, _end_of_quarter),
    (_HALF, _first_of_half, _end_of_half),
    (r"(20\d\d)年", _first_of_year, _end_of_year),
)
# A year alone says nothing of when within it; before it (_SPANS) is one of two readings at least.
_FORMS = (*_DAYS, *_ENDS, *((form, last) for form, _first, last in _SPANS[:-1]))
