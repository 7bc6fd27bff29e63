"""Months, quarters, halves and years of the calendar."""

from datetime import date

import pytest

from tracker.obligations.periods import Period, periods


@pytest.mark.parametrize(
    ("period", "key", "first_on", "last_on", "en"),
    [
        (Period("year", 2026, 1), "2026", date(2026, 1, 1), date(2026, 12, 31), "the year 2026"),
        (
            Period("half_year", 2026, 2),
            "2026-H2",
            date(2026, 7, 1),
            date(2026, 12, 31),
            "the second half of 2026",
        ),
        (
            Period("quarter", 2026, 1),
            "2026-Q1",
            date(2026, 1, 1),
            date(2026, 3, 31),
            "the first quarter of 2026",
        ),
        (Period("month", 2028, 2), "2028-02", date(2028, 2, 1), date(2028, 2, 29), "February 2028"),
        (
            Period("month", 2026, 12),
            "2026-12",
            date(2026, 12, 1),
            date(2026, 12, 31),
            "December 2026",
        ),
    ],
)
def test_period_knows_its_key_and_days(
    period: Period, key: str, first_on: date, last_on: date, en: str
) -> None:
    assert (period.key, period.first_on, period.last_on, period.text.en) == (
        key,
        first_on,
        last_on,
        en,
    )


def test_periods_are_those_that_touch_the_span() -> None:
    span = periods("quarter", first=date(2025, 9, 30), last=date(2026, 4, 1))

    assert [period.key for period in span] == ["2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2"]
