"""What changes in the course of a day is planned anew before the next night."""

from datetime import timedelta

import pytest

from plants.models import Person, Plant
from tests.factories import NOW, TODAY
from tests.reminders.conftest import due_in
from tracker.audit import Actor, Verb, record
from tracker.obligations.models import Obligation, State
from tracker.reminders.days import moment
from tracker.reminders.models import Preference, Reminder, ReminderState
from tracker.reminders.plan import plan_reminders
from tracker.reminders.replan import plan_changed

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def change(obligation: Obligation, verb: Verb, hours: float = 1, **values: object) -> None:
    Obligation.objects.filter(pk=obligation.pk).update(**values)
    by = Actor(None, "tests")
    record(by=by, at=NOW + hours * HOUR, verb=verb, thing=obligation, plant=obligation.plant)


def rows() -> list[tuple[int | None, str]]:
    return list(Reminder.objects.order_by("pk").values_list("rung", "state"))


@pytest.fixture
def told(plant: Plant, manager: Person) -> Obligation:
    """Planned in the night, ten days before its day."""
    obligation = due_in(10, plant=plant)
    plan_reminders(today=TODAY, at=NOW)
    plan_changed(at=NOW)
    return obligation


def test_moved_to_today_is_told_today(told: Obligation) -> None:
    change(told, Verb.RE_DATED, due_on=TODAY)

    assert plan_changed(at=NOW + 2 * HOUR) == 1
    assert rows() == [(14, ReminderState.CANCELLED), (0, ReminderState.PLANNED)]
    assert Reminder.objects.get(rung=0).next_attempt_at == NOW + 2 * HOUR


def test_moved_to_another_day_waits_for_the_next_digest(told: Obligation) -> None:
    change(told, Verb.RE_DATED, due_on=TODAY + timedelta(days=5))

    plan_changed(at=NOW + 2 * HOUR)

    assert Reminder.objects.get(rung=7).next_attempt_at == moment(TODAY + timedelta(days=1), 8)


def test_handed_in_is_silent_at_once_and_returned_is_told_again(told: Obligation) -> None:
    change(told, Verb.SUBMITTED, state=State.SUBMITTED, state_changed_at=NOW)
    assert plan_changed(at=NOW + 2 * HOUR) == 0
    assert rows() == [(14, ReminderState.CANCELLED)]

    change(told, Verb.RETURNED, hours=2.5, state=State.RETURNED)
    assert plan_changed(at=NOW + 3 * HOUR) == 1
    assert rows() == [(14, ReminderState.PLANNED)]


def test_revived_on_its_day_goes_now_and_else_at_her_hour(
    told: Obligation, plant: Plant, manager: Person
) -> None:
    Preference.objects.create(person=manager, hour=17)
    today = due_in(0, plant=plant)
    plan_reminders(today=TODAY, at=NOW)
    for each in (told, today):
        change(each, Verb.SUBMITTED, state=State.SUBMITTED, state_changed_at=NOW)
    plan_changed(at=NOW + 10 * HOUR)
    assert {state for _rung, state in rows()} == {ReminderState.CANCELLED}

    for each in (told, today):
        change(each, Verb.RETURNED, hours=10.5, state=State.RETURNED)
    assert plan_changed(at=NOW + 11 * HOUR) == 2

    at = dict(Reminder.objects.values_list("obligation", "next_attempt_at"))
    tomorrow = TODAY + timedelta(days=1)
    assert at == {today.pk: NOW + 11 * HOUR, told.pk: moment(tomorrow, 17)}


def test_again_and_without_changes_it_does_nothing(told: Obligation) -> None:
    change(told, Verb.RE_DATED, due_on=TODAY)
    plan_changed(at=NOW + 2 * HOUR)
    before = rows()

    assert [plan_changed(at=NOW + hours * HOUR) for hours in (2, 3, 30)] == [0, 0, 0]
    assert rows() == before
