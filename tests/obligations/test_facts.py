"""What is read of plants for the rules to ask about."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from plants.models import PermitReport, Plant
from plants.text import Text
from tests.factories import (
    AuthorityFactory,
    DocumentFactory,
    LineFactory,
    OutletFactory,
    PermitFactory,
    PlaceFactory,
    PlantFactory,
    ProjectFactory,
)
from tracker.obligations.facts import Facts, ReportDate
from tracker.obligations.subjects import read_subjects
from tracker.regulations.models import AnnexDate

pytestmark = pytest.mark.django_db


def facts_of(plant: Plant) -> Facts:
    ((_plant, subjects),) = read_subjects([plant.pk])
    return subjects["plant"][0].facts


def test_authority_place_and_capacity() -> None:
    plant = PlantFactory.create(
        authority=AuthorityFactory.create(code="region-changji-fukang"),
        place=PlaceFactory.create(code="fukang"),
    )
    for number, status in enumerate(["running", "long_stopped", "closed"], 1):
        LineFactory.create(plant=plant, number=number, capacity_tpd=2500, status=status)

    facts = facts_of(plant)

    asked = ["authority", "authority_level", "place", "prefecture", "key_zone", "capacity_tpd"]
    assert {name: facts.values[f"plant.{name}"] for name in asked} == {
        "authority": "region-changji-fukang",
        "authority_level": "county",
        "place": "fukang",
        "prefecture": "changji",
        "key_zone": True,
        "capacity_tpd": 5000,
    }
    assert facts.offices == ("region-changji-fukang", "region-changji", "region")
    assert facts.names["region"] == Text("region 生态环境局", "Bureau region")


def test_plant_in_no_joint_control_zone() -> None:
    facts = facts_of(PlantFactory.create(place=PlaceFactory.create(code="hotan")))

    assert facts.values["plant.key_zone"] is False


@pytest.mark.parametrize(
    ("ends", "finished"),
    [
        ([date(2026, 3, 1), date(2026, 5, 1)], date(2026, 5, 1)),
        ([date(2026, 3, 1), None], None),
        ([None], None),
    ],
)
def test_works_are_finished_when_all_of_a_part_are(
    ends: list[date | None], finished: date | None
) -> None:
    plant = PlantFactory.create()
    for i, end in enumerate(ends):
        ProjectFactory.create(
            plant=plant,
            part="fugitive",
            planned_start_on=date(2025, 1, 1),
            planned_finish_on=date(2026, 1 + i, 1),
            finished_on=end,
        )

    values = facts_of(plant).values

    assert values.get("project.fugitive.finished_on") == finished
    assert values["project.fugitive.planned_finish_on"] == date(2026, len(ends), 1)
    assert "project.organised.planned_finish_on" not in values


def test_newest_permit_and_its_own_dates() -> None:
    plant = PlantFactory.create()
    old = PermitFactory.create(plant=plant, valid_until_on=date(2026, 1, 1))
    new = PermitFactory.create(plant=plant, valid_until_on=date(2031, 1, 1))
    PermitReport.objects.create(permit=old, every="quarter", days_after=10)
    PermitReport.objects.create(permit=new, every="half_year", month=7, day=15)
    PermitReport.objects.create(permit=new, every="year", month=1, day=15, next_year=True)

    facts = facts_of(plant)

    assert facts.values["permit.valid_until"] == date(2031, 1, 1)
    assert facts.values["permit.known"] is True
    assert facts.reports == {
        "half_year": ReportDate(new.number, None, (7, 15)),
        "year": ReportDate(new.number, None, (1, 15), next_year=True),
    }


def test_plant_without_a_permit() -> None:
    facts = facts_of(PlantFactory.create())

    assert (facts.values["permit.known"], facts.values["permit.valid_until"]) == (False, None)
    assert facts.reports == {}


def test_annex_dates_are_the_plants_own() -> None:
    plant, other = PlantFactory.create(), PlantFactory.create()
    for where, day in ((plant, date(2027, 6, 30)), (other, date(2026, 6, 30))):
        AnnexDate.objects.create(
            document=DocumentFactory.create(),
            plant=where,
            part="whole",
            completion_on=day,
            verification="secondary",
        )

    assert facts_of(plant).values["annex.whole"] == date(2027, 6, 30)


@pytest.mark.parametrize("count", [1, 3])
def test_subjects_are_read_in_few_queries(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        plant = PlantFactory.create(authority=AuthorityFactory.create(code="region-changji-fukang"))
        line = LineFactory.create(plant=plant)
        OutletFactory.create_batch(2, plant=plant, line=line)
        ProjectFactory.create(plant=plant)
        PermitReport.objects.create(
            permit=PermitFactory.create(plant=plant), every="quarter", days_after=10
        )

    ids = list(Plant.objects.values_list("pk", flat=True))

    with django_assert_num_queries(8):
        found = read_subjects(ids)

    assert [len(subjects["outlet"]) for _plant, subjects in found] == [2] * count
