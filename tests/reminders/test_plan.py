from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from plants.models import Person
from tests.factories import (
    NOW,
    TODAY,
    CompanyFactory,
    ObligationFactory,
    PlantFactory,
    RequirementFactory,
    assessor_of,
    auditor_of,
    group_manager_of,
    manager_of,
    officer_of,
)
from tracker.obligations.models import Obligation, State
from tracker.reminders.models import Reminder, ReminderState
from tracker.reminders.plan import plan_reminders

pytestmark = pytest.mark.django_db

Row = tuple[int, int, int | None, str]


def plan(days: int = 0) -> int:
    later = timedelta(days=days)
    return plan_reminders(today=TODAY + later, at=NOW + later)


def due_in(days: int, **fields: Any) -> Obligation:
    return ObligationFactory.create(due_on=TODAY + timedelta(days=days), **fields)


def rows() -> list[Row]:
    return list(
        Reminder.objects.order_by("obligation_id", "pk").values_list(
            "obligation_id", "person_id", "rung", "state"
        )
    )


def planned(obligation: Obligation, person: Person, rung: int) -> Row:
    return (obligation.pk, person.pk, rung, ReminderState.PLANNED)


def test_plans_the_newest_rung_for_the_plants_manager() -> None:
    obligation = due_in(20)
    manager = manager_of(obligation.plant)

    assert plan() == 1

    reminder = Reminder.objects.get()
    assert rows() == [planned(obligation, manager, 30)]
    assert (reminder.due_on, reminder.planned_at, reminder.next_attempt_at) == (
        obligation.due_on,
        NOW,
        NOW,
    )


def test_run_again_plans_nothing() -> None:
    manager_of(due_in(20).plant)
    manager_of(due_in(-20).plant)
    plan()
    before = rows()

    assert [plan(), plan()] == [0, 0]
    assert rows() == before


def test_tells_group_managers_of_their_company_only() -> None:
    company = CompanyFactory.create()
    obligation = due_in(0, plant=PlantFactory.create(company=company))
    due_in(0, plant=PlantFactory.create(company=CompanyFactory.create()))
    due_in(0, plant=PlantFactory.create(company=None))
    chief = group_manager_of(company)

    plan()

    assert rows() == [planned(obligation, chief, 0)]


def test_one_row_for_a_manager_who_runs_the_group_too() -> None:
    company = CompanyFactory.create()
    obligation = due_in(0, plant=PlantFactory.create(company=company))
    manager = manager_of(obligation.plant)
    manager.memberships.create(role="group_manager", company=company)

    assert plan() == 1
    assert rows() == [planned(obligation, manager, 0)]


def test_tells_nobody_who_does_not_answer_for_the_plant() -> None:
    obligation = due_in(0)
    assessor_of(obligation.plant)
    officer_of(obligation.plant.authority)
    auditor_of(obligation.plant.authority)
    manager_of(PlantFactory.create())

    assert plan() == 0


def test_tells_no_inactive_person() -> None:
    obligation = due_in(0, plant=PlantFactory.create(company=CompanyFactory.create()))
    manager_of(obligation.plant, is_active=False)
    assert obligation.plant.company is not None
    group_manager_of(obligation.plant.company, is_active=False)

    assert plan() == 0


@pytest.mark.parametrize("state", [State.SUBMITTED, State.ACCEPTED, State.WAIVED, State.WITHDRAWN])
def test_plans_nothing_that_is_not_owed(state: str) -> None:
    manager_of(due_in(0, state=state).plant)

    assert plan() == 0


def test_plans_what_was_returned() -> None:
    obligation = due_in(0, state=State.RETURNED)
    manager = manager_of(obligation.plant)

    plan()

    assert rows() == [planned(obligation, manager, 0)]


def test_plans_nothing_before_the_first_rung() -> None:
    manager_of(due_in(91).plant)

    assert plan() == 0


