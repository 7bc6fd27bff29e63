"""The figures' geometry, by tables."""

from datetime import date

import pytest

from plants.models import Place
from plants.text import Text
from tracker.reporting.home import PlaceLoad
from tracker.reporting.progress import PartProgress
from tracker.web.figures.ring import draw_ring
from tracker.web.figures.strip import AXIS, LANE, Scale, Span, Strip, Tick, draw_strip
from tracker.web.figures.tiles import draw_tiles, short_name

TODAY = date(2026, 9, 1)


def strip_of(**given: object) -> Strip:
    parts: dict[str, object] = {"stops": [], "ticks": [], "bars": [], "today": TODAY, **given}
    return draw_strip(**parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "x"),
    [
        (date(2024, 1, 1), 0.0),
        (date(2026, 7, 2), 499.7),
        (date(2028, 12, 31), 999.5),
        (date(2029, 6, 1), 1000.0),
        (date(2020, 1, 1), 0.0),
    ],
)
def test_days_lie_along_the_strip(day: date, x: float) -> None:
    assert Scale().x(day) == x


def test_stop_is_shaded_to_the_end_of_its_last_day() -> None:
    [stop] = strip_of(stops=[Span(date(2024, 1, 1), date(2024, 12, 31), "")]).stops

    assert (stop.x, stop.width) == (0.0, 200.3)  # 366 of 1827 days


def test_what_lies_outside_the_years_is_left_out() -> None:
    outside = [
        Span(date(2022, 1, 1), date(2023, 12, 31), ""),
        Span(date(2029, 1, 1), date(2029, 2, 1), ""),
    ]
    strip = strip_of(
        stops=outside,
        bars=outside,
        ticks=[Tick(date(2029, 1, 1), 1, "open", "", "")],
        today=date(2030, 1, 1),
    )

    assert (strip.stops, strip.bars, strip.ticks, strip.today_x) == ([], [], [], None)


@pytest.mark.parametrize(("count", "height"), [(1, 14), (3, 22), (100, 42)])
def test_tick_is_higher_for_more_but_never_above_the_strip(count: int, height: float) -> None:
    [tick] = strip_of(ticks=[Tick(TODAY, count, "late", "", "")]).ticks

    assert (tick.height, tick.y) == (height, AXIS - height)


def test_each_project_has_a_lane() -> None:
    bars = [
        Span(date(2025, 1, 1), date(2025, 6, 1), "a"),
        Span(date(2028, 1, 1), date(2028, 6, 1), "b"),
    ]

    strip = strip_of(bars=bars)

    assert [bar.y for bar in strip.bars] == [AXIS + 8, AXIS + 8 + LANE]
    assert [bar.anchor for bar in strip.bars] == ["start", "end"]
    assert strip.height - strip_of().height == 2 * LANE


@pytest.mark.parametrize(
    ("part", "percent", "complete"),
    [
        (PartProgress("organised", 0, 0, 0), 0, False),
        (PartProgress("organised", 3, 1, 1), 33, False),
        (PartProgress("organised", 3, 3, 2), 100, True),
        (PartProgress("organised", 3, 3, 0), 100, False),
    ],
)
def test_ring_is_filled_as_far_as_the_part_is(
    part: PartProgress, percent: int, complete: bool
) -> None:
    arcs = draw_ring([part] * 3)

    assert [(arc.percent, arc.is_complete) for arc in arcs] == [(percent, complete)] * 3
    assert len({arc.path for arc in arcs}) == 3


@pytest.mark.parametrize(
    ("full", "short"),
    [
        (Text("昌吉回族自治州", "Changji Prefecture"), Text("昌吉州", "Changji")),
        (Text("克孜勒苏柯尔克孜自治州", "Kizilsu Prefecture"), Text("克州", "Kizilsu")),
        (Text("伊犁哈萨克自治州（直属县市）", "Ili Prefecture (direct)"), Text("伊犁州", "Ili")),
        (Text("乌鲁木齐市", "Urumqi"), Text("乌鲁木齐", "Urumqi")),
        (Text("和田地区", "Hotan Prefecture"), Text("和田", "Hotan")),
    ],
)
def test_places_are_named_as_people_say_them(full: Text, short: Text) -> None:
    assert short_name(full) == short


@pytest.mark.parametrize(
    ("plants", "waiting", "tone", "number"),
    [
        (0, (0, 0, 0, 0), "none", 0),
        (2, (0, 0, 0, 0), "accepted", 0),
        (2, (0, 0, 0, 7), "open", 7),
        (2, (4, 0, 0, 7), "submitted", 4),
        (2, (4, 0, 2, 7), "soon", 2),
        (2, (4, 1, 2, 7), "late", 1),
    ],
)
def test_tile_shows_the_worst_that_waits(
    plants: int, waiting: tuple[int, int, int, int], tone: str, number: int
) -> None:
    place = Place(code="changji", name_zh="昌吉州", tile_row=1, tile_column=3)

    [tile] = draw_tiles([PlaceLoad(place, plants, *waiting)])

    assert (tile.tone, tile.number, tile.row, tile.column) == (tone, number, 2, 4)
