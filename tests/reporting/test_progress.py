"""Capacity against targets: the arithmetic by tables, and what is read for it."""

from datetime import date
from decimal import Decimal

import pytest

from plants.models import RunStatus, Zone
from plants.text import Text
from tests.factories import Cast, LineFactory, RequirementFactory, cast, make_obligation_at
from tracker.obligations.models import State
from tracker.regulations.models import Target
from tracker.reporting.progress import (
    RING_PARTS,
    Outlook,
    PartProgress,
    PlantCapacity,
    Share,
    is_in_area,
    outlooks,
    read_capacities,
    share_of,
)

TODAY = date(2026, 9, 1)


def plant(tpd: int, *, complete: bool, tree: str = "region", zone: str = "other") -> PlantCapacity:
    return PlantCapacity(1, tree, zone, Text(zone, zone), tpd, 1, complete)


def target(percent: int, by_on: date, kind: str = "nation", zone: Zone | None = None) -> Target:
    return Target(
        code=f"{kind}-{by_on}",
        area_kind=kind,
        zone=zone,
        share_percent=Decimal(percent),
        by_on=by_on,
    )


@pytest.mark.parametrize(
    ("asked", "settled", "accepted", "complete"),
    [(0, 0, 0, False), (2, 1, 1, False), (2, 2, 1, True), (2, 2, 0, False), (1, 1, 1, True)],
)
def test_part_is_complete_when_all_is_settled_and_something_accepted(
    asked: int, settled: int, accepted: int, complete: bool
) -> None:
    assert PartProgress("organised", asked, settled, accepted).is_complete is complete


@pytest.mark.parametrize(
    ("complete_tpd", "whole_tpd", "percent"),
    [(0, 0, "0.0"), (0, 5000, "0.0"), (2500, 5000, "50.0"), (1, 3, "33.3"), (2, 3, "66.7")],
)
def test_share_in_percent(complete_tpd: int, whole_tpd: int, percent: str) -> None:
    assert Share(complete_tpd, whole_tpd, 1).percent == Decimal(percent)


def test_share_of_plants_is_their_sum() -> None:
    plants = [plant(5000, complete=True), plant(2500, complete=False), plant(2500, complete=True)]

    assert share_of(plants) == Share(7500, 10000, 3)


@pytest.mark.parametrize(
    ("complete_tpd", "by_on", "met", "missed", "lines_a_month"),
    [
        (8000, date(2028, 12, 31), True, False, None),  # exactly 80 % is met
        (7999, date(2028, 12, 31), False, False, "0.0"),
        (5000, date(2025, 12, 31), False, True, None),
        (8000, date(2025, 12, 31), True, False, None),
        (5000, TODAY, False, False, "91.3"),  # the last day still counts
        (5000, date(2027, 8, 31), False, False, "0.3"),  # 3 of 10 lines in 12 months
        (0, date(2026, 12, 31), False, False, "2.0"),  # 8 of 10 lines in 4 months
    ],
)
def test_target_against_share(
    complete_tpd: int, by_on: date, met: bool, missed: bool, lines_a_month: str | None
) -> None:
    outlook = Outlook(target(80, by_on), Share(complete_tpd, 10000, 10), TODAY)

    wanted = None if lines_a_month is None else Decimal(lines_a_month)
    assert (outlook.is_met, outlook.is_missed, outlook.lines_a_month) == (met, missed, wanted)


@pytest.mark.parametrize(
    ("kind", "counts"),
    [
        ("nation", [True, True, True]),
        ("region", [True, False, True]),
        ("corps", [False, True, False]),
        ("zone", [False, False, True]),
    ],
)
def test_capacity_counts_for_its_areas(kind: str, counts: list[bool]) -> None:
    zone = Zone(code="wu-chang-shi") if kind == "zone" else None
    plants = [
        plant(1, complete=True),
        plant(1, complete=True, tree="corps"),
        plant(1, complete=True, zone="wu-chang-shi"),
    ]

    assert [is_in_area(p, target(50, TODAY, kind, zone)) for p in plants] == counts


def test_nearest_target_comes_first() -> None:
    late, soon = target(80, date(2028, 12, 31)), target(50, date(2025, 12, 31))

    found = outlooks([plant(5000, complete=True)], [late, soon], TODAY)

    assert [outlook.target for outlook in found] == [soon, late]


@pytest.fixture
def world(db: None) -> Cast:
    return cast()


def _complete(world: Cast, *parts: str) -> None:
    for part in parts:
        make_obligation_at(
            State.ACCEPTED,
            plant=world.plant,
            manager=world.manager,
            officer=world.changji_officer,
            requirement=RequirementFactory.create(completes=part),
        )


@pytest.mark.parametrize(("parts", "complete"), [(RING_PARTS, True), (RING_PARTS[:2], False)])
def test_plant_is_complete_with_all_three_parts(
    world: Cast, parts: tuple[str, ...], complete: bool
) -> None:
    _complete(world, *parts)

    [capacity] = read_capacities(world.changji_officer)

    assert (capacity.is_complete, capacity.tree, capacity.line_count) == (complete, "region", 1)


def test_one_open_obligation_keeps_a_part_from_being_complete(world: Cast) -> None:
    _complete(world, *RING_PARTS)
    make_obligation_at(
        State.OPEN,
        plant=world.plant,
        requirement=RequirementFactory.create(completes=RING_PARTS[0]),
    )

    [capacity] = read_capacities(world.changji_officer)

    assert capacity.is_complete is False


def test_withdrawn_obligation_does_not_hold_a_part_back(world: Cast) -> None:
    _complete(world, *RING_PARTS)
    make_obligation_at(
        State.WITHDRAWN,
        plant=world.plant,
        requirement=RequirementFactory.create(completes=RING_PARTS[0]),
    )

    [capacity] = read_capacities(world.changji_officer)

    assert capacity.is_complete is True


def test_closed_lines_and_plants_of_others_do_not_count(world: Cast) -> None:
    before = {c.plant_id: c.capacity_tpd for c in read_capacities(world.auditor)}
    LineFactory.create(plant=world.plant, number=9, status=RunStatus.CLOSED)
    world.other_plant.status = RunStatus.CLOSED
    world.other_plant.save(update_fields=["status"])

    after = {c.plant_id: c.capacity_tpd for c in read_capacities(world.auditor)}
    own = [c.plant_id for c in read_capacities(world.manager)]

    assert after == {pk: tpd for pk, tpd in before.items() if pk != world.other_plant.pk}
    assert own == [world.plant.pk]
