"""Mails about an account: sent once, tried again, and dropped when they have become pointless."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from tests.factories import NOW, PersonFactory
from tests.mail import Server
from tracker.accounts.mails import plan_mail, send_mails
from tracker.accounts.models import AccountMail, MailKind

pytestmark = pytest.mark.django_db


def planned(kind: MailKind = MailKind.RESET, **person: Any) -> AccountMail:
    who = PersonFactory.create(**person)
    return plan_mail(kind=kind, person=who, to_address=who.email, at=NOW)


@pytest.mark.parametrize(
    ("language", "subject"),
    [("en", "[ULE] Set a new password"), ("zh-hans", "[ULE] 设置新密码")],
)
def test_mail_is_in_the_readers_language_and_goes_out_once(language: str, subject: str) -> None:
    planned(language=language)

    assert [send_mails(now=NOW), send_mails(now=NOW)] == [1, 0]
    [sent] = mail.outbox
    assert sent.subject == subject


@pytest.mark.parametrize("kind", MailKind)
def test_mail_to_a_closed_account_is_dropped(kind: MailKind) -> None:
    row = planned(kind, is_active=False)

    assert send_mails(now=NOW) == 0
    row.refresh_from_db()
    assert (row.dropped, row.sent_at) == (True, None)


def test_server_that_refuses_is_asked_again_later(smtp_server: Server) -> None:
    row = planned()
    smtp_server.refuse()
    first = send_mails(now=NOW)
    smtp_server.accept()

    assert first == 0
    assert send_mails(now=NOW) == 0
    assert send_mails(now=NOW + timedelta(minutes=6)) == 1
    row.refresh_from_db()
    assert (row.attempts, row.fault) == (2, "")
    assert len(smtp_server.received) == 1


def test_link_that_nobody_waits_for_any_more_is_not_sent() -> None:
    planned()

    assert send_mails(now=NOW + timedelta(days=2)) == 0
    assert mail.outbox == []
