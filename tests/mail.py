"""A real SMTP server that keeps what it is sent, and can be told to refuse."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.ports import free_port

ACCEPTED = "250 OK"


@dataclass
class Server:
    """What the server received; `answer` is what it says to the next mail."""

    address: tuple[str, int]
    received: list[EmailMessage] = field(default_factory=list)
    answer: str = ACCEPTED

    def refuse(self, answer: str = "451 4.3.0 Try again later") -> None:
        """Refuse each mail from now on: 4xx is worth another attempt, 5xx is final."""
        self.answer = answer

    def accept(self) -> None:
        """Take mails again."""
        self.answer = ACCEPTED

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Called by aiosmtpd for each mail."""
        if self.answer == ACCEPTED:
            message = message_from_bytes(envelope.content, policy=policy.default)
            self.received.append(message)
        return self.answer


def plain(message: EmailMessage) -> str:
    """A mail's text."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


@contextmanager
def running_server() -> Iterator[Server]:
    """Run a server on a free port until the block ends."""
    server = Server(address=("127.0.0.1", free_port()))
    controller = Controller(server, *server.address)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
