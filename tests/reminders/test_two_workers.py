"""Two workers at the same moment: each row goes out once, on either database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import count
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection

from tests.factories import NOW, TODAY, PlantFactory, manager_of
from tests.reminders.conftest import PickyServer, due_in, review_of
from tracker.reminders.models import Heartbeat, Message, Reminder, ReminderState
from tracker.reminders.nightly import take_night
from tracker.reminders.notices import plan_notices
from tracker.reminders.plan import plan_reminders
from tracker.reminders.send import send_due

pytestmark = pytest.mark.django_db(transaction=True)

T = TypeVar("T")
WORKERS = 4


def at_once(work: Callable[[], T]) -> list[T]:
    """Run the same work in several threads, which start together."""
    start = Barrier(WORKERS)

    def one() -> T:
        start.wait(timeout=10)
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        return [done.result() for done in [pool.submit(one) for _ in range(WORKERS)]]


def test_each_person_gets_one_mail(smtp_server: PickyServer) -> None:
    plant = PlantFactory.create()
    people = [manager_of(plant) for _ in range(12)]
    for days in (0, -1, 5):
        due_in(days, plant=plant)
    plan_reminders(today=TODAY, at=NOW)

    reports = at_once(lambda: send_due(now=NOW))

    assert sorted(smtp_server.receivers) == sorted(person.email for person in people)
    assert sum(report.mails for report in reports) == Message.objects.count() == 12
    assert sum(report.told for report in reports) == 36
    assert set(Reminder.objects.values_list("state", flat=True)) == {ReminderState.SENT}


def test_senders_from_both_ends_send_each_letter_once(
    smtp_server: PickyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.reminders.send.LETTERS_AT_ONCE", 3)
    plant = PlantFactory.create()
    people = [manager_of(plant) for _ in range(13)]
    due_in(0, plant=plant)
    plan_reminders(today=TODAY, at=NOW)
    ends = count()

    reports = at_once(lambda: send_due(now=NOW, backwards=next(ends) % 2 == 1))

    assert sorted(smtp_server.receivers) == sorted(person.email for person in people)
    assert sum(report.mails for report in reports) == 13


def test_each_reminder_is_planned_once() -> None:
    plant = PlantFactory.create()
    for _ in range(3):
        manager_of(plant)
    for days in (0, -1, 5):
        due_in(days, plant=plant)

    at_once(lambda: plan_reminders(today=TODAY, at=NOW))

    assert Reminder.objects.count() == 9


def test_each_notice_is_planned_once() -> None:
    plant = PlantFactory.create()
    manager = manager_of(plant)
    for _ in range(5):
        review_of(due_in(40, plant=plant), manager, "缺少检测报告")

    at_once(lambda: plan_notices(at=NOW))

    assert Reminder.objects.count() == 5


@pytest.mark.parametrize("last", [None, NOW - timedelta(days=1)])
def test_one_takes_the_night(last: datetime | None) -> None:
    if last is not None:
        Heartbeat.objects.create(name="nightly", at=last)
        Heartbeat.objects.create(name="nightly-taken", at=last)

    assert sorted(at_once(lambda: take_night(now=NOW))) == [False, False, False, True]
