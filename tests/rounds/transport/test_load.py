"""A ledger comes in whole, once, and keeps what it corrects."""

from datetime import date
from decimal import Decimal

import pytest

from plants.models import Person
from tests.factories import NOW, TODAY, Cast, assessor_of
from tests.rounds.transport.conftest import open_round, seat_in
from tests.rounds.transport.law import MONTH, haul, machines, vehicles
from tracker.audit import Actor, Event
from tracker.rounds.models import FleetCount, TransportMonth
from tracker.rounds.transport.count import count_fleet
from tracker.rounds.transport.fleet import Fleet
from tracker.rounds.transport.kinds import FleetClass, ProductExists, RoadClass
from tracker.rounds.transport.load import LedgerRefused, LoadReport, load_months
from tracker.rounds.transport.parse import LedgerLine
from tracker.rounds.transport.share import Haul

pytestmark = pytest.mark.django_db


def load(
    world: Cast, *hauls: Haul, by: Person | None = None, name: str = "台账.xlsx"
) -> LoadReport:
    return load_months(
        plant=world.plant,
        lines=[LedgerLine(each, f"台账!A{row}") for row, each in enumerate(hauls, start=2)],
        file_name=name,
        by=Actor(by or world.manager, "192.0.2.1"),
        at=NOW,
        today=TODAY,
    )


def count(world: Cast, *fleets: Fleet) -> LoadReport:
    by = Actor(world.manager, "192.0.2.1")
    return count_fleet(plant=world.plant, fleets=fleets, by=by, at=NOW, today=TODAY)


def standing() -> list[tuple[str, str, Decimal]]:
    rows = TransportMonth.objects.standing().order_by("pk")
    return list(rows.values_list("mode", "road_class", "tonnes"))


def test_rows_are_kept_with_their_cells_and_told_once(world: Cast) -> None:
    report = load(world, haul("80.5"), haul(20, by=RoadClass.CHINA_VI))

    first = TransportMonth.objects.order_by("pk")[0]
    event = Event.objects.get()
    assert report == LoadReport(added=2, replaced=0, unchanged=0)
    assert standing() == [("rail", "", Decimal("80.5")), ("road", "china_vi", Decimal(20))]
    assert (first.plant, first.month, first.source) == (world.plant, MONTH, "台账.xlsx · 台账!A2")
    assert (first.entered_by, first.entered_at) == (world.manager, NOW)
    assert (event.verb, event.plant, event.person) == ("loaded", world.plant, world.manager)
    assert event.after == {
        "transport_months": ["2026-03"],
        "file": "台账.xlsx",
        "added": 2,
        "replaced": 0,
        "unchanged": 0,
    }


def test_same_ledger_again_writes_nothing(world: Cast) -> None:
    load(world, haul("80.5"), haul(20, by=RoadClass.CHINA_VI))

    report = load(world, haul("80.500"), haul(20, by=RoadClass.CHINA_VI))

    assert report == LoadReport(added=0, replaced=0, unchanged=2)
    assert (TransportMonth.objects.count(), Event.objects.count()) == (2, 1)


def test_correction_replaces_and_keeps_what_was_there(world: Cast) -> None:
    load(world, haul(80), haul(20, by=RoadClass.CHINA_VI))

    report = load(world, haul(85), haul(3, by=RoadClass.NEW_ENERGY))

    old = TransportMonth.objects.get(replaced_at=NOW)
    assert report == LoadReport(added=1, replaced=1, unchanged=0)
    assert (old.tonnes, old.replaced_by.tonnes) == (Decimal(80), Decimal(85))
    assert standing() == [
        ("road", "china_vi", Decimal(20)),
        ("rail", "", Decimal(85)),
        ("road", "new_energy", Decimal(3)),
    ]
    assert Event.objects.count() == 2


@pytest.mark.parametrize(
    ("hauls", "sentence"),
    [
        ([], "There are no rows."),
        ([haul(1), haul(1)], "A row is there twice"),
        ([haul(1), haul(1, month=date(2026, 10, 1))], "台账!A3: the month has not begun yet."),
        ([haul(1), haul(1, month=date(2026, 2, 2))], "A month is given by its first day."),
    ],
)
def test_ledger_with_a_fault_changes_nothing(world: Cast, hauls: list[Haul], sentence: str) -> None:
    load(world, haul(7))

    with pytest.raises(LedgerRefused, match=sentence):
        load(world, *hauls)

    assert standing() == [("rail", "", Decimal(7))]
    assert Event.objects.count() == 1


def test_only_the_plants_managers_enter_its_ledger(world: Cast) -> None:
    guest = assessor_of(world.plant)
    seat_in(open_round(world.plant, world.manager), guest)
    others = [
        person for name, person in world.people.items() if name not in ("manager", "group_manager")
    ]

    for person in [*others, guest]:
        with pytest.raises(LedgerRefused, match="Only the plant's manager"):
            load(world, haul(1), by=person)

    assert standing() == []
    assert load(world, haul(1), by=world.group_manager).added == 1


def test_fleet_is_counted_as_a_whole(world: Cast) -> None:
    no = ProductExists.NO
    count(world, machines(3, FleetClass.CHINA_IV, no), machines(2, FleetClass.OTHER))
    count(world, vehicles(9, FleetClass.NEW_ENERGY))

    again = count(world, machines(3, FleetClass.CHINA_IV, no), machines(2, FleetClass.OTHER))
    report = count(world, machines(3, FleetClass.CHINA_IV, no))

    there = FleetCount.objects.standing().order_by("kind", "fleet_class")
    assert again == LoadReport(added=0, replaced=0, unchanged=2)
    assert report == LoadReport(added=0, replaced=1, unchanged=1)
    assert list(there.values_list("fleet_class", "product_exists", "count")) == [
        ("new_energy", "", 9),
        ("china_iv", "no", 3),
        ("other", "", 0),
    ]
    assert FleetCount.objects.get(replaced_at=NOW).count == 2
    assert Event.objects.filter(verb="loaded").count() == 3


@pytest.mark.parametrize(
    ("fleets", "sentence"),
    [
        ([], "There are no rows."),
        ([vehicles(1, FleetClass.OTHER), machines(1, FleetClass.OTHER)], "of one day and of one"),
        ([vehicles(1, FleetClass.OTHER), vehicles(2, FleetClass.OTHER)], "A row is there twice"),
        ([vehicles(1, FleetClass.OTHER, date(2026, 9, 2))], "The day lies ahead."),
        ([vehicles(1, FleetClass.CHINA_III)], "A class does not fit the kind."),
        ([machines(1, FleetClass.CHINA_VI)], "A class does not fit the kind."),
    ],
)
def test_count_with_a_fault_changes_nothing(
    world: Cast, fleets: list[Fleet], sentence: str
) -> None:
    with pytest.raises(LedgerRefused, match=sentence):
        count(world, *fleets)

    assert not FleetCount.objects.exists()
    assert not Event.objects.exists()
