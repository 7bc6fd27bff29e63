"""What the database itself refuses of samples, and who sees them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from plants.models import Outlet, Person, Plant
from tests.factories import NOW, cast
from tracker.rounds.models import Body, OutletTechnology, Round, Sample, Seat

pytestmark = pytest.mark.django_db


def round_of(plant: Plant, by: Person, **fields: Any) -> Round:
    return Round.objects.create(
        plant=plant, number=1, stage_since_at=NOW, opened_by=by, opened_at=NOW, **fields
    )


def sample(round_: Round, **fields: Any) -> Sample:
    values: dict[str, Any] = {
        "outlet": Outlet.objects.get(plant=round_.plant),
        "pollutant": "NOx",
        "taken_from_at": NOW,
        "taken_to_at": NOW + timedelta(hours=1),
        "oxygen_percent": Decimal("9.5"),
        "measured": Decimal("40.5"),
        "origin": "hand",
        "entered_by": round_.opened_by,
        "entered_at": NOW,
    }
    return Sample.objects.create(round=round_, **values | fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"taken_to_at": NOW},
        {"measured": Decimal("-0.1")},
        {"cems_measured": Decimal(-1)},
        {"oxygen_percent": Decimal("100.1")},
        {"load_percent": Decimal(0)},
        {"reason": "误填"},
    ],
)
def test_refused_by_the_database(fields: dict[str, Any]) -> None:
    world = cast()
    round_ = round_of(world.plant, world.manager)

    with pytest.raises(IntegrityError), transaction.atomic():
        sample(round_, **fields)


def test_once_at_its_start_unless_the_other_was_replaced() -> None:
    world = cast()
    round_ = round_of(world.plant, world.manager)
    first = sample(round_)
    with pytest.raises(IntegrityError), transaction.atomic():
        sample(round_)

    Sample.objects.filter(pk=first.pk).update(replaced_at=NOW)
    second = sample(round_, replaces=first, reason="误填")

    assert list(Sample.objects.standing()) == [second]
    assert first.replaced_by == second


def test_seen_with_the_round() -> None:
    world = cast()
    round_ = round_of(world.plant, world.manager)
    Seat.objects.create(
        round=round_,
        person=world.other_manager,
        body=Body.MONITORING,
        organisation="示例监测",
        given_by=world.manager,
        given_at=NOW,
    )
    outlet = sample(round_).outlet
    OutletTechnology.objects.create(
        round=round_,
        outlet=outlet,
        technology="SNCR+SCR",
        entered_by=world.manager,
        entered_at=NOW,
    )

    for model in (Sample, OutletTechnology):
        seen = {
            name: model.objects.visible_to(person).exists() for name, person in world.people.items()
        }
        assert {name for name, sees in seen.items() if sees} == {
            "changji_officer",
            "region_officer",
            "manager",
            "other_manager",
            "group_manager",
            "auditor",
            "administrator",
        }
