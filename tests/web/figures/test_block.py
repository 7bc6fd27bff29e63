"""The geometry of the planner's strip, by tables."""

from datetime import date

import pytest

from tests.web.figures.test_figures import strip_of
from tracker.web.figures.block import WIDTH, BlockStrip, Part, draw_block
from tracker.web.figures.strip import AXIS, TOP, Span

TODAY = date(2026, 9, 1)


def block_of(due_on: date, bars: list[Part] | None = None) -> BlockStrip:
    stops = [Part(date(2020, 11, 1), date(2021, 4, 30), "stop", "")]
    stops += [Part(date(2026, 11, 1), date(2027, 4, 30), "stop", "")]
    return draw_block(stops=stops, bars=bars or [], today=TODAY, due_on=due_on)


def test_strip_reaches_from_today_to_a_little_after_the_due_date() -> None:
    strip = block_of(date(2026, 10, 31))  # with twenty days more: to the end of November, 91 days

    assert strip.today_x == 0.0
    assert strip.due_x == round((30 + 31) / 91 * WIDTH, 1)
    [stop] = strip.stops  # the other one lies outside
    assert (stop.x, stop.x + stop.width) == (strip.due_x, WIDTH)


def test_strip_begins_with_the_month_of_what_should_have_begun() -> None:
    works = Part(date(2026, 3, 15), date(2026, 8, 31), "works", "")
    nothing = Part(date(2026, 9, 1), date(2026, 8, 31), "works", "")

    strip = block_of(date(2026, 10, 31), [works, nothing])

    assert strip.months[0] == (0.0, "2026-03")
    assert [bar.tone for bar in strip.bars] == ["works"]


@pytest.mark.parametrize(
    ("due_on", "first_named"),
    [
        (date(2026, 12, 31), ["2026-09", "2026-10"]),
        (date(2028, 12, 31), ["2026-10", "2027-01"]),
        (date(2031, 12, 31), ["2027-01", "2027-07"]),
        (date(2036, 12, 31), ["2027-01", "2028-01"]),
    ],
)
def test_few_months_are_named_however_long(due_on: date, first_named: list[str]) -> None:
    named = [name for _x, name in block_of(due_on).months]

    assert named[:2] == first_named
    assert len(named) <= 12


def test_lines_share_the_height_of_a_plants_strip() -> None:
    days = (date(2025, 11, 1), date(2026, 4, 30), "")
    one = strip_of(stops=[Span(*days)], lines=["1号"])
    two = strip_of(stops=[Span(*days, lane=0), Span(*days, lane=1)], lines=["1号", "2号"])

    half = (AXIS - TOP) / 2
    assert (one.lanes, [(m.y, m.height) for m in one.stops]) == ([], [(TOP + 0.5, 2 * half - 1)])
    assert [name for _y, name in two.lanes] == ["1号", "2号"]
    assert [(m.y, m.height) for m in two.stops] == [
        (TOP + 0.5, half - 1),
        (TOP + half + 0.5, half - 1),
    ]
