"""A test mail: one a minute, sent by the worker, with what became of it."""

from datetime import timedelta

import pytest

from tests.factories import NOW, PersonFactory
from tests.mail import Server
from tracker.accounts.mails import send_mails
from tracker.accounts.models import AccountMail
from tracker.accounts.trial import last_trial, plan_trial

pytestmark = pytest.mark.django_db


def test_test_mail_goes_out_once_and_keeps_its_message_id(smtp_server: Server) -> None:
    person = PersonFactory.create()

    pressed = [plan_trial(person, at=NOW) for _ in range(2)]
    sent = [send_mails(now=NOW), send_mails(now=NOW)]

    assert ([row is not None for row in pressed], sent) == ([True, False], [1, 0])
    row = last_trial(person)
    assert row is not None
    assert (row.sent_at, row.message_id) == (NOW, smtp_server.received[0]["Message-ID"])
    assert AccountMail.objects.count() == 1


def test_next_one_is_free_after_a_minute_and_for_others_at_once() -> None:
    person, other = PersonFactory.create(), PersonFactory.create()
    plan_trial(person, at=NOW)

    assert plan_trial(other, at=NOW) is not None
    assert plan_trial(person, at=NOW + timedelta(seconds=59)) is None
    assert plan_trial(person, at=NOW + timedelta(seconds=60)) is not None


def test_fault_is_kept_as_the_server_said_it(smtp_server: Server) -> None:
    person = PersonFactory.create()
    plan_trial(person, at=NOW)
    smtp_server.refuse("554 5.7.1 Not from here")

    send_mails(now=NOW)

    row = last_trial(person)
    assert row is not None
    assert (row.sent_at, row.fault) == (None, "554 5.7.1 Not from here")
