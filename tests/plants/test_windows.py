"""A line's windows: no day twice, runs win, swaps keep the days, years are carried on."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plants.text import Text
from plants.windows import Cause, Window, line_windows, subtract, with_projected

FIRST = date(2025, 11, 1)
SPANS = st.tuples(st.integers(0, 400), st.integers(0, 60))


def window(first: date, last: date, cause: Cause = Cause.PLAN, season: str = "2025-26") -> Window:
    return Window(first, last, cause, Text("方案", "plan"), season, "verified")


def some(cause: Cause) -> st.SearchStrategy[list[Window]]:
    def made(spans: list[tuple[int, int]]) -> list[Window]:
        return [
            window(FIRST + timedelta(start), FIRST + timedelta(start + length), cause)
            for start, length in spans
        ]

    return st.lists(SPANS, max_size=6).map(made)


def days(windows: list[Window]) -> list[date]:
    return [w.starts_on + timedelta(n) for w in windows for n in range(w.days)]


@given(some(Cause.PLAN), some(Cause.SWAP), some(Cause.AGREEMENT))
def test_no_day_is_in_two_windows(
    plan: list[Window], stops: list[Window], runs: list[Window]
) -> None:
    found = days(line_windows(plan, stops, runs))

    assert len(found) == len(set(found))
    assert found == sorted(found)


@given(some(Cause.PLAN), some(Cause.SWAP), some(Cause.AGREEMENT))
def test_kiln_stops_on_every_day_of_plan_and_swaps_but_those_it_may_run(
    plan: list[Window], stops: list[Window], runs: list[Window]
) -> None:
    found = set(days(line_windows(plan, stops, runs)))

    assert found == (set(days(plan)) | set(days(stops))) - set(days(runs))


@given(some(Cause.PLAN), some(Cause.SWAP))
def test_day_of_the_plan_stays_the_plans(plan: list[Window], stops: list[Window]) -> None:
    found = line_windows(plan, stops, [])

    assert set(days([w for w in found if w.cause == Cause.PLAN])) == set(days(plan))


@given(st.integers(0, 150), st.integers(1, 30), st.integers(181, 300))
def test_balanced_swap_keeps_the_number_of_days(start: int, length: int, later: int) -> None:
    plan = [window(FIRST, FIRST + timedelta(180))]
    run = window(FIRST + timedelta(start), FIRST + timedelta(start + length - 1), Cause.SWAP)
    stop = window(FIRST + timedelta(later), FIRST + timedelta(later + length - 1), Cause.SWAP)

    assert len(days(line_windows(plan, [stop], [run]))) == len(days(plan))


def test_run_cuts_a_window_in_two() -> None:
    whole = window(date(2025, 11, 1), date(2026, 4, 30))

    pieces = subtract(whole, [window(date(2025, 12, 1), date(2025, 12, 31), Cause.SWAP)])

    assert [(w.starts_on, w.ends_on, w.cause) for w in pieces] == [
        (date(2025, 11, 1), date(2025, 11, 30), Cause.PLAN),
        (date(2026, 1, 1), date(2026, 4, 30), Cause.PLAN),
    ]


def test_last_issued_season_is_projected_year_by_year() -> None:
    plan = [
        window(date(2024, 11, 1), date(2025, 4, 15), season="2024-25"),
        window(date(2025, 11, 1), date(2026, 4, 30)),
        window(date(2026, 6, 1), date(2026, 6, 30)),
    ]

    found = with_projected(plan, until=date(2028, 3, 1))

    assert [(w.starts_on, w.ends_on, w.season, w.projected_from) for w in found] == [
        (date(2024, 11, 1), date(2025, 4, 15), "2024-25", ""),
        (date(2025, 11, 1), date(2026, 4, 30), "2025-26", ""),
        (date(2026, 6, 1), date(2026, 6, 30), "2025-26", ""),
        (date(2026, 11, 1), date(2027, 4, 30), "2026-27", "2025-26"),
        (date(2027, 6, 1), date(2027, 6, 30), "2026-27", "2025-26"),
        (date(2027, 11, 1), date(2028, 4, 30), "2027-28", "2025-26"),
    ]


def test_nothing_is_projected_beyond_the_last_day_of_any_paper() -> None:
    found = with_projected([window(date(2025, 11, 1), date(2026, 4, 30))], until=date.max)

    assert found[-1].starts_on == date(2099, 11, 1)


def test_projected_window_says_from_what() -> None:
    [_issued, projected] = with_projected(
        [window(date(2025, 11, 1), date(2026, 4, 30))], until=date(2026, 12, 31)
    )

    assert projected.source == Text(
        "2025—2026年度错峰生产方案（推算）", "projected from the peak-shifting plan of 2025-26"
    )


@pytest.mark.parametrize(
    ("first", "last", "projected"),
    [
        (date(2027, 11, 1), date(2028, 2, 29), (date(2028, 11, 1), date(2029, 2, 28))),
        (date(2028, 2, 29), date(2028, 4, 30), (date(2029, 3, 1), date(2029, 4, 30))),
        (date(2028, 2, 29), date(2028, 2, 29), None),
    ],
)
def test_leap_day_is_carried_into_years_without_one(
    first: date, last: date, projected: tuple[date, date] | None
) -> None:
    found = with_projected(
        [window(first, last, season="2027-28")], until=last.replace(year=2029, day=28)
    )

    later = [(w.starts_on, w.ends_on) for w in found if w.is_projected]
    assert later == ([] if projected is None else [projected])


def test_place_without_windows_has_none_projected() -> None:
    assert with_projected([], until=date(2030, 1, 1)) == []
