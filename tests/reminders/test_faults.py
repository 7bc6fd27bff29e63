"""Mail servers that are away, refuse, or stall: nothing is lost and nobody else waits."""

import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from plants.models import Person, Plant
from tests.factories import NOW, manager_of
from tests.ports import free_port
from tests.reminders.conftest import PickyServer, due_in, plan, send, states
from tracker.reminders.models import Reminder, ReminderState
from tracker.reminders.send import SendReport, send_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def no_server(settings: Any) -> None:
    settings.EMAIL_BACKEND = "tracker.reminders.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()


@pytest.mark.usefixtures("no_server")
def test_without_a_server_everything_waits(plant: Plant) -> None:
    manager_of(plant)
    manager_of(plant)
    due_in(0, plant=plant)
    plan()

    report = send()

    assert (report.mails, report.postponed) == (0, 2)
    assert report.fault.startswith("ConnectionRefusedError")
    for reminder in Reminder.objects.all():
        assert (reminder.state, reminder.attempts) == (ReminderState.PLANNED, 1)
        assert reminder.fault == report.fault
        assert _waits(reminder) == timedelta(minutes=1)


def _waits(reminder: Reminder, since: datetime = NOW) -> timedelta:
    """In whole minutes: the run itself took a moment."""
    return timedelta(minutes=(reminder.next_attempt_at - since) // timedelta(minutes=1))


@pytest.mark.usefixtures("manager", "no_server")
def test_backs_off_longer_each_time(plant: Plant) -> None:
    due_in(0, plant=plant)
    plan()
    waits, now = [], NOW

    for _ in range(6):
        send_due(now=now)
        reminder = Reminder.objects.get()
        waits.append(_waits(reminder, now) // timedelta(minutes=1))
        # A moment too early changes nothing.
        assert send_due(now=reminder.next_attempt_at - timedelta(seconds=1)) == SendReport()
        now = reminder.next_attempt_at

    assert waits == [1, 5, 15, 60, 60, 60]
    assert Reminder.objects.get().attempts == 6


@pytest.mark.parametrize("answer", ["451 4.3.0 Try again later", "554 5.7.1 Looks like spam"])
def test_refused_mail_is_sent_later(
    answer: str, plant: Plant, manager: Person, smtp_server: PickyServer
) -> None:
    due_in(0, plant=plant)
    plan()
    smtp_server.refuse(answer)

    assert send() == SendReport(postponed=1)
    assert Reminder.objects.get().fault == answer
    smtp_server.accept()

    assert send() == SendReport()
    assert send(minutes=2) == SendReport(mails=1, told=1)
    assert smtp_server.receivers == [manager.email]
    assert states() == [ReminderState.SENT]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("550 5.1.1 No such user", ReminderState.FAILED),
        ("553 Mailbox name not allowed", ReminderState.FAILED),
        ("450 4.2.0 Greylisted", ReminderState.PLANNED),
        ("421 4.3.2 Going down", ReminderState.PLANNED),
        # The server's rules, not the address: somebody can mend them.
        ("550 5.7.54 Unable to relay", ReminderState.PLANNED),
    ],
)
def test_a_refused_address_holds_up_nobody_else(
    answer: str, state: str, plant: Plant, smtp_server: PickyServer
) -> None:
    people = [manager_of(plant) for _ in range(3)]
    due_in(0, plant=plant)
    plan()
    smtp_server.refused = {people[1].email: answer}

    report = send()

    assert (report.mails, report.failed + report.postponed) == (2, 1)
    assert smtp_server.receivers == [people[0].email, people[2].email]
    refused = Reminder.objects.get(person=people[1])
    assert (refused.state, refused.attempts, refused.fault) == (state, 1, answer)


@pytest.fixture
def dead_end(settings: Any) -> Iterator[None]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        settings.EMAIL_BACKEND = "tracker.reminders.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = listening.getsockname()
        settings.EMAIL_TIMEOUT = 0.2
        yield


@pytest.mark.usefixtures("dead_end")
def test_a_server_that_stalls_is_asked_once(plant: Plant) -> None:
    for _ in range(3):
        manager_of(plant)
    due_in(0, plant=plant)
    plan()

    report = send()

    assert (report.mails, report.postponed) == (0, 3)
    assert report.fault.endswith("timed out")
    assert states() == [ReminderState.PLANNED] * 3


def test_a_server_that_stalls_in_a_mail_keeps_nobody_else_waiting(
    plant: Plant, smtp_server: PickyServer, settings: Any
) -> None:
    people = [manager_of(plant) for _ in range(3)]
    due_in(0, plant=plant)
    plan()
    settings.EMAIL_TIMEOUT = 0.2
    smtp_server.stalled = {people[0].email}

    report = send()

    assert (report.mails, report.postponed) == (0, 1)
    assert report.fault.endswith("timed out")
    # The next run finds only the others waiting.
    assert send(minutes=0.5) == SendReport(mails=2, told=2)
    assert smtp_server.receivers == [people[1].email, people[2].email]


def test_a_mail_that_cannot_be_made_holds_up_nobody_else(
    plant: Plant, smtp_server: PickyServer
) -> None:
    people = [manager_of(plant) for _ in range(2)]
    Person.objects.filter(pk=people[0].pk).update(email="no address\n@demo.example")
    due_in(0, plant=plant)
    plan()

    assert send() == SendReport(mails=1, told=1, postponed=1)
    assert smtp_server.receivers == [people[1].email]
    assert Reminder.objects.get(person=people[0]).fault.startswith("ValueError: Invalid address")


def test_what_waits_rides_along_with_what_is_new(
    plant: Plant, manager: Person, smtp_server: PickyServer
) -> None:
    due_in(0, plant=plant)
    plan()
    smtp_server.refuse()
    send()
    smtp_server.accept()
    due_in(0, plant=plant)
    plan()

    assert send() == SendReport(mails=1, told=2)
    assert smtp_server.receivers == [manager.email]
