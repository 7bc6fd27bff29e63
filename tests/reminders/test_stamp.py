"""The database fails when the mail has gone out: one mail arrives, and its rows say so."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db import InterfaceError, OperationalError, connection

from plants.models import Person, Plant
from tests.factories import NOW, PlantFactory, manager_of
from tests.ports import free_port
from tests.reminders.conftest import PickyServer, due_in, plan, states
from tracker.reminders import claims, send
from tracker.reminders.models import LetterKind, Message, Reminder, ReminderState
from tracker.reminders.send import SendReport, send_due

# Real transactions: the faults are seen, and come from, other connections.
pytestmark = pytest.mark.django_db(transaction=True)

SOON = (0, 0, 0)
STAMP = f'UPDATE "{Reminder._meta.db_table}"'


@contextmanager
def stamps_fail(
    server: PickyServer, *, times: int, kind: type[Exception] = OperationalError
) -> Iterator[list[str]]:
    """The first so many statements that change reminders once a mail is out; yields them."""
    failed: list[str] = []

    def fail(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        if server.received and STAMP in sql and len(failed) < times:
            failed.append(sql)
            raise kind("the database is away")
        return execute(sql, *args)

    with connection.execute_wrapper(fail):
        yield failed


@pytest.mark.parametrize("kind", [OperationalError, InterfaceError])
@pytest.mark.parametrize("times", [1, 3])
def test_a_passing_fault_is_waited_out(
    times: int, kind: type[Exception], plant: Plant, manager: Person, smtp_server: PickyServer
) -> None:
    due_in(0, plant=plant)
    due_in(-3, plant=plant)
    plan()

    with stamps_fail(smtp_server, times=times, kind=kind) as failed:
        report = send_due(now=NOW, stamp_waits=SOON)

    assert (len(failed), report) == (times, SendReport(mails=1, told=2))
    assert states() == [ReminderState.SENT] * 2
    assert_nothing_goes_out_again()
    assert smtp_server.receivers == [manager.email]
    assert Message.objects.get().reminders.count() == 2


def assert_nothing_goes_out_again() -> None:
    later = NOW + claims.CLAIM_LASTS
    assert claims.reclaim_stale(now=later) == 0
    assert send_due(now=later) == SendReport()


def test_a_fault_that_stays_leaves_the_claim_and_goes_on(
    plant: Plant, smtp_server: PickyServer, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = manager_of(plant), manager_of(plant)
    due_in(0, plant=plant)
    plan()

    with stamps_fail(smtp_server, times=1 + len(SOON)) as failed:
        report = send_due(now=NOW, stamp_waits=SOON)

    assert (len(failed), report) == (4, SendReport(mails=2, told=1))
    assert smtp_server.receivers == [first.email, second.email]
    row = Reminder.objects.get(person=first)
    assert (row.state, row.message, row.attempts) == (ReminderState.CLAIMED, None, 0)
    assert Reminder.objects.get(person=second).state == ReminderState.SENT
    [record] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert record.name == send.__name__
    assert record.exc_info is not None
    assert record.getMessage() == (
        f"Mail {smtp_server.received[0]['Message-ID']} to person {first.pk} "
        "was accepted but not stamped; it may go out again"
    )
    # As the guarantee says: held for a quarter of an hour, then sent again.
    assert claims.reclaim_stale(now=NOW + timedelta(minutes=14)) == 0
    assert claims.reclaim_stale(now=NOW + timedelta(minutes=16)) == 1


def test_waits_are_bounded() -> None:
    assert sum(claims.STAMP_WAITS) < 10


def test_a_stamp_whose_commit_was_not_answered_stands(plant: Plant, manager: Person) -> None:
    due_in(0, plant=plant)
    plan()
    pair = (manager.pk, LetterKind.DIGEST)
    held = claims.claim([pair], at=NOW)[pair]
    message = Message(person=manager, message_id="<1@testserver>", made_at=NOW)

    assert [claims.stamp_sent(held, message, at=NOW) for _ in range(2)] == [1, 1]
    assert Message.objects.get().sent_at == NOW


@dataclass
class Meddler(PickyServer):
    """Does something as soon as it has accepted a mail, before our side hears of it."""

    meddle: Callable[[], None] = field(default=lambda: None)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = await super().handle_DATA(server, session, envelope)
        await asyncio.to_thread(self.meddle)
        return answer


@pytest.fixture
def meddler(settings: Any) -> Iterator[Meddler]:
    server = Meddler(address=("127.0.0.1", free_port()))
    controller = Controller(server, *server.address)
    controller.start()
    settings.EMAIL_BACKEND = "tracker.reminders.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.address
    yield server
    controller.stop()
    # The next test's connection is made with the next test's options.
    connection.close()


@pytest.fixture
def other() -> Iterator[Any]:
    """A second connection to the same database, for the mail server's thread as well."""
    second = connection.copy()
    second.inc_thread_sharing()
    yield second
    second.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every connection that is made from now on waits 50 ms for a lock, no longer."""
    options = {
        "sqlite": ("timeout", 0.05),
        "postgresql": ("options", "-c lock_timeout=50ms"),
    }
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], *options[connection.vendor])
    connection.close()


@pytest.mark.usefixtures("impatient")
def test_a_lock_that_somebody_holds_too_long_is_waited_out(meddler: Meddler, other: Any) -> None:
    manager = manager_of(PlantFactory.create())
    due_in(0, plant=manager.memberships.get().plant)
    plan()
    lock = {
        "sqlite": ["BEGIN IMMEDIATE"],
        "postgresql": ["BEGIN", f"LOCK TABLE {Reminder._meta.db_table} IN EXCLUSIVE MODE"],
    }

    def take_lock() -> None:
        with other.cursor() as cursor:
            for statement in lock[connection.vendor]:
                cursor.execute(statement)

    def waits() -> Iterator[float]:
        yield from (0, 0)
        with other.cursor() as cursor:
            cursor.execute("ROLLBACK")
        yield 0

    meddler.meddle = take_lock
    report = send_due(now=NOW, stamp_waits=waits())

    assert report == SendReport(mails=1, told=1)
    assert meddler.receivers == [manager.email]
    assert states() == [ReminderState.SENT]
    assert_nothing_goes_out_again()


def test_a_connection_that_is_lost_is_made_anew(meddler: Meddler, other: Any) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no connection to lose")
    people = [manager_of(PlantFactory.create()) for _ in range(2)]
    for person in people:
        due_in(0, plant=person.memberships.get().plant)
    plan()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()

    def cut_off() -> None:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])

    meddler.meddle = cut_off

    report = send_due(now=NOW, stamp_waits=SOON)

    assert report == SendReport(mails=2, told=2)
    assert meddler.receivers == [person.email for person in people]
    assert states() == [ReminderState.SENT] * 2
    assert_nothing_goes_out_again()
