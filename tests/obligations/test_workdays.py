"""Chinese working days: statutory holidays, days made up for, and years not yet published."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plants.text import Text
from tracker.obligations.workdays import is_working_day, working_day_of_month, working_days_from
from tracker.regulations.due_rules import MOST_WORKING_DAY

DAYS = st.dates(date(2015, 1, 1), date(2040, 12, 31))
COUNTS = st.integers(-60, 60).filter(bool)


@pytest.mark.parametrize(
    ("day", "is_worked"),
    [
        (date(2026, 11, 24), True),  # a Tuesday
        (date(2026, 11, 28), False),  # a Saturday
        (date(2026, 1, 1), False),  # New Year's Day
        (date(2026, 1, 2), False),  # a Friday off for the Sunday after
        (date(2026, 1, 4), True),  # the Sunday that is worked for it
        (date(2026, 2, 14), True),  # a Saturday before the Spring Festival
        (date(2026, 2, 20), False),
        (date(2026, 10, 7), False),
        (date(2026, 10, 10), True),
        (date(2025, 1, 26), True),
        (date(2024, 2, 29), True),  # a leap day
        (date(2027, 2, 8), False),  # statutory, though 2027 is not published
        (date(2027, 2, 27), False),  # a Saturday of which nothing is known
    ],
)
def test_day_is_worked_or_off(day: date, is_worked: bool) -> None:
    assert is_working_day(day) is is_worked


@pytest.mark.parametrize(
    ("day", "count", "found"),
    [
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # over the National Day week
        (date(2026, 9, 30), 3, date(2026, 10, 10)),  # a Saturday that is worked
        (date(2026, 10, 8), -1, date(2026, 9, 30)),
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 14), 1, date(2026, 2, 24)),
        (date(2024, 2, 28), 1, date(2024, 2, 29)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),
        (date(2026, 11, 28), -1, date(2026, 11, 27)),
    ],
)
def test_working_days_are_counted_from_a_day(day: date, count: int, found: date) -> None:
    assert working_days_from(day, count) == (found, frozenset())


@pytest.mark.parametrize(
    ("month", "number", "found"),
    [
        (date(2026, 1, 1), 1, date(2026, 1, 4)),
        (date(2026, 5, 1), 1, date(2026, 5, 6)),
        (date(2026, 10, 1), 1, date(2026, 10, 8)),
        (date(2026, 11, 1), 1, date(2026, 11, 2)),
        (date(2026, 11, 1), 3, date(2026, 11, 4)),
    ],
)
def test_working_day_of_a_month(month: date, number: int, found: date) -> None:
    assert working_day_of_month(month, number).on == found


def test_day_of_a_year_that_is_not_published_is_provisional() -> None:
    day = working_days_from(date(2098, 12, 30), 4)

    assert (day.on, day.unknown) == (date(2099, 1, 6), frozenset({2098, 2099}))
    assert day.note == Text(
        "（暂定：国务院办公厅尚未公布2098、2099年的放假调休安排）",
        " (provisional: the State Council has not yet published the days off of 2098 and 2099)",
    )


@given(DAYS, COUNTS)
def test_count_never_lands_on_a_day_off(day: date, count: int) -> None:
    assert is_working_day(working_days_from(day, count).on)


@given(DAYS, COUNTS)
def test_count_passes_exactly_that_many_working_days(day: date, count: int) -> None:
    found = working_days_from(day, count).on
    step = timedelta(days=1 if count > 0 else -1)
    passed = [day + step * n for n in range(1, abs((found - day).days) + 1)]

    assert sum(is_working_day(each) for each in passed) == abs(count)


@given(st.integers(2007, 2060), st.integers(1, 12))
def test_every_month_has_the_working_day_that_a_rule_may_name(year: int, month: int) -> None:
    last = date(year, month, monthrange(year, month)[1])

    assert working_day_of_month(date(year, month, 1), MOST_WORKING_DAY).on <= last
