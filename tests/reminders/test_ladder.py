from datetime import date, timedelta

import pytest

from tracker.reminders.ladder import bands, rung_on

DUE = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("due_on", "today", "rung"),
    [
        (DUE, date(2026, 11, 30), None),
        (DUE, date(2026, 12, 1), 30),
        (DUE, date(2026, 12, 2), 30),
        (DUE, date(2026, 12, 23), 30),
        (DUE, date(2026, 12, 24), 7),
        (DUE, date(2026, 12, 29), 7),
        (DUE, date(2026, 12, 30), 1),
        (DUE, date(2026, 12, 31), 0),
        # The year changes: the day's rung stands until the first week is over.
        (DUE, date(2027, 1, 1), 0),
        (DUE, date(2027, 1, 6), 0),
        (DUE, date(2027, 1, 7), -7),
        (DUE, date(2027, 1, 13), -7),
        (DUE, date(2027, 1, 14), -14),
        # A month's end: 30 days before the end of March is the first of March.
        (date(2026, 3, 31), date(2026, 2, 28), None),
        (date(2026, 3, 31), date(2026, 3, 1), 30),
        # A leap day lies between, or is the due date.
        (date(2028, 3, 30), date(2028, 2, 28), None),
        (date(2028, 3, 30), date(2028, 2, 29), 30),
        (date(2028, 2, 29), date(2028, 1, 30), 30),
        (date(2028, 2, 29), date(2028, 2, 28), 1),
        (date(2028, 2, 29), date(2028, 3, 6), 0),
        (date(2028, 2, 29), date(2028, 3, 7), -7),
        # Nights were missed over every rung before: only the newest is told.
        (DUE, date(2028, 12, 31), -728),
    ],
)
def test_rung_on(due_on: date, today: date, rung: int | None) -> None:
    assert rung_on(due_on, today) == rung


def test_a_rung_is_reached_once_and_never_left_backwards() -> None:
    days = [date(2028, 1, 20) + timedelta(days=n) for n in range(80)]

    rungs = [rung_on(date(2028, 2, 29), day) for day in days]

    reached = [rung for rung in dict.fromkeys(rungs) if rung is not None]
    assert reached == [30, 7, 1, 0, -7, -14, -21, -28, -35]
    assert sorted(reached, reverse=True) == reached


@pytest.mark.parametrize("today", [date(2026, 9, 1), date(2028, 2, 29), date(2027, 1, 1)])
def test_bands_say_the_same_as_rung_on(today: date) -> None:
    oldest_on = today - timedelta(days=400)
    by_date = {
        band.first_on + timedelta(days=n): band.rung
        for band in bands(today=today, oldest_on=oldest_on)
        for n in range((band.last_on - band.first_on).days + 1)
    }

    due_dates = [oldest_on + timedelta(days=n) for n in range(431)]

    assert {day: by_date.get(day) for day in due_dates} == {
        day: rung_on(day, today) for day in due_dates
    }


def test_bands_do_not_overlap() -> None:
    found = list(bands(today=date(2026, 9, 1), oldest_on=date(2026, 1, 1)))

    assert [band.last_on for band in found[1:]] == [
        band.first_on - timedelta(days=1) for band in found[:-1]
    ]
