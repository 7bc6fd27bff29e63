"""A month is counted by day, requirement and state, for the reader's plants only."""

from datetime import date

import pytest

from plants.models import Person
from tests.factories import (
    Cast,
    ObligationFactory,
    PermitFactory,
    ProjectFactory,
    RequirementFactory,
    cast,
    make_obligation_at,
)
from tracker.obligations.models import State
from tracker.reporting.calendar import Wanted, read_month, read_scope
from tracker.reporting.plants import Choice

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


@pytest.fixture
def world() -> Cast:
    return cast()


def month(person: Person, **wanted: Choice) -> list[tuple[date, int]]:
    """How many obligations are due on each day."""
    read = read_month(person, Wanted(FIRST, LAST, **wanted))
    return [(on, day.count) for on, day in read.days.items()]


def test_month_counts_first_and_last_day_and_no_other(world: Cast) -> None:
    for day in (date(2026, 10, 31), FIRST, LAST, date(2026, 12, 1)):
        ObligationFactory.create(plant=world.plant, due_on=day)

    assert month(world.manager) == [(FIRST, 1), (LAST, 1)]


def test_month_leaves_out_others_plants_and_the_withdrawn(world: Cast) -> None:
    ObligationFactory.create(plant=world.plant, due_on=LAST)
    ObligationFactory.create(plant=world.other_plant, due_on=LAST)
    ObligationFactory.create(plant=world.corps_plant, due_on=LAST)
    make_obligation_at(State.WITHDRAWN, plant=world.plant, due_on=LAST)

    counted = {who: month(person) for who, person in world.people.items()}

    assert counted == {
        "changji_officer": [(LAST, 1)],
        "region_officer": [(LAST, 2)],
        "corps_officer": [(LAST, 1)],
        "manager": [(LAST, 1)],
        "other_manager": [(LAST, 1)],
        "group_manager": [(LAST, 2)],
        "auditor": [(LAST, 3)],
        "administrator": [(LAST, 3)],
    }


def test_filters_narrow_to_a_plant_and_to_an_authoritys_subtree(world: Cast) -> None:
    for plant in (world.plant, world.other_plant, world.corps_plant):
        ObligationFactory.create(plant=plant, due_on=LAST)
    scope = read_scope(world.auditor)
    plants = {choice.pk: choice for choice in scope.plants}
    authorities = {choice.code: choice for choice in scope.authorities}

    assert month(world.auditor, plant=plants[world.plant.pk]) == [(LAST, 1)]
    assert month(world.auditor, authority=authorities["region"]) == [(LAST, 2)]
    assert month(world.auditor, plant=plants[world.plant.pk], authority=authorities["corps"]) == []


def test_day_counts_by_requirement_and_state(world: Cast) -> None:
    requirement = RequirementFactory.create()
    alike = [
        ObligationFactory.create(plant=plant, requirement=requirement, due_on=LAST)
        for plant in (world.plant, world.other_plant)
    ]
    done = make_obligation_at(
        State.ACCEPTED,
        plant=world.plant,
        requirement=requirement,
        period="2026",
        due_on=LAST,
    )

    [day] = read_month(world.region_officer, Wanted(FIRST, LAST)).days.values()

    told = [(duty.state, duty.number, duty.obligation, duty.plant_id) for duty in day.duties]
    assert told == [
        ("accepted", 1, done.pk, world.plant.pk),
        ("open", 2, alike[0].pk, None),
    ]


def test_works_and_permits_that_end_stand_on_their_day(world: Cast) -> None:
    project = ProjectFactory.create(plant=world.plant, planned_finish_on=LAST)
    ProjectFactory.create(plant=world.plant, planned_finish_on=LAST, finished_on=FIRST)
    ProjectFactory.create(plant=world.other_plant, planned_finish_on=LAST)
    permit = PermitFactory.create(plant=world.plant, valid_until_on=FIRST)
    PermitFactory.create(plant=world.other_plant, valid_until_on=FIRST)

    days = read_month(world.manager, Wanted(FIRST, LAST)).days

    assert [(on, len(day.projects), len(day.permits)) for on, day in days.items()] == [
        (FIRST, 0, 1),
        (LAST, 1, 0),
    ]
    [ending], [running_out] = days[LAST].projects, days[FIRST].permits
    assert (ending.name, ending.plant) == (project.title, world.plant.name)
    assert (running_out.name, running_out.plant_id) == (permit.number, world.plant.pk)
