"""Working days in China: statutory holidays, the weekends between, and the days made up for. Pure.

The State Council publishes each year's days off, and the weekend days that are worked for them,
late in the year before. Until then only the statutory days are certain: see ``Workday``.
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from holidays import country_holidays

from plants.text import Text

SATURDAY = 5
NO_YEARS: frozenset[int] = frozenset()


class Workday(NamedTuple):
    """A working day; ``unknown`` are the years on the way whose days off aren't published yet."""

    on: date
    unknown: frozenset[int] = NO_YEARS

    @property
    def note(self) -> Text:
        """What a reason says of a day that is only provisional, with a space before; or nothing."""
        if not self.unknown:
            return Text("", "")
        years = sorted(self.unknown)
        return Text(
            f"（暂定：国务院办公厅尚未公布{'、'.join(map(str, years))}年的放假调休安排）",
            " (provisional: the State Council has not yet published the days off of "
            f"{' and '.join(map(str, years))})",
        )


class _Year(NamedTuple):
    days_off: frozenset[date]
    made_up: frozenset[date]
    is_published: bool


@lru_cache(maxsize=64)
def _year(year: int) -> _Year:
    """The year's days; every year since 2007 that was published has weekend days made up for."""
    calendar = country_holidays("CN", years=year)
    made_up = frozenset(day for day in calendar.weekend_workdays if day.year == year)
    return _Year(frozenset(calendar.keys()), made_up, bool(made_up))


def is_working_day(day: date) -> bool:
    """Whether it is worked, as far as the year's days off are known."""
    year = _year(day.year)
    if day.weekday() >= SATURDAY:
        return day in year.made_up
    return day not in year.days_off


def working_days_from(day: date, count: int) -> Workday:
    """The ``count``-th working day after the day, or before it if negative; the day is not one."""
    step = timedelta(days=1 if count > 0 else -1)
    left, unknown = abs(count), set()
    while left:
        day += step
        if not _year(day.year).is_published:
            unknown.add(day.year)
        left -= is_working_day(day)
    return Workday(day, frozenset(unknown))


def working_day_of_month(month: date, number: int) -> Workday:
    """The ``number``-th working day of the month that begins on this day."""
    return working_days_from(month - timedelta(days=1), number)
