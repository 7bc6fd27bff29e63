"""Kilns read in bulk: what one plant's page says of a line, for all plants in a few queries."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest

from plants.kilns import PlaceKilns, read_kilns, read_place_kilns
from plants.models import Line, Place, Plant, RunStatus, SwapKind
from plants.windows import Cause, Window
from tests.factories import (
    AgreementFactory,
    LineFactory,
    PlaceFactory,
    PlantFactory,
    StopWindowFactory,
    SwapFactory,
)

pytestmark = pytest.mark.django_db
Days = list[tuple[date, date, Cause]]

NOVEMBER = (date(2025, 11, 1), date(2025, 11, 30))
DECEMBER = (date(2025, 12, 1), date(2025, 12, 31))
JULY = (date(2026, 7, 1), date(2026, 7, 31))
WINTER = (date(2025, 11, 1), date(2026, 4, 30), Cause.PLAN)
AFTER_SWAP = (date(2025, 11, 11), date(2026, 4, 30), Cause.PLAN)
AROUND_AGREEMENT = [
    (date(2025, 11, 1), date(2025, 11, 30), Cause.PLAN),
    (date(2026, 1, 1), date(2026, 4, 30), Cause.PLAN),
]


def read(first: date, last: date) -> list[PlaceKilns]:
    return read_place_kilns(Plant.objects.all(), first=first, last=last)


def days(windows: list[Window]) -> Days:
    return [(w.starts_on, w.ends_on, w.cause) for w in windows if not w.is_projected]


@pytest.fixture
def winter() -> Place:
    """A place with one issued winter."""
    return StopWindowFactory.create(place=PlaceFactory.create(code="changji-city")).place


@pytest.fixture
def line(winter: Place) -> Line:
    return LineFactory.create(plant=PlantFactory.create(place=winter))


def _swapped(line: Line) -> None:
    SwapFactory.create(line=line)


def _made_up_for(line: Line) -> None:
    SwapFactory.create(line=line)
    stop = {"starts_on": date(2026, 7, 1), "ends_on": date(2026, 7, 10)}
    SwapFactory.create(line=line, kind=SwapKind.STOP, **stop)


def _ended_early(line: Line) -> None:
    SwapFactory.create(line=line, ended_on=date(2025, 11, 6))


def _never_held(line: Line) -> None:
    SwapFactory.create(line=line, ended_on=date(2025, 11, 1))


def _runs_by_agreement(line: Line) -> None:
    AgreementFactory.create(line=line)


def _stops_as_partner(line: Line) -> None:
    _agreement(LineFactory.create(plant=line.plant, number=9), partner=line)


def _agreed_on_a_number_of_days(line: Line) -> None:
    AgreementFactory.create(
        line=LineFactory.create(plant=line.plant, number=9), partner=line, partner_name=""
    )


def _agreement(line: Line, *, partner: Line, **fields: Any) -> None:
    AgreementFactory.create(
        line=line,
        partner=partner,
        partner_name="",
        days=None,
        partner_starts_on=date(2026, 7, 1),
        partner_ends_on=date(2026, 7, 31),
        **fields,
    )


@pytest.mark.parametrize(
    ("approve", "month", "expected"),
    [
        (_swapped, NOVEMBER, [AFTER_SWAP]),
        (_made_up_for, JULY, [AFTER_SWAP, (date(2026, 7, 1), date(2026, 7, 10), Cause.SWAP)]),
        (_ended_early, NOVEMBER, [(date(2025, 11, 6), date(2026, 4, 30), Cause.PLAN)]),
        (_runs_by_agreement, DECEMBER, AROUND_AGREEMENT),
        (_stops_as_partner, JULY, [WINTER, (*JULY, Cause.AGREEMENT)]),
        (_agreed_on_a_number_of_days, DECEMBER, [WINTER]),
        (_never_held, NOVEMBER, None),  # no approval touches the month
        (_swapped, DECEMBER, None),
        (_ended_early, (date(2025, 11, 6), date(2025, 11, 30)), None),
    ],
)
def test_line_that_an_approval_touches_is_worked_out_as_on_its_plants_page(
    line: Line,
    approve: Callable[[Line], None],
    month: tuple[date, date],
    expected: Days | None,
) -> None:
    approve(line)

    [place] = read(*month)

    found = {kiln.line.pk: kiln for kiln in place.kilns}
    assert (days(found[line.pk].windows) if line.pk in found else None) == expected
    if expected is not None:
        [alone] = read_kilns(line.plant.place, [line], until=date(2026, 12, 31)).kilns
        assert days(alone.windows) == expected
        assert found[line.pk].runs == alone.runs


def test_both_partners_of_an_agreement_are_read_each_with_its_plant(winter: Place) -> None:
    runs, stops = (LineFactory.create(plant=PlantFactory.create(place=winter)) for _ in range(2))
    _agreement(runs, partner=stops)

    [december], [july] = read(*DECEMBER), read(*JULY)

    for place in (december, july):
        assert {kiln.line: days(kiln.windows) for kiln in place.kilns} == {
            runs: AROUND_AGREEMENT,
            stops: [WINTER, (*JULY, Cause.AGREEMENT)],
        }


def test_partner_at_a_plant_that_is_not_asked_for_is_left_out(winter: Place) -> None:
    runs, stops = (LineFactory.create(plant=PlantFactory.create(place=winter)) for _ in range(2))
    _agreement(runs, partner=stops)
    mine = Plant.objects.filter(pk=runs.plant_id)

    [place] = read_place_kilns(mine, first=JULY[0], last=JULY[1])

    assert ([kiln.line for kiln in place.kilns], place.line_count) == ([runs], 1)


def test_swap_cuts_a_projected_window(line: Line) -> None:
    SwapFactory.create(line=line, starts_on=date(2027, 11, 1), ends_on=date(2027, 11, 10))

    [place] = read(date(2027, 11, 1), date(2027, 11, 30))

    [kiln] = place.kilns
    projected = [w for w in kiln.windows if w.touches(date(2027, 11, 1), date(2027, 11, 30))]
    assert [(w.starts_on, w.ends_on, w.projected_from) for w in projected] == [
        (date(2027, 11, 11), date(2028, 4, 30), "2025-26")
    ]


@pytest.mark.parametrize("year", [2026, 2040, 2098])
def test_projected_windows_are_those_of_one_plants_page(line: Line, year: int) -> None:
    first, last = date(year, 11, 1), date(year, 11, 30)

    [place] = read(first, last)

    far = read_kilns(line.plant.place, [line], until=last).plan
    assert [w for w in place.plan if w.touches(first, last)] == [
        w for w in far if w.touches(first, last)
    ]


def test_place_with_a_season_of_its_own_takes_nothing_from_its_parent(line: Line) -> None:
    shihezi = PlaceFactory.create(code="shihezi")
    PlantFactory.create(place=shihezi)
    assert shihezi.parent is not None
    StopWindowFactory.create(place=shihezi.parent)
    own = StopWindowFactory.create(place=shihezi, starts_on=date(2025, 12, 1))
    plans = {place.place: place.plan for place in read(*NOVEMBER)}

    assert days(plans[shihezi]) == [(own.starts_on, own.ends_on, Cause.PLAN)]


def test_closed_lines_are_neither_counted_nor_worked_out(line: Line) -> None:
    closed = LineFactory.create(plant=line.plant, number=2, status=RunStatus.CLOSED)
    for each in (line, closed):
        SwapFactory.create(line=each)

    [place] = read(*NOVEMBER)

    assert [(kiln.line, place.line_count) for kiln in place.kilns] == [(line, 1)]


@pytest.mark.parametrize("count", [1, 3])
def test_any_number_of_plants_takes_six_queries(
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]], count: int
) -> None:
    for number in range(count):
        place = PlaceFactory.create(code=f"place-{number}")
        StopWindowFactory.create(place=place)
        first, second = (
            LineFactory.create(plant=PlantFactory.create(place=place)) for _ in range(2)
        )
        SwapFactory.create(line=first)
        _agreement(first, partner=second)

    with django_assert_num_queries(6):
        places = read(*NOVEMBER)
        assert [len(kiln.windows) for place in places for kiln in place.kilns] != []

    assert len(places) == count
