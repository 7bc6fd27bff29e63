import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from queue import Empty
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from kombu import Connection

from plants.models import Plant
from tests.factories import NOW, PlantFactory, RequirementFactory, manager_of
from tests.reminders.conftest import PickyServer, due_in, plan, review_of
from tracker import tasks
from tracker.celery import app
from tracker.obligations import everywhere
from tracker.obligations.schedule import ScheduleReport, schedule_obligations
from tracker.reminders.models import Heartbeat, Message, Reminder, ReminderState

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker(valkey_url: str) -> Iterator[Connection]:
    """The real broker as the tasks' own, with keys that no other test uses."""
    before = app.conf.broker_url, app.conf.broker_transport_options
    app.conf.broker_url = valkey_url
    app.conf.broker_transport_options = {"global_keyprefix": f"nudge-{uuid4()}-"}
    with app.connection_for_read() as connection:
        yield connection
    app.conf.broker_url, app.conf.broker_transport_options = before


def waiting(broker: Connection) -> list[str]:
    """The names of the tasks that wait for a worker; takes them off."""
    names = []
    with suppress(Empty), broker.SimpleQueue("celery") as queue:
        while True:
            message = queue.get(block=False)
            message.ack()
            names.append(message.headers["task"])
    return names


def requirement_due_in(days: int) -> None:
    RequirementFactory.create(due={"on": (NOW + timedelta(days=days)).date().isoformat()})


def test_beat_knows_only_tasks_that_are_there() -> None:
    assert {entry["task"] for entry in tasks.BEAT.values()} <= set(app.tasks)


def test_the_night_runs_once_a_day(smtp_server: PickyServer) -> None:
    manager = manager_of(PlantFactory.create())
    requirement_due_in(7)
    with time_machine.travel(NOW, tick=False) as clock:
        tasks.nightly_if_due()
        first = Reminder.objects.get()
        clock.shift(timedelta(hours=1))
        manager_of(PlantFactory.create())
        tasks.nightly_if_due()

        assert list(Reminder.objects.all()) == [first]
        assert smtp_server.receivers == [manager.email]
        assert Heartbeat.objects.get(name="nightly").at == NOW


def test_a_rule_that_cannot_be_worked_out_keeps_no_mail_back(smtp_server: PickyServer) -> None:
    obligation = due_in(0)
    manager = manager_of(obligation.plant)
    RequirementFactory.create(applies={"nobody": "knows"})

    with time_machine.travel(NOW, tick=False):
        with pytest.raises(Exception, match="no known fact"):
            tasks.nightly_if_due()
        tasks.send_due()

    assert smtp_server.receivers == [manager.email]
    assert Heartbeat.objects.filter(name="nightly").count() == 0


def test_a_plant_that_cannot_be_scheduled_keeps_nothing_back_and_fails_the_night(
    smtp_server: PickyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty, plant = PlantFactory.create_batch(2)
    manager = manager_of(plant)
    requirement_due_in(7)

    def broken(*, plants: Iterable[Plant], **given: Any) -> ScheduleReport:
        if faulty in plants:
            raise OverflowError("date value out of range")
        return schedule_obligations(plants=plants, **given)

    monkeypatch.setattr(everywhere, "schedule_obligations", broken)
    with (
        time_machine.travel(NOW, tick=False),
        pytest.raises(everywhere.PlantsLeftOut, match=faulty.code),
    ):
        tasks.nightly_if_due()

    assert smtp_server.receivers == [manager.email]
    assert not Heartbeat.objects.filter(name="nightly").exists()


def test_a_decision_arrives_with_the_next_minute(smtp_server: PickyServer) -> None:
    obligation = due_in(40)
    manager = manager_of(obligation.plant)
    review_of(obligation, manager, "缺少检测报告")

    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        tasks.send_due()
        tasks.send_due()

    assert smtp_server.receivers == [manager.email]


def test_what_a_dead_worker_held_is_sent_by_the_next_one(smtp_server: PickyServer) -> None:
    obligation = due_in(40)
    review_of(obligation, manager_of(obligation.plant), "缺少检测报告")
    smtp_server.refuse()
    with time_machine.travel(NOW, tick=False) as clock:
        tasks.send_due()
        Reminder.objects.update(state=ReminderState.CLAIMED, claimed_at=NOW)
        smtp_server.accept()
        tasks.send_due()
        assert smtp_server.received == []
        clock.shift(timedelta(minutes=15))
        tasks.send_due()

    assert len(smtp_server.received) == Message.objects.count() == 1


@pytest.mark.parametrize(
    ("nudge", "task"),
    [
        (tasks.nudge_sender, "tracker.send_due"),
        (tasks.nudge_account_mails, "tracker.send_account_mails"),
        (tasks.nudge_channels, "tracker.send_channel_posts"),
        (tasks.nudge_after_files, "tracker.read_files"),
        (tasks.nudge_reports, "tracker.make_reports"),
    ],
)
def test_a_nudge_asks_once_the_decision_stands(
    nudge: Callable[[], None],
    task: str,
    django_capture_on_commit_callbacks: Callable[..., Any],
    broker: Connection,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        nudge()
        assert waiting(broker) == []

    assert waiting(broker) == [task]


def test_a_nudge_without_a_broker_fails_nobody(
    django_capture_on_commit_callbacks: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    started = time.monotonic()

    with caplog.at_level(logging.WARNING), django_capture_on_commit_callbacks(execute=True):
        tasks.nudge_sender()

    assert [record.name for record in caplog.records] == ["tracker.tasks"]
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(("letters", "helpers"), [(3, []), (4, ["tracker.send_from_the_end"])])
def test_many_letters_get_a_second_sender(
    letters: int,
    helpers: list[str],
    broker: Connection,
    smtp_server: PickyServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tracker.reminders.send.LETTERS_AT_ONCE", 2)
    plant = PlantFactory.create()
    people = [manager_of(plant) for _ in range(letters)]
    due_in(0, plant=plant)
    plan()

    with time_machine.travel(NOW, tick=False):
        tasks.send_due()
        tasks.send_from_the_end()

    # SQLite has one writer: it gets none.
    assert waiting(broker) == (helpers if connection.vendor == "postgresql" else [])
    assert sorted(smtp_server.receivers) == sorted(person.email for person in people)


def test_the_second_sender_begins_with_the_last(smtp_server: PickyServer) -> None:
    plant = PlantFactory.create()
    people = [manager_of(plant) for _ in range(4)]
    due_in(0, plant=plant)
    plan()

    with time_machine.travel(NOW, tick=False):
        tasks.send_from_the_end()

    assert smtp_server.receivers == [person.email for person in reversed(people)]
