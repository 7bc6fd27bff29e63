"""A virus scanner's daemon (clamd), asked over its socket; the file goes there as a stream."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from clamav_client.clamd import (
    BufferTooLongError,
    ClamdNetworkSocket,
    ClamdUnixSocket,
    CommunicationError,
    ResponseError,
)

NUMBER = re.compile(r"[0-9]{1,9}")
HELLO_SECONDS = 5.0
# clamd itself gives a file up after two minutes (its MaxScanTime).
SCAN_SECONDS = 130.0


class ScannerDown(Exception):
    """The daemon does not answer; nothing is known of the file."""


class Found(StrEnum):
    NOTHING = "nothing"
    VIRUS = "virus"
    REFUSED = "refused"


@dataclass(frozen=True)
class Answer:
    """``words`` name the virus, or say why the daemon would not look at the file."""

    found: Found
    words: str = ""


@dataclass(frozen=True)
class Clamd:
    """Where the daemon listens: ``tcp://host:port`` or ``unix:///path``."""

    url: str
    scan_seconds: float = SCAN_SECONDS

    def engine(self) -> str:
        """The daemon's version and that of its signatures; ``ScannerDown`` where it is silent."""
        try:
            with self._client(HELLO_SECONDS) as client:
                return client.version().strip()
        except (OSError, ResponseError, CommunicationError, UnicodeDecodeError) as fault:
            raise ScannerDown(_in_line(fault)) from fault

    def scan(self, path: Path) -> Answer:
        """Send the bytes, a kilobyte at a time; ``OSError`` where they can't be read."""
        with path.open("rb") as content, self._client(self.scan_seconds) as client:
            try:
                answers = client.instream(content)
            except BufferTooLongError as fault:
                return Answer(Found.REFUSED, _in_line(fault))
            except ResponseError as fault:
                if not str(fault):  # an empty line: it broke off
                    raise ScannerDown("no answer") from fault
                return Answer(Found.REFUSED, _in_line(fault))
            except (ConnectionResetError, BrokenPipeError) as fault:
                # It hangs up on what is too large before it could tell; or it has died.
                self.engine()
                return Answer(Found.REFUSED, _in_line(fault))
            except (OSError, CommunicationError) as fault:
                raise ScannerDown(_in_line(fault)) from fault
        for state, words in answers.values():
            if state == "FOUND":
                return Answer(Found.VIRUS, words or "?")
            if state == "OK":
                return Answer(Found.NOTHING)
            return Answer(Found.REFUSED, words or state)
        raise ScannerDown("no answer")

    @contextmanager
    def _client(self, seconds: float) -> Iterator[ClamdNetworkSocket]:
        parts = urlsplit(self.url)
        client = (
            ClamdUnixSocket(parts.path, timeout=int(seconds))
            if parts.scheme == "unix"
            else ClamdNetworkSocket(parts.hostname or "", parts.port or 0, timeout=seconds)
        )
        try:
            yield client
        finally:
            # The library leaves it open where nobody listens.
            opened = getattr(client, "clamd_socket", None)
            if opened is not None:
                opened.close()


def signatures_of(engine: str) -> int:
    """The number of the signatures in a daemon's version, as in ``ClamAV 1.4.6/27001/…``; else 0.

    A daemon that has only signatures of the house's own tells none.
    """
    parts = engine.split("/")
    return int(parts[1]) if len(parts) > 1 and NUMBER.fullmatch(parts[1]) else 0


def _in_line(fault: Exception) -> str:
    return " ".join(str(fault).split())
