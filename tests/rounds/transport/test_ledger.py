"""The ledger's rows: who sees them, what the database refuses, how they are judged."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from plants.models import Person, Plant
from tests.factories import (
    NOW,
    Cast,
    DocumentFactory,
    LimitFactory,
    PersonFactory,
    RequirementFactory,
    assessor_of,
)
from tests.rounds.transport.conftest import open_round, seat_in
from tests.rounds.transport.law import LAW, MONTH, PERIOD
from tracker.rounds.models import FleetCount, Stage, TransportMonth
from tracker.rounds.outcomes import Outcome
from tracker.rounds.transport import rules
from tracker.rounds.transport.findings import Rule
from tracker.rounds.transport.ledger import judge_plant, read_bounds

pytestmark = pytest.mark.django_db


def entered(plant: Plant, by: Person, tonnes: str = "1", **fields: Any) -> TransportMonth:
    values: dict[str, Any] = {
        "month": MONTH,
        "direction": "in",
        "goods": "raw_material",
        "mode": "rail",
        "tonnes": Decimal(tonnes),
        "entered_by": by,
        "entered_at": NOW,
    }
    return TransportMonth.objects.create(plant=plant, **{**values, **fields})


def counted(plant: Plant, by: Person, **fields: Any) -> FleetCount:
    values: dict[str, Any] = {
        "as_of_on": MONTH,
        "kind": "in_plant_vehicle",
        "fleet_class": "new_energy",
        "count": 1,
        "entered_by": by,
        "entered_at": NOW,
    }
    return FleetCount.objects.create(plant=plant, **{**values, **fields})


def seen_by(person: Person) -> set[int]:
    """The plants whose ledger she sees; fleets are seen just so."""
    months = TransportMonth.objects.visible_to(person).values_list("plant_id", flat=True)
    fleets = FleetCount.objects.visible_to(person).values_list("plant_id", flat=True)
    assert set(months) == set(fleets)
    return set(months)


def test_ledger_is_seen_by_the_plants_people(world: Cast) -> None:
    for plant in (world.plant, world.other_plant, world.corps_plant):
        entered(plant, world.manager)
        counted(plant, world.manager)

    seen = {name: seen_by(person) for name, person in world.people.items()}

    here, there, corps = world.plant.pk, world.other_plant.pk, world.corps_plant.pk
    assert seen == {
        "changji_officer": {here},
        "region_officer": {here, there},
        "corps_officer": {corps},
        "manager": {here},
        "other_manager": {there},
        "group_manager": {here, corps},
        "auditor": {here, there, corps},
        "administrator": {here, there, corps},
    }
    assert seen_by(assessor_of(world.plant)) == set()
    assert seen_by(PersonFactory.create()) == set()


def test_ledger_is_seen_with_a_seat_while_the_round_goes_on(world: Cast) -> None:
    for plant in (world.plant, world.other_plant):
        entered(plant, world.manager)
        counted(plant, world.manager)
    guest = PersonFactory.create()
    found = open_round(world.plant, world.manager)
    seat = seat_in(found, guest)

    assert seen_by(guest) == {world.plant.pk}

    found.stage = Stage.REMOVED
    found.save(update_fields=["stage"])
    assert seen_by(guest) == set()

    found.stage = Stage.REPORT
    found.save(update_fields=["stage"])
    seat.ended_at = NOW
    seat.save(update_fields=["ended_at"])
    assert seen_by(guest) == set()


def test_seat_in_a_round_without_transport_shows_no_ledger(world: Cast) -> None:
    entered(world.plant, world.manager)
    guest = PersonFactory.create()
    seat_in(open_round(world.plant, world.manager, clean_transport=False), guest)

    assert seen_by(guest) == set()


@pytest.mark.parametrize(
    "fields",
    [
        {"tonnes": "-0.001"},
        {"mode": "road"},
        {"mode": "rail", "road_class": "china_vi"},
        {"mode": "road", "road_class": "china_v"},
    ],
)
def test_database_refuses_a_row_that_can_not_be(world: Cast, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        entered(world.plant, world.manager, **fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"fleet_class": "china_iii"},
        {"product_exists": "no"},
        {"kind": "non_road_machine", "fleet_class": "china_vi"},
    ],
)
def test_database_refuses_a_class_of_another_kind(world: Cast, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        counted(world.plant, world.manager, **fields)


def test_one_row_stands_for_a_months_way(world: Cast) -> None:
    first = entered(world.plant, world.manager)
    with pytest.raises(IntegrityError), transaction.atomic():
        entered(world.plant, world.manager)

    first.replaced_at = NOW
    first.save(update_fields=["replaced_at"])
    second = entered(world.plant, world.manager, replaces=first)

    assert list(TransportMonth.objects.standing()) == [second]


@pytest.mark.usefixtures("opinion")
def test_plant_is_judged_by_what_stands(world: Cast) -> None:
    plant, by = world.plant, world.manager
    entered(plant, by, "9", mode="road", road_class="other", replaced_at=NOW)
    entered(plant, by, "80")
    entered(plant, by, "20", mode="road", road_class="other")
    entered(plant, by, "5", goods="product", direction="out", mode="road", road_class="china_vi")
    entered(plant, by, "900", mode="road", road_class="other", month=date(2026, 4, 1))
    entered(world.other_plant, by, "900", mode="road", road_class="other")
    counted(plant, by, count=3)
    counted(plant, by, kind="non_road_machine", fleet_class="china_iv", product_exists="no")

    verdict = judge_plant(plant, PERIOD)

    share = verdict.finding(Rule.CLEAN_SHARE)
    assert (share.part, share.whole) == (Decimal(80), Decimal(100))
    assert verdict.outcome == Outcome.MET


@pytest.mark.usefixtures("opinion")
def test_bounds_are_the_nations_and_those_of_the_plants_own_plan(world: Cast) -> None:
    plan = RequirementFactory.create(
        code="corps-share",
        document=DocumentFactory.create(code="corps-16", number="兵环发〔2024〕16号", tree="corps"),
        applies={"plant.tree": "corps"},
        subject_kind="plant",
    )
    LimitFactory.create(
        requirement=plan, pollutant=rules.CLEAN_SHARE, value=85, unit="%", averaging=""
    )

    here, corps = read_bounds(world.plant), read_bounds(world.corps_plant)

    assert len(here) == len(LAW)
    assert [b.document for b in corps if b.pollutant == rules.CLEAN_SHARE] == [
        "环大气〔2024〕5号",
        "兵环发〔2024〕16号",
    ]
