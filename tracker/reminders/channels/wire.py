"""The one way out to a channel's address: https, guarded against inner networks, and bounded.

Each name is looked up once and the connection goes to exactly what was looked at, so that a name
can't lead elsewhere between the look and the deed. No redirect is followed, no proxy is asked.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlunsplit

from tracker.reminders.channels.addresses import (
    HTTPS_PORT,
    is_never,
    is_open,
    split_address,
)

PATIENCE = 10.0  # seconds, for all of a request and its answer
LONGEST_ANSWER = 64 * 1024
LONGEST_LINE = 300

Resolve = Callable[[str, int], list[tuple[str, int]]]


class Unreachable(Exception):
    """Nobody answers there, or not in time, or not as https asks."""


class TooSlow(Unreachable):
    """It has kept us waiting for as long as we wait for anybody."""


class Forbidden(Unreachable):
    """The name leads to an address that must not be written to."""


@dataclass(frozen=True)
class Request:
    """What is posted, and where."""

    address: str
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """What the other side said, to 64 kB."""

    status: int
    content: bytes

    @property
    def first_line(self) -> str:
        text = self.content.decode(errors="replace").replace("\x00", "").strip()
        return (text.splitlines() or [""])[0][:LONGEST_LINE]


def resolve(host: str, port: int) -> list[tuple[str, int]]:
    """Where the name leads, by the system's own look-up."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(str(place[0]), int(place[1])) for *_rest, place in found]


@dataclass(frozen=True)
class Wire:
    """How requests go out: which names are believed, which certificates, and for how long."""

    allow_private: bool = False
    patience: float = PATIENCE
    resolve: Resolve = resolve
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def post(self, request: Request) -> Answer:
        """The answer, whatever its status; ``Unreachable`` where there is none."""
        parts = split_address(request.address)
        host, port = parts.hostname or "", parts.port or HTTPS_PORT
        connection = _Connection(host, port, self)
        page = urlunsplit(("", "", parts.path or "/", parts.query, ""))
        # A time-out of the socket's is for each byte; one that trickles is cut off, too.
        timer = threading.Timer(self.patience, connection.cut)
        timer.daemon = True
        timer.start()
        try:
            connection.request("POST", page, body=request.body, headers=dict(request.headers))
            answer = connection.getresponse()
            content = answer.read(LONGEST_ANSWER)
            if connection.was_cut:
                # What came so far looks like a whole answer to http.client.
                raise TimeoutError
            return Answer(answer.status, content)
        except Forbidden:
            raise
        except (OSError, http.client.HTTPException, ValueError) as fault:
            if connection.was_cut or isinstance(fault, TimeoutError):
                raise TooSlow(f"no answer from {host} within {self.patience:g} s") from fault
            raise Unreachable(f"{type(fault).__name__}: {fault}") from fault
        finally:
            timer.cancel()
            connection.close()

    def places(self, host: str, port: int) -> list[tuple[str, int]]:
        """Where the name leads; ``Forbidden`` where any of it must not be written to."""
        found = self.resolve(host, port)
        for place, _port in found:
            address = ip_address(place.partition("%")[0])
            if is_never(address) or not (self.allow_private or is_open(address)):
                raise Forbidden(f"{host} leads to {address}, which is on a private network")
        return found


class _Connection(http.client.HTTPSConnection):
    """Connects to where the name was seen to lead; the certificate is the name's."""

    def __init__(self, host: str, port: int, wire: Wire) -> None:
        super().__init__(host, port, timeout=wire.patience, context=wire.trust)
        self._wire, self.was_cut = wire, False

    def connect(self) -> None:
        fault: OSError = ConnectionError(f"{self.host} leads nowhere")
        for place in self._wire.places(self.host, self.port):
            if self.was_cut:
                raise TimeoutError
            try:
                plain = socket.create_connection(place, self.timeout)
            except OSError as refused:
                fault = refused
                continue
            tls = self._wire.trust.wrap_socket(
                plain, server_hostname=self.host, do_handshake_on_connect=False
            )
            # Kept before the handshake: a server that never finishes it is cut off as well.
            self.sock = tls
            tls.do_handshake()
            return
        raise fault

    def cut(self) -> None:
        """From another thread: whoever waits for this connection waits no longer."""
        self.was_cut = True
        there = self.sock
        if there is not None:
            with suppress(OSError):
                socket.socket.shutdown(there, socket.SHUT_RDWR)
