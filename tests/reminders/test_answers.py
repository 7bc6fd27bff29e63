"""What a server says of a mail that it takes is kept with the mail, for the proof."""

import smtplib
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage, get_connection

from plants.models import Person, Plant
from tests.factories import manager_of
from tests.reminders.conftest import PickyServer, due_in, plan, send
from tracker.reminders.models import Message
from tracker.reminders.smtp import EmailBackend, note_acceptance

pytestmark = pytest.mark.django_db

QUEUED = "250 2.0.0 Ok: queued as 4XyZ1a2b3c"


class Queueing(PickyServer):
    """Says the name in its queue, another for each mail."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        await super().handle_DATA(server, session, envelope)
        return f"{QUEUED}{len(self.received)}"


@pytest.fixture
def server_class() -> type[PickyServer]:
    return Queueing


def test_keeps_the_servers_answer_and_name(
    plant: Plant, manager: Person, smtp_server: PickyServer
) -> None:
    due_in(0, plant=plant)
    plan()

    send()

    host, port = smtp_server.address
    message = Message.objects.get()
    assert (message.server, message.answer) == (f"{host}:{port}", f"{QUEUED}1")


def test_each_mail_has_its_own_answer(plant: Plant, smtp_server: PickyServer) -> None:
    for _ in range(3):
        manager_of(plant)
    due_in(0, plant=plant)
    plan()

    send()

    answers = Message.objects.order_by("pk").values_list("answer", flat=True)
    assert list(answers) == [f"{QUEUED}{number}" for number in (1, 2, 3)]
    assert smtp_server.connections == 1


def test_keeps_the_answer_over_a_connection_for_one_mail(smtp_server: PickyServer) -> None:
    """Django closes by itself what it opened by itself."""
    connection, message = get_connection(), Message()

    connection.send_messages([EmailMessage("s", "b", "a@demo.example", ["b@demo.example"])])
    note_acceptance(message, connection)

    assert message.answer == f"{QUEUED}1"


def test_encrypted_connections_keep_it_too() -> None:
    connection = EmailBackend(use_ssl=True, use_tls=False)

    assert issubclass(connection.connection_class, smtplib.SMTP_SSL)
    assert connection.connection_class is not smtplib.SMTP_SSL


def test_says_that_no_server_was_asked(
    plant: Plant, manager: Person, settings: Any, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "outbox")
    due_in(0, plant=plant)
    plan()

    send()

    message = Message.objects.get()
    assert (message.server, message.answer) == ("outbox", "")
