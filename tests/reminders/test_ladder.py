from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.reminders.ladder import Rungs

DUE = date(2026, 12, 31)
USUAL = Rungs(before=(90, 30, 14, 7, 1, 0), first_after=7, every=7)
OFFICER = Rungs(before=(), first_after=10, every=30, last_after=75)


@pytest.mark.parametrize(
    ("due_on", "today", "rung"),
    [
        (DUE, date(2026, 10, 1), None),
        (DUE, date(2026, 10, 2), 90),
        (DUE, date(2026, 11, 30), 90),
        (DUE, date(2026, 12, 1), 30),
        (DUE, date(2026, 12, 16), 30),
        (DUE, date(2026, 12, 17), 14),
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
        (date(2026, 3, 31), date(2026, 2, 28), 90),
        (date(2026, 3, 31), date(2026, 3, 1), 30),
        # A leap day lies between, or is the due date.
        (date(2028, 3, 30), date(2028, 2, 28), 90),
        (date(2028, 3, 30), date(2028, 2, 29), 30),
        (date(2028, 2, 29), date(2028, 1, 30), 30),
        (date(2028, 2, 29), date(2028, 2, 28), 1),
        (date(2028, 2, 29), date(2028, 3, 6), 0),
        (date(2028, 2, 29), date(2028, 3, 7), -7),
        # Nights were missed over every rung before: only the newest is told.
        (DUE, date(2028, 12, 31), -728),
    ],
)
def test_newest(due_on: date, today: date, rung: int | None) -> None:
    assert USUAL.newest(due_on, today=today) == rung


@pytest.mark.parametrize(
    ("late", "rung"),
    [(-1, None), (0, None), (9, None), (10, -10), (39, -10), (40, -40), (70, -70), (400, -70)],
)
def test_officers_hear_late_and_not_for_ever(late: int, rung: int | None) -> None:
    assert OFFICER.newest(DUE, today=DUE + timedelta(days=late)) == rung


@pytest.mark.parametrize(
    ("rungs", "late", "rung"),
    [
        (Rungs(before=(7,)), 400, 7),
        (Rungs(before=(7, 0)), 400, 0),
        (Rungs(before=(0,), first_after=3), 400, -3),
        (Rungs(before=(), first_after=3, every=7, last_after=2), 400, -3),
        (Rungs(before=()), 400, None),
    ],
)
def test_a_ladder_may_end(rungs: Rungs, late: int, rung: int | None) -> None:
    assert rungs.newest(DUE, today=DUE + timedelta(days=late)) == rung


@pytest.mark.parametrize(
    ("due_on", "rung"),
    [
        # The days off are from 1 to 7 October; the last day at work is 30 September.
        (date(2026, 9, 30), 0),
        (date(2026, 10, 1), 1),
        (date(2026, 10, 8), 1),
        (date(2026, 10, 9), 7),
        (date(2026, 10, 14), 7),
        (date(2026, 10, 15), 14),
    ],
)
def test_before_days_off_what_comes_in_them_is_told(due_on: date, rung: int) -> None:
    today, through = date(2026, 9, 30), date(2026, 10, 7)

    assert USUAL.newest(due_on, today=today, through=through) == rung


def test_a_rung_is_reached_once_and_never_left_backwards() -> None:
    days = [date(2027, 11, 20) + timedelta(days=n) for n in range(140)]

    rungs = [USUAL.newest(date(2028, 2, 29), today=day) for day in days]

    reached = [rung for rung in dict.fromkeys(rungs) if rung is not None]
    assert reached == [90, 30, 14, 7, 1, 0, -7, -14, -21, -28, -35]
    assert sorted(reached, reverse=True) == reached


_few = st.integers(min_value=1, max_value=40)


@given(
    rungs=st.builds(
        Rungs,
        before=st.sets(st.integers(min_value=0, max_value=100), max_size=6).map(tuple),
        first_after=st.none() | _few,
        every=st.none() | _few,
        last_after=st.none() | st.integers(min_value=0, max_value=200),
    ),
    today=st.dates(min_value=date(2026, 1, 1), max_value=date(2030, 12, 31)),
    days_off=st.integers(min_value=0, max_value=9),
)
def test_bands_say_the_same_as_newest(rungs: Rungs, today: date, days_off: int) -> None:
    oldest_on, through = today - timedelta(days=250), today + timedelta(days=days_off)
    found = list(rungs.bands(today=today, oldest_on=oldest_on, through=through))
    by_date = {
        band.first_on + timedelta(days=n): band.rung
        for band in found
        for n in range((band.last_on - band.first_on).days + 1)
    }

    due_dates = [oldest_on + timedelta(days=n) for n in range(370)]

    assert {day: by_date.get(day) for day in due_dates} == {
        day: rungs.newest(day, today=today, through=through) for day in due_dates
    }
    # None is there twice, and later due dates come first.
    assert all(low.last_on < high.first_on for high, low in pairwise(found))
