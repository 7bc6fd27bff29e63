"""A mail server in a process of its own, which does what it is told and records what it accepted.

`python -m tests.drills.server PORT RECORD`: orders come as lines of JSON on the standard input
(the fields of ``Order``), each is answered by a line, and the end of the input ends the server.
"""

import asyncio
import json
import logging
import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from tests.drills.record import Way, entry_of

OK = "250 OK"


@dataclass(frozen=True)
class Order:
    """How the next ``times`` mails are met, or all from now on; ``day`` is noted with each mail."""

    way: Way = Way.ACCEPT
    answer: str = ""
    seconds: float = 0
    times: int | None = None
    day: str = ""


@dataclass
class Handler:
    """What aiosmtpd asks at each step of a conversation."""

    record: int
    order: Order = field(default_factory=Order)
    met: int = 0
    first_seen: dict[str, float] = field(default_factory=dict)

    def take(self, order: Order) -> None:
        self.order, self.met = order, 0
        self.first_seen.clear()

    def goes(self, way: Way) -> bool:
        """Whether the server is to behave in this way now; counts that it did."""
        if self.order.way != way or self.met == self.order.times:
            return False
        self.met += 1
        return True

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.goes(Way.BUSY):
            return self.order.answer
        envelope.mail_from = address
        return OK

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.order.way == Way.GREYLIST and self._is_new(address):
            return "450 4.2.0 Greylisted, try again later"
        if self.goes(Way.STALL):
            await asyncio.sleep(self.order.seconds)
        envelope.rcpt_tos.append(address)
        return OK

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.goes(Way.REFUSE):
            return self.order.answer
        self._keep(envelope.rcpt_tos, envelope.content)
        if self.goes(Way.DROP_AFTER_DOT):
            server.transport.abort()
        return OK

    def _is_new(self, address: str) -> bool:
        first = self.first_seen.setdefault(address, time.monotonic())
        return time.monotonic() < first + self.order.seconds

    def _keep(self, receivers: list[str], content: bytes) -> None:
        """On the disk before the client hears of it: from here on the mail is the server's."""
        for receiver in receivers:
            entry = entry_of(receiver, content, day=self.order.day)
            os.write(self.record, json.dumps(entry).encode() + b"\n")
        os.fsync(self.record)


class Conversation(SMTP):
    """Hangs up where the protocol has no answer for it."""

    async def _handle_client(self) -> None:
        if not self.event_handler.goes(Way.BUSY):
            await super()._handle_client()
            return
        line: Any = self.transport
        await self.push(self.event_handler.order.answer)
        line.close()

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if not self.event_handler.goes(Way.DROP_IN_DATA):
            await super().smtp_DATA(arg)
            return
        line: Any = self.transport
        reader: Any = self._reader
        await self.push("354 Go on")
        await reader.readline()
        line.abort()


class Server(Controller):
    """The port, and a conversation for each connection."""

    def factory(self) -> SMTP:
        return Conversation(self.handler, hostname="mail.example")


def main() -> None:
    """Serve until the input ends."""
    # It warns of lines that we cut ourselves.
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    port, record = int(sys.argv[1]), Path(sys.argv[2])
    handler = Handler(os.open(record, os.O_WRONLY | os.O_CREAT | os.O_APPEND))
    server = Server(handler, "127.0.0.1", port)
    server.start()
    print("ready", flush=True)
    for line in sys.stdin:
        handler.take(Order(**json.loads(line)))
        print("done", flush=True)
    server.stop()


if __name__ == "__main__":
    main()
