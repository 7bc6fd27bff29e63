"""Kiln stops of a span: places that stop alike, and lines that have days of their own."""

from datetime import date

import pytest

from plants.models import Line, Person, Place, Plant, SwapKind
from tests.factories import (
    AgreementFactory,
    Cast,
    LineFactory,
    PlaceFactory,
    PlantFactory,
    StopWindowFactory,
    SwapFactory,
    cast,
)
from tracker.reporting.kiln_stops import KilnStops, Stop, read_kiln_stops

pytestmark = pytest.mark.django_db
Days = list[tuple[date, date]]

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
WINTER = {"starts_on": FIRST, "ends_on": date(2027, 4, 30), "season": "2026-27"}
TEN_DAYS = {"starts_on": FIRST, "ends_on": date(2026, 11, 10)}


@pytest.fixture
def world() -> Cast:
    return cast()


@pytest.fixture
def prefecture(world: Cast) -> Place:
    """Where the cast's first plant stands, with next winter's window."""
    place = PlaceFactory.create(code="changji")
    StopWindowFactory.create(place=place, **WINTER)
    return place


def read(person: Person, first: date = FIRST, last: date = LAST) -> KilnStops:
    return read_kiln_stops(Plant.objects.visible_to(person), first=first, last=last)


def places(stops: KilnStops) -> list[tuple[list[str], int]]:
    return [([name.en for name in stop.places], stop.apart) for stop in stops.places]


def own_days(
    stops: KilnStops,
) -> list[tuple[Line, list[tuple[date, date]], list[tuple[date, date]]]]:
    return [
        (
            kiln.line,
            [(w.starts_on, w.ends_on) for w in kiln.windows],
            [(w.starts_on, w.ends_on) for w in kiln.runs],
        )
        for kiln in stops.apart
    ]


def test_places_that_stop_alike_are_named_together(world: Cast) -> None:
    for code in ("changji", "tacheng", "hotan"):
        StopWindowFactory.create(place=PlaceFactory.create(code=code), **WINTER)
    StopWindowFactory.create(place=PlaceFactory.create(code="changji"))  # last season's

    names = [plant.place.prefecture.name for plant in (world.plant, world.other_plant)]

    assert read(world.region_officer) == KilnStops(
        [Stop(FIRST, date(2027, 4, 30), tuple(names), "verified")], []
    )


def test_place_with_windows_of_its_own_takes_none_from_its_parent(world: Cast) -> None:
    """Its own window lies in another month, and still the season's windows are its own."""
    shihezi = PlaceFactory.create(code="shihezi")
    assert shihezi.parent is not None
    season = {"season": "2026-27"}
    StopWindowFactory.create(place=shihezi.parent, starts_on=FIRST, ends_on=LAST, **season)
    StopWindowFactory.create(
        place=shihezi, starts_on=date(2027, 1, 1), ends_on=date(2027, 1, 31), **season
    )

    assert read(world.corps_officer) == KilnStops([], [])


def test_plants_in_a_place_without_windows_show_none(world: Cast) -> None:
    PlantFactory.create(authority=world.plant.authority)

    assert read(world.changji_officer) == KilnStops([], [])


def test_season_that_is_not_issued_is_projected(world: Cast, prefecture: Place) -> None:
    [stop] = read(world.manager, date(2028, 11, 1), date(2028, 11, 30)).places

    assert stop == Stop(
        date(2028, 11, 1), date(2029, 4, 30), (prefecture.name,), "verified", "2026-27"
    )


def test_line_with_days_of_its_own_stands_beside_its_place(world: Cast, prefecture: Place) -> None:
    other = LineFactory.create(plant=world.plant, number=2)
    SwapFactory.create(line=other, **TEN_DAYS)

    stops = read(world.manager)

    assert places(stops) == [(["Changji Prefecture"], 1)]
    assert own_days(stops) == [
        (
            other,
            [(date(2026, 11, 11), date(2027, 4, 30))],
            [(FIRST, date(2026, 11, 10))],
        )
    ]


def test_place_is_left_out_where_each_of_its_lines_has_days_of_its_own(
    world: Cast, prefecture: Place
) -> None:
    SwapFactory.create(line=world.plant.lines.get(), **TEN_DAYS)
    StopWindowFactory.create(place=PlaceFactory.create(code="tacheng"), **WINTER)

    assert places(read(world.manager)) == []
    assert places(read(world.region_officer)) == [(["Tacheng Prefecture"], 0)]


def test_line_that_the_reader_does_not_see_changes_nothing(world: Cast, prefecture: Place) -> None:
    beside = PlantFactory.create(authority=world.other_plant.authority, place=world.plant.place)
    SwapFactory.create(line=LineFactory.create(plant=beside), **TEN_DAYS)

    stops = read(world.changji_officer)

    assert (places(stops), stops.apart) == ([(["Changji Prefecture"], 0)], [])
    assert places(read(world.region_officer)) == [(["Changji Prefecture"], 1)]


def test_line_that_stops_as_its_place_in_the_month_is_not_named(
    world: Cast, prefecture: Place
) -> None:
    """One swap lies in another month, one never came to hold, one stops it while it stands."""
    line = world.plant.lines.get()
    december = {"starts_on": date(2026, 12, 1), "ends_on": date(2026, 12, 10)}
    SwapFactory.create(line=line, **december)
    SwapFactory.create(line=line, **TEN_DAYS, ended_on=FIRST)
    SwapFactory.create(
        line=line, kind=SwapKind.STOP, starts_on=date(2026, 11, 12), ends_on=date(2026, 11, 20)
    )

    stops = read(world.manager)

    assert (places(stops), stops.apart) == ([(["Changji Prefecture"], 0)], [])


def test_both_partners_of_an_agreement_are_named_each_in_its_month(
    world: Cast, prefecture: Place
) -> None:
    line = world.plant.lines.get()
    slag = LineFactory.create(plant=world.plant, number=2, carbide_slag=True)
    AgreementFactory.create(
        line=slag,
        season="2026-27",
        starts_on=FIRST,
        ends_on=LAST,
        partner=line,
        partner_name="",
        days=None,
        partner_starts_on=date(2027, 7, 1),
        partner_ends_on=date(2027, 7, 31),
    )

    november, july = (
        read(world.manager, first, last)
        for first, last in ((FIRST, LAST), (date(2027, 7, 1), date(2027, 7, 31)))
    )

    assert own_days(november) == [(slag, [], [(FIRST, LAST)])]
    assert places(november) == [(["Changji Prefecture"], 1)]
    assert own_days(july) == [(line, [(date(2027, 7, 1), date(2027, 7, 31))], [])]
    assert places(july) == []
