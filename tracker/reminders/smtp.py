"""The mail server's own answer to a mail that it accepted, which Django and smtplib throw away."""

import smtplib
from typing import Any

from django.core.mail.backends import smtp
from django.core.mail.backends.base import BaseEmailBackend

from tracker.reminders.models import Message
from tracker.reminders.models.messages import OUTBOX

ANSWER_LENGTH = 1000


class _KeepsAnswer(smtplib.SMTP):
    """Keeps what the server said when it had the last mail whole: often the name in its queue."""

    answer = ""

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.answer = ""
        code, said = super().data(msg)
        self.answer = f"{code} {said.decode(errors='replace')}"[:ANSWER_LENGTH]
        return code, said


class _KeepsAnswerOverTls(_KeepsAnswer, smtplib.SMTP_SSL):
    """The same where the connection is encrypted from its first byte on."""


class EmailBackend(smtp.EmailBackend):
    """Django's, over a connection that remembers the last answer to DATA."""

    _answer_before = ""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _KeepsAnswerOverTls if self.use_ssl else _KeepsAnswer

    @property
    def answer(self) -> str:
        """The last one; also of a connection that was opened for one mail and is closed again."""
        held = self.connection
        return held.answer if isinstance(held, _KeepsAnswer) else self._answer_before

    def close(self) -> None:
        self._answer_before = self.answer
        super().close()


def note_acceptance(message: Message, connection: BaseEmailBackend) -> None:
    """Write into the row, not yet saved, which server took its mail just now and what it said.

    Another backend asks no server: it wrote the mail into the outbox of this site.
    """
    if not isinstance(connection, EmailBackend):
        message.server, message.answer = OUTBOX, ""
        return
    message.server = f"{connection.host}:{connection.port}"
    message.answer = connection.answer
