"""What the checks look at, read from a plant's rows."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plants.models import Plant
from tests.factories import (
    NOW,
    TODAY,
    LimitFactory,
    LineFactory,
    ObligationFactory,
    OutletFactory,
    PermitFactory,
    PersonFactory,
    PlantFactory,
    StopWindowFactory,
)
from tracker.rounds.checks import find
from tracker.rounds.facts import read_facts
from tracker.rounds.models import Round, RoundStep, Stage

pytestmark = pytest.mark.django_db


def round_of(plant: Plant, **step: Any) -> Round:
    made = Round.objects.create(
        plant=plant,
        number=1,
        stage=Stage.STABLE_RUNNING,
        stage_since_at=NOW,
        opened_by=PersonFactory.create(),
        opened_at=NOW,
    )
    RoundStep.objects.create(
        round=made, number=1, stage=Stage.STABLE_RUNNING, entered_at=NOW, **step
    )
    return made


def found(round_: Round, check: str) -> str:
    return str(find(check, read_facts(round_, today=TODAY)).outcome)


def test_stop_window_of_the_place_is_a_fact_of_its_lines() -> None:
    plant = PlantFactory.create()
    LineFactory.create(plant=plant)
    StopWindowFactory.create(place=plant.place)  # 2025-11-01 to 2026-04-30
    LimitFactory.create(pollutant="steady running", value=1, unit="mo")
    winter = round_of(plant, starts_on=date(2026, 4, 15), ends_on=date(2026, 5, 31))

    assert found(winter, "stable_month") == "not_met"
    winter.steps.update(starts_on=date(2026, 5, 1))
    assert found(winter, "stable_month") == "met"


def test_oxidation_is_asked_of_the_chosen_lines_only() -> None:
    plant = PlantFactory.create()
    plain = LineFactory.create(plant=plant, number=1)
    oxidising = LineFactory.create(plant=plant, number=2, denitration="oxidation")
    LineFactory.create(plant=plant, number=3, denitration="oxidation", status="closed")
    ObligationFactory.create(
        plant=plant,
        line=oxidising,
        requirement__code="guide-oxidation-cpm",
        requirement__subject_kind="line",
    )
    made = round_of(plant)

    assert found(made, "oxidation_cpm") == "not_met"
    made.lines.set([plain])
    assert found(made, "oxidation_cpm") == "met"


def test_other_plants_rows_are_no_facts() -> None:
    plant, stranger = PlantFactory.create(), PlantFactory.create()
    PermitFactory.create(plant=stranger)
    OutletFactory.create(plant=stranger, has_cems=True)
    ObligationFactory.create(plant=stranger, requirement__code="guide-reagent-sample")
    made = round_of(plant)

    facts = read_facts(made, today=TODAY)

    assert (facts.permits, facts.main_outlets, facts.obligations) == ([], [], [])


def test_main_outlets_of_the_lines_and_of_no_line() -> None:
    plant = PlantFactory.create()
    mine, other = (LineFactory.create(plant=plant, number=n) for n in (1, 2))
    OutletFactory.create(plant=plant, line=mine, code="DA001", has_cems=True)
    OutletFactory.create(plant=plant, line=other, code="DA002", has_cems=True)
    OutletFactory.create(plant=plant, code="DA003", is_main=True)
    OutletFactory.create(plant=plant, code="DA004")
    made = round_of(plant)
    made.lines.set([mine])

    outlets = read_facts(made, today=TODAY).main_outlets

    assert [each.outlet.name.zh[:5] for each in outlets] == ["DA001", "DA003"]
    assert found(made, "cems_on_main_outlets") == "not_met"


def test_number_of_queries_is_the_same_for_many_lines() -> None:
    plant = PlantFactory.create()
    made = round_of(plant)
    counts = []
    for number in (1, 2, 3):
        line = LineFactory.create(plant=plant, number=number)
        OutletFactory.create(plant=plant, line=line, has_cems=True)
        PermitFactory.create(plant=plant)
        counts.append(_queries(made))

    assert counts[0] == counts[2]


def _queries(made: Round) -> int:
    with CaptureQueriesContext(connection) as queries:
        read_facts(Round.objects.select_related("plant__place").get(pk=made.pk), today=TODAY)
    return len(queries)
