"""What fails at one plant keeps no other from its dates, and is not passed over in silence."""

import logging
from collections.abc import Iterable
from typing import Any

import pytest
from django.db import OperationalError

from plants.models import Plant
from tests.factories import NOW, TODAY, PlantFactory, RequirementFactory
from tracker.audit import Actor
from tracker.obligations import everywhere
from tracker.obligations.everywhere import PlantsLeftOut, SiteReport, schedule_site
from tracker.obligations.models import Obligation
from tracker.obligations.schedule import ScheduleReport, schedule_obligations

pytestmark = pytest.mark.django_db


def run() -> SiteReport:
    return schedule_site(today=TODAY, by=Actor(None, "tests"), at=NOW)


def break_at(monkeypatch: pytest.MonkeyPatch, faulty: Plant, fault: Exception) -> None:
    """As if one plant's facts could not be worked with."""

    def broken(*, plants: Iterable[Plant], **given: Any) -> ScheduleReport:
        plants = list(plants)
        report = schedule_obligations(plants=[p for p in plants if p != faulty], **given)
        if faulty in plants:
            raise fault
        return report

    monkeypatch.setattr(everywhere, "schedule_obligations", broken)


@pytest.fixture
def plants() -> list[Plant]:
    RequirementFactory.create(due={"on": "2026-12-31"})
    return PlantFactory.create_batch(5)


def test_all_plants_are_scheduled_once(
    plants: list[Plant], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(everywhere, "PLANTS_AT_ONCE", 2)

    first, again = run(), run()

    assert (first.created, again.created, again.unchanged) == (5, 0, 5)
    again.raise_faults()


def test_faulty_plant_is_left_out_logged_and_reported(
    plants: list[Plant], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(everywhere, "PLANTS_AT_ONCE", 2)
    break_at(monkeypatch, plants[2], OverflowError("date value out of range"))

    with caplog.at_level(logging.ERROR):
        report = run()

    assert report.faults == {plants[2].code: "OverflowError: date value out of range"}
    assert set(Obligation.objects.values_list("plant", flat=True)) >= {
        plant.pk for plant in plants if plant != plants[2]
    }
    [record] = caplog.records
    assert plants[2].code in record.getMessage()
    assert record.exc_info is not None
    with pytest.raises(PlantsLeftOut, match=f"1 plants .*{plants[2].code}: OverflowError"):
        report.raise_faults()


def test_fault_of_the_database_is_nobodys_plant(
    plants: list[Plant], monkeypatch: pytest.MonkeyPatch
) -> None:
    break_at(monkeypatch, plants[0], OperationalError("gone"))

    with pytest.raises(OperationalError):
        run()


def test_rule_that_cannot_be_read_ends_the_run(plants: list[Plant]) -> None:
    RequirementFactory.create(applies={"nobody": "knows"})

    with pytest.raises(Exception, match="no known fact"):
        run()


def test_many_faults_are_counted_not_all_named() -> None:
    told = str(PlantsLeftOut({f"plant-{n}": "OverflowError" for n in range(12)}))

    assert told.startswith("12 plants could not be scheduled: plant-0: OverflowError;")
    assert told.endswith("; and 2 more")
