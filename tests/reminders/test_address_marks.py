"""A mail that came back for good marks its address: what that stops, what clears it."""

from datetime import timedelta

import pytest

from plants.models import Person, Plant
from tests.factories import NOW, PersonFactory
from tests.reminders import reports
from tests.reminders.conftest import PickyServer, due_in, plan, send, states
from tests.reminders.reports import Report
from tracker.accounts.mails import plan_mail, send_mails
from tracker.accounts.models import MailKind
from tracker.audit import Actor, Event, Verb
from tracker.reminders.address_marks import (
    NotMarked,
    clear_mark,
    keep_report,
    plan_unmarked,
)
from tracker.reminders.models import AddressFault, FaultKind, Message, Reminder, ReminderState
from tracker.reminders.send import SendReport

pytestmark = pytest.mark.django_db

MAILBOX = Actor(None, "mailbox")


@pytest.fixture
def sent(plant: Plant, manager: Person, smtp_server: PickyServer) -> Message:
    """A digest that a server accepted."""
    due_in(0, plant=plant)
    plan()
    send()
    return Message.objects.get()


def come_back(message: Message, report: Report = reports.postfix, minutes: int = 60) -> int:
    raw = report(message.to_address, message.message_id)
    return keep_report(raw, by=MAILBOX, at=NOW + timedelta(minutes=minutes))


def kinds() -> list[str]:
    return list(AddressFault.objects.order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("report", "kind"),
    [
        (reports.postfix, FaultKind.MARK),
        (reports.netease, FaultKind.MARK),
        (reports.delayed, FaultKind.SOFT),
        (reports.mailbox_full, FaultKind.SOFT),
        (reports.without_message_id, FaultKind.UNCONFIRMED),
    ],
)
def test_only_a_final_fault_of_our_mail_marks(sent: Message, report: Report, kind: str) -> None:
    assert come_back(sent, report) == 1

    fault = AddressFault.objects.get()
    assert (fault.kind, fault.address, fault.source) == (kind, sent.to_address, "mailbox")
    assert fault.message == (None if kind == FaultKind.UNCONFIRMED else sent)
    assert Event.objects.filter(verb=Verb.MARKED).count() == (kind == FaultKind.MARK)


def test_same_report_twice_is_kept_once(sent: Message) -> None:
    assert [come_back(sent), come_back(sent)] == [1, 0]
    assert kinds() == [FaultKind.MARK]
    assert Event.objects.filter(verb=Verb.MARKED).count() == 1


def test_another_report_marks_no_second_time(sent: Message) -> None:
    come_back(sent)
    come_back(sent, reports.exim)

    assert kinds() == [FaultKind.MARK, FaultKind.REPEATED]
    assert Event.objects.filter(verb=Verb.MARKED).count() == 1


def test_forged_reports_mark_nobody(sent: Message, plant: Plant) -> None:
    """A made-up Message-ID, and another person's address with one that somebody did get."""
    other = PersonFactory.create()
    for address, message_id in (
        (sent.to_address, "<00000000000000000000000000000000@testserver>"),
        (other.email, sent.message_id),
    ):
        keep_report(reports.postfix(address, message_id), by=MAILBOX, at=NOW)

    assert kinds() == [FaultKind.UNCONFIRMED] * 2
    due_in(1, plant=plant)
    plan()
    assert send(minutes=90) == SendReport(mails=1, told=1)


def test_no_reminder_goes_to_a_marked_address(
    sent: Message, plant: Plant, smtp_server: PickyServer
) -> None:
    come_back(sent)
    due_in(1, plant=plant)
    plan()

    assert [send(minutes=90), send(minutes=91)] == [SendReport(failed=1), SendReport()]
    assert len(smtp_server.received) == 1
    failed = Reminder.objects.get(state=ReminderState.FAILED)
    assert failed.fault.startswith("address marked: 550 5.1.1 <")


def test_mails_about_the_account_still_go(
    sent: Message, manager: Person, smtp_server: PickyServer
) -> None:
    come_back(sent)
    plan_mail(kind=MailKind.RESET, person=manager, to_address=manager.email, at=NOW)

    assert send_mails(now=NOW) == 1
    assert smtp_server.receivers == [manager.email] * 2


def test_cleared_address_gets_what_failed(
    sent: Message, plant: Plant, manager: Person, smtp_server: PickyServer
) -> None:
    come_back(sent)
    due_in(1, plant=plant)
    plan()
    send(minutes=90)
    administrator, at = PersonFactory.create(), NOW + timedelta(minutes=120)

    planned = clear_mark(manager.email, person=manager, by=Actor(administrator, "tests"), at=at)

    assert planned == 1
    with pytest.raises(NotMarked):
        clear_mark(manager.email, person=manager, by=Actor(administrator, "tests"), at=at)
    assert [send(minutes=121), send(minutes=122)] == [SendReport(mails=1, told=1), SendReport()]
    assert states() == [ReminderState.SENT] * 2
    mark = AddressFault.objects.get()
    assert (mark.cleared_at, mark.cleared_by) == (at, administrator)
    assert Event.objects.filter(verb=Verb.UNMARKED, person=administrator).count() == 1


def test_clearing_forgets_what_failed_long_ago(sent: Message, manager: Person) -> None:
    come_back(sent)
    Reminder.objects.update(
        state=ReminderState.FAILED, planned_at=NOW - timedelta(days=30), message=None
    )

    assert clear_mark(manager.email, person=manager, by=Actor(manager, "tests"), at=NOW) == 0


def test_report_about_a_mail_from_before_the_clearing_marks_no_more(
    sent: Message, plant: Plant, manager: Person
) -> None:
    come_back(sent)
    at = NOW + timedelta(minutes=120)
    clear_mark(manager.email, person=manager, by=Actor(manager, "tests"), at=at)

    come_back(sent, reports.exim, minutes=130)
    due_in(1, plant=plant)
    plan()
    send(minutes=140)
    come_back(Message.objects.latest("pk"), reports.qmail, minutes=150)

    assert kinds() == [FaultKind.MARK, FaultKind.REPEATED, FaultKind.MARK]


def test_new_address_needs_no_clearing(
    sent: Message, plant: Plant, manager: Person, smtp_server: PickyServer
) -> None:
    come_back(sent)
    due_in(1, plant=plant)
    plan()
    send(minutes=90)
    later = NOW + timedelta(minutes=120)
    assert plan_unmarked(at=later) == 0

    manager.email = "new@demo.example"
    manager.save(update_fields=["email"])

    assert [plan_unmarked(at=later), plan_unmarked(at=later)] == [1, 0]
    assert send(minutes=121) == SendReport(mails=1, told=1)
    assert smtp_server.receivers[-1] == "new@demo.example"