def test_after_missed_nights_only_the_newest_rung() -> None:
    obligation = due_in(20)
    manager = manager_of(obligation.plant)
    plan()
    Reminder.objects.update(state=ReminderState.CANCELLED)

    assert plan(days=45) == 1
    assert rows() == [
        (obligation.pk, manager.pk, 30, ReminderState.CANCELLED),
        planned(obligation, manager, -21),
    ]


def test_a_plant_loaded_with_old_dues_gets_their_newest_rungs_only() -> None:
    plant = PlantFactory.create()
    manager = manager_of(plant)
    dues = [due_in(-n, plant=plant) for n in (1, 8, 800, 4000)]

    plan()

    assert rows() == [
        planned(due, manager, rung) for due, rung in zip(dues, (0, -7, -798, -3997), strict=True)
    ]


def test_every_rung_once_over_a_quarter_of_nights() -> None:
    obligation = due_in(40)
    manager_of(obligation.plant)

    for night in range(90):
        plan(days=night)

    told = list(Reminder.objects.order_by("pk").values_list("rung", flat=True))
    assert told == [90, 30, 14, 7, 1, 0, -7, -14, -21, -28, -35, -42]


def test_cancels_what_was_submitted() -> None:
    obligation = due_in(0)
    manager = manager_of(obligation.plant)
    plan()
    Obligation.objects.update(state=State.SUBMITTED)

    assert plan() == 0
    assert rows() == [(obligation.pk, manager.pk, 0, ReminderState.CANCELLED)]


def test_plans_again_what_was_cancelled_and_then_returned() -> None:
    obligation = due_in(0)
    manager = manager_of(obligation.plant)
    plan()
    Obligation.objects.update(state=State.SUBMITTED)
    plan(days=1)
    Obligation.objects.update(state=State.RETURNED)

    assert plan(days=2) == 1
    assert rows() == [planned(obligation, manager, 0)]
    assert Reminder.objects.get().next_attempt_at == NOW + timedelta(days=2)


def test_cancels_the_old_date_and_plans_the_new_one() -> None:
    obligation = due_in(0)
    manager = manager_of(obligation.plant)
    plan()
    Obligation.objects.update(due_on=TODAY + timedelta(days=5))

    assert plan() == 1
    assert rows() == [
        (obligation.pk, manager.pk, 0, ReminderState.CANCELLED),
        planned(obligation, manager, 7),
    ]


@pytest.mark.parametrize(
    "leave",
    [
        lambda manager: manager.memberships.all().delete(),
        lambda manager: Person.objects.filter(pk=manager.pk).update(is_active=False),
    ],
)
def test_cancels_what_was_for_somebody_who_left(leave: Callable[[Person], object]) -> None:
    obligation = due_in(0)
    manager = manager_of(obligation.plant)
    plan()
    leave(manager)

    assert plan() == 0
    assert rows() == [(obligation.pk, manager.pk, 0, ReminderState.CANCELLED)]


def test_leaves_what_was_sent_or_is_being_sent() -> None:
    obligation = due_in(0)
    manager = manager_of(obligation.plant)
    plan()
    Reminder.objects.update(state=ReminderState.CLAIMED, claim=uuid4(), claimed_at=NOW)
    Obligation.objects.update(state=State.SUBMITTED)

    plan()

    assert rows() == [(obligation.pk, manager.pk, 0, ReminderState.CLAIMED)]


def test_queries_do_not_grow_with_the_obligations(
    django_assert_num_queries: Callable[..., Any],
) -> None:
    plants = [PlantFactory.create() for _ in range(3)]
    requirement = RequirementFactory.create()
    for plant in plants:
        manager_of(plant)
    due_in(3, plant=plants[0], requirement=requirement)
    with django_assert_num_queries(13):
        assert plan() == 1
    for number in range(60):
        due_in(
            -number, plant=plants[number % 3], requirement=requirement, period=f"{2000 + number}"
        )

    with django_assert_num_queries(13):
        assert plan() == 60
