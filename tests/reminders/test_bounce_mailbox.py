"""The mailbox of delivery reports, a Maildir and a real IMAP server: nothing is read twice."""

from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from plants.models import Person, Plant
from tests import dovecot
from tests.reminders import reports
from tests.reminders.conftest import PickyServer, due_in, plan, send
from tracker.reminders.bounce_mailbox import MailboxFault, read_mailbox
from tracker.reminders.models import AddressFault, Message
from tracker.tasks import read_bounces

pytestmark = pytest.mark.django_db


@pytest.fixture
def maildir(tmp_path: Path, settings: Any) -> Path:
    folder = tmp_path / "退信 mail"
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True)
    settings.BOUNCE_MAILBOX = f"maildir://{folder}"
    return folder


@pytest.fixture
def sent(plant: Plant, manager: Person, smtp_server: PickyServer) -> Message:
    due_in(0, plant=plant)
    plan()
    send()
    return Message.objects.get()


def drop(folder: Path, *mails: bytes) -> None:
    for number, raw in enumerate(mails):
        (folder / "new" / f"176000000{number}.M{number}.host").write_bytes(raw)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_reads_a_maildir_once(sent: Message, maildir: Path) -> None:
    mine = sent.to_address, sent.message_id
    drop(maildir, reports.holiday(*mine), reports.postfix(*mine), reports.letter(*mine))

    read_bounces()
    read_bounces()

    assert AddressFault.objects.get().address == sent.to_address
    assert names(maildir / "new") == []
    assert names(maildir / "cur") == [f"176000000{n}.M{n}.host:2,S" for n in range(3)]


def test_mail_that_was_kept_but_not_flagged_counts_once(sent: Message, maildir: Path) -> None:
    """As after a death in between: it lies among the new ones once more."""
    drop(maildir, reports.postfix(sent.to_address, sent.message_id))
    read_bounces()
    drop(maildir, reports.postfix(sent.to_address, sent.message_id))

    read_bounces()

    assert AddressFault.objects.count() == 1


def test_mail_that_cannot_be_kept_stays_new(maildir: Path) -> None:
    """And holds up none of those behind it."""
    drop(maildir, b"one", b"two", b"three")
    taken: list[bytes] = []

    def keep(raw: bytes) -> None:
        if raw == b"two":
            raise OperationalError("database is locked")
        taken.append(raw)

    assert read_mailbox(f"maildir://{maildir}", keep) == 2
    assert names(maildir / "new") == ["1760000001.M1.host"]
    assert read_mailbox(f"maildir://{maildir}", taken.append) == 1
    assert taken == [b"one", b"three", b"two"]


def test_mailbox_that_is_away_stops_nothing(maildir: Path, settings: Any) -> None:
    settings.BOUNCE_MAILBOX = f"maildir://{maildir}/gone"
    read_bounces()

    with pytest.raises(MailboxFault, match="gone/new: No such file"):
        read_mailbox(settings.BOUNCE_MAILBOX, bytes)


def test_wrong_password_is_said_without_it() -> None:
    with dovecot.running_server() as server, pytest.raises(MailboxFault) as refused:
        read_mailbox(server.url.replace(dovecot.PASSWORD, "wrong-secret"), bytes)

    assert "AUTHENTICATIONFAILED" in str(refused.value)
    assert "wrong-secret" not in str(refused.value)


def test_reads_by_imap_once(sent: Message, settings: Any) -> None:
    mine = sent.to_address, sent.message_id
    with dovecot.running_server() as server:
        server.deliver(reports.letter(*mine), reports.tencent(*mine))
        settings.BOUNCE_MAILBOX = server.url

        read_bounces()
        read_bounces()
        taken: list[bytes] = []
        assert read_mailbox(server.url, taken.append) == 0

    assert AddressFault.objects.get().code == "5.0.0"


def test_imap_mail_that_cannot_be_kept_stays_unread(settings: Any) -> None:
    def fail(raw: bytes) -> None:
        raise OperationalError("database is locked")

    with dovecot.running_server() as server:
        server.deliver(b"Subject: one\r\n\r\n...\r\n")
        assert read_mailbox(server.url, fail) == 0
        taken: list[bytes] = []
        assert read_mailbox(server.url, taken.append) == 1

    assert taken[0].startswith(b"Subject: one")
