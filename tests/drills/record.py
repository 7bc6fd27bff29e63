"""What the mail server accepted, by its own record. Knows no database and no product."""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from enum import StrEnum
from pathlib import Path
from typing import Any

LINK = re.compile(r"/obligations/(\d+)/")


class Way(StrEnum):
    """How the server can meet a mail."""

    ACCEPT = "accept"
    REFUSE = "refuse"  # an answer of one's choice to the whole mail
    BUSY = "busy"  # 421, to new connections and to new mails of old ones
    STALL = "stall"  # silent for so many seconds before it takes the receiver
    GREYLIST = "greylist"  # each address is refused until so many seconds after its first try
    DROP_IN_DATA = "drop in data"
    DROP_AFTER_DOT = "drop after the dot"  # accepted, but the client never hears of it


@dataclass(frozen=True)
class Mail:
    """One accepted mail: ``obligations`` are those that its text links to, as often as it does."""

    to: str
    message_id: str
    subject: str
    obligations: tuple[int, ...]
    day: str
    at: float


def entry_of(receiver: str, content: bytes, *, day: str) -> dict[str, Any]:
    """The record's entry of a mail that came for the receiver."""
    message = message_from_bytes(content, policy=policy.default)
    part = message.get_body(("plain",))
    text = str(part.get_content()) if part is not None else ""
    return {
        "to": receiver,
        "message_id": str(message["Message-ID"]),
        "subject": str(message["Subject"]),
        "obligations": [int(pk) for pk in LINK.findall(text)],
        "day": day,
        "at": time.time(),
    }


class Record:
    """The file of the accepted mails, which grows while it is read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.touch()

    def count(self) -> int:
        """How many mails were accepted up to now."""
        return self.path.read_bytes().count(b"\n")

    def mails(self) -> list[Mail]:
        return list(self._read())

    def _read(self) -> Iterator[Mail]:
        for line in self.path.read_text().splitlines():
            fields = json.loads(line)
            yield Mail(**{**fields, "obligations": tuple(fields["obligations"])})
