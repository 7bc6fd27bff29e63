"""What goes out, to whom, once; and what is cancelled in the moment of sending."""

from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from plants.models import Person, Plant
from tests.factories import NOW, PASSWORD, TODAY, manager_of
from tests.reminders.conftest import (
    PickyServer,
    due_in,
    plan,
    review_of,
    send,
    send_digests,
    states,
)
from tracker.obligations.models import Obligation, State
from tracker.reminders.claims import Claim, Pair, claim, reclaim_stale
from tracker.reminders.models import LetterKind, Message, Reminder, ReminderState
from tracker.reminders.notices import plan_notices
from tracker.reminders.send import SendReport

pytestmark = pytest.mark.django_db


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
    held = Claim(manager.pk, LetterKind.DIGEST, reminder.claim, NOW)
    assert mail["Message-ID"] == message.message_id == f"<{held.name}@testserver>"
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


@pytest.mark.parametrize(
    ("chosen", "accepts", "language"),
    [
        ("", "en-GB", "en"),
        ("", "zh-CN", "zh-Hans"),
        ("", "kk", "zh-Hans"),
        ("zh-hans", "en-GB", "zh-Hans"),
        ("en", "zh-CN", "en"),
    ],
)
def test_speaks_as_the_site_did_when_she_signed_in(
    chosen: str,
    accepts: str,
    language: str,
    plant: Plant,
    client: Client,
    smtp_server: PickyServer,
) -> None:
    manager = manager_of(plant, language=chosen)
    client.post(
        reverse("sign-in"),
        {"login": manager.email, "password": PASSWORD},
        headers={"Accept-Language": accepts},
    )
    due_in(0, plant=plant)
    plan()

    send()

    [mail] = smtp_server.received
    is_english = str(mail["Subject"]).startswith("[ULE] 1 due soon")
    assert (mail["Content-Language"], is_english) == (language, language == "en")


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
    for days in (1, 2, 3, 30, 93):
        due_in(days, plant=plant)
    # Friday tells of the weekend, too.
    due_in(96, plant=plant)

    plan(days=3)
    send(minutes=3 * 24 * 60)

    assert smtp_server.receivers == [manager.email]
    assert Message.objects.get().subject == "【超低排放】2 项逾期，3 项即将到期（最近：2026-09-04）"


def test_one_connection_for_the_run(plant: Plant, smtp_server: PickyServer) -> None:
    for _ in range(5):
        manager_of(plant)
    due_in(0, plant=plant)
    plan()

    send()

    assert (len(smtp_server.received), smtp_server.connections) == (5, 1)


def digest_of(person: Person) -> Pair:
    return (person.pk, LetterKind.DIGEST)


# A worker that dies -----------------------------------------------------------------------------


def test_a_claim_that_was_never_stamped_is_sent_after_a_quarter_hour(
    plant: Plant, manager: Person, smtp_server: PickyServer
) -> None:
    due_in(0, plant=plant)
    plan()
    claim([digest_of(manager)], at=NOW)

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
    held = claim([digest_of(manager)], at=NOW)

    assert claim([digest_of(manager)], at=NOW) == {}
    assert send() == SendReport()
    assert held[digest_of(manager)].rows.count() == 1


def test_a_reclaimed_row_is_no_longer_the_first_ones(plant: Plant, manager: Person) -> None:
    due_in(0, plant=plant)
    plan()
    held = claim([digest_of(manager)], at=NOW)
    reclaim_stale(now=NOW + timedelta(minutes=15))
    claim([digest_of(manager)], at=NOW + timedelta(minutes=15))

    assert held[digest_of(manager)].rows.count() == 0


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


def test_what_was_returned_is_told_at_once_and_what_was_accepted_with_the_digest(
    plant: Plant, manager: Person, smtp_server: PickyServer
) -> None:
    for reason in ("缺少检测报告", "缺少盖章", "", ""):
        review_of(due_in(40, plant=plant), manager, reason)
    plan_notices(at=NOW)

    assert send() == SendReport(mails=1, told=2)
    assert send_digests() == SendReport(mails=1, told=2)
    assert sorted(str(mail["Subject"]) for mail in smtp_server.received) == [
        "【超低排放】2 项已通过",
        "【超低排放】2 项被退回",
    ]
    assert send(minutes=1) == SendReport()
