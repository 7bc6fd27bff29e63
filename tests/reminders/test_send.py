import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from plants.models import Person, Plant
from tests.factories import NOW, TODAY, PlantFactory, manager_of
from tests.ports import free_port
from tests.reminders.conftest import PickyServer, due_in, review_of
from tracker.obligations.models import Obligation, State
from tracker.reminders.claims import claim, reclaim_stale
from tracker.reminders.models import Message, Reminder, ReminderState
from tracker.reminders.notices import plan_notices
from tracker.reminders.plan import plan_reminders
from tracker.reminders.send import SendReport, send_due

pytestmark = pytest.mark.django_db


def plan(days: int = 0) -> None:
    later = timedelta(days=days)
    plan_reminders(today=TODAY + later, at=NOW + later)


def send(minutes: float = 0) -> SendReport:
    return send_due(now=NOW + timedelta(minutes=minutes))


def states() -> list[str]:
    return list(Reminder.objects.order_by("pk").values_list("state", flat=True))


@pytest.fixture
def plant() -> Plant:
    return PlantFactory.create()


@pytest.fixture
def manager(plant: Plant) -> Person:
    return manager_of(plant)


def test_sends_each_person_one_mail_with_everything(
    plant: Plant, manager: Person, smtp_server: PickyServer
) -> None:
    other = manager_of(plant)
    due_in(-3, plant=plant)
    due_in(0, plant=plant)
    plan()

    report = send()

    assert report == SendReport(mails=2, told=4)
    assert sorted(smtp_server.receivers) == sorted([manager.email, other.email])
    assert states() == [ReminderState.SENT] * 4


def test_keeps_what_it_sent(plant: Plant, manager: Person, smtp_server: PickyServer) -> None:
    due_in(0, plant=plant)
    plan()

    send()

    message, reminder = Message.objects.get(), Reminder.objects.get()
    [mail] = smtp_server.received
    assert reminder.claim is not None
    assert mail["Message-ID"] == message.message_id == f"<{reminder.claim.hex}@testserver>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert (message.person, message.to_address, message.language) == (
        manager,
        manager.email,
        "zh-hans",
    )
    assert (reminder.message, reminder.attempts, reminder.fault) == (message, 1, "")
    assert reminder.sent_at == message.sent_at
    assert timedelta() <= message.made_at - NOW < timedelta(minutes=1)
    assert parsedate_to_datetime(mail["Date"]) == message.made_at.replace(microsecond=0)


def test_run_again_sends_nothing(plant: Plant, manager: Person, smtp_server: PickyServer) -> None:
    due_in(0, plant=plant)
    plan()
    send()

    plan()
    assert [send(), send(minutes=1)] == [SendReport(), SendReport()]
    assert smtp_server.receivers == [manager.email]


def test_three_missed_nights_are_one_mail(
    plant: Plant, manager: Person, smtp_server: PickyServer
) -> None:
    for days in (1, 2, 3, 30, 33):
        due_in(days, plant=plant)
    due_in(34, plant=plant)

    plan(days=3)
    send(minutes=3 * 24 * 60)

    assert smtp_server.receivers == [manager.email]
    assert Message.objects.get().subject == "【超低排放】2 项已逾期、3 项将到期（最近 2026-09-04）"


def test_one_connection_for_the_run(plant: Plant, smtp_server: PickyServer) -> None:
    for _ in range(5):
        manager_of(plant)
    due_in(0, plant=plant)
    plan()

    send()

    assert (len(smtp_server.received), smtp_server.connections) == (5, 1)


# Faults of the mail server --------------------------------------------------------------------


@pytest.fixture
def no_server(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
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
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
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


# A worker that dies -----------------------------------------------------------------------------


def test_a_claim_that_was_never_stamped_is_sent_after_a_quarter_hour(
    plant: Plant, manager: Person, smtp_server: PickyServer
) -> None:
    due_in(0, plant=plant)
    plan()
    claim(Reminder.objects.all(), at=NOW)

    assert reclaim_stale(now=NOW + timedelta(minutes=14)) == 0
    assert send(minutes=14) == SendReport()
    assert reclaim_stale(now=NOW + timedelta(minutes=15)) == 1
    assert send(minutes=15) == SendReport(mails=1, told=1)
    assert smtp_server.receivers == [manager.email]


def test_leaves_alone_what_another_worker_holds(
    plant: Plant, manager: Person, smtp_server: PickyServer
) -> None:
    due_in(0, plant=plant)
    plan()
    held = claim(Reminder.objects.all(), at=NOW)

    assert claim(Reminder.objects.all(), at=NOW) is None
    assert send() == SendReport()
    assert held is not None
    assert held.rows.count() == 1


def test_a_reclaimed_row_is_no_longer_the_first_ones(plant: Plant, manager: Person) -> None:
    due_in(0, plant=plant)
    plan()
    held = claim(Reminder.objects.all(), at=NOW)
    reclaim_stale(now=NOW + timedelta(minutes=15))
    claim(Reminder.objects.all(), at=NOW + timedelta(minutes=15))

    assert held is not None
    assert held.rows.count() == 0


# The look before sending ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change", [{"state": State.SUBMITTED}, {"due_on": TODAY + timedelta(days=90)}]
)
def test_cancels_what_changed_since_it_was_planned(
    change: dict[str, Any], plant: Plant, manager: Person, smtp_server: PickyServer
) -> None:
    changed, same = due_in(0, plant=plant), due_in(0, plant=plant)
    plan()
    Obligation.objects.filter(pk=changed.pk).update(**change)

    assert send() == SendReport(mails=1, told=1, cancelled=1)
    assert states() == [ReminderState.CANCELLED, ReminderState.SENT]
    text = Message.objects.get().text
    assert [f"/obligations/{one.pk}/" in text for one in (changed, same)] == [False, True]


def test_no_mail_when_nothing_is_left(
    plant: Plant, manager: Person, smtp_server: PickyServer
) -> None:
    due_in(0, plant=plant)
    plan()
    Obligation.objects.update(state=State.ACCEPTED)

    assert send() == SendReport(cancelled=1)
    assert smtp_server.received == []


def test_tells_nothing_to_somebody_who_left_since(
    plant: Plant, manager: Person, smtp_server: PickyServer
) -> None:
    due_in(0, plant=plant)
    review_of(due_in(0, plant=plant), manager, "缺少检测报告")
    plan()
    plan_notices(at=NOW)
    manager.memberships.all().delete()

    assert send() == SendReport(cancelled=3)
    assert smtp_server.received == []


# Notices ----------------------------------------------------------------------------------------


def test_one_mail_for_what_was_returned_and_one_for_what_was_accepted(
    plant: Plant, manager: Person, smtp_server: PickyServer
) -> None:
    for reason in ("缺少检测报告", "缺少盖章", "", ""):
        review_of(due_in(40, plant=plant), manager, reason)
    plan_notices(at=NOW)

    assert send() == SendReport(mails=2, told=4)
    assert sorted(str(mail["Subject"]) for mail in smtp_server.received) == [
        "【超低排放】2 项已审核通过",
        "【超低排放】2 项被退回",
    ]
    assert send(minutes=1) == SendReport()
