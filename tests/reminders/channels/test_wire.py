"""The way out: what it says to a real server, and what it never does."""

import ssl
import time

import pytest

from tests.https import HttpsServer
from tests.reminders.channels.conftest import HOOK
from tracker.reminders.channels.wire import (
    LONGEST_ANSWER,
    Forbidden,
    Request,
    TooSlow,
    Unreachable,
    Wire,
)

REQUEST = Request(f"https://{HOOK}/ule?key=1", b"{}", {"X-Mine": "1"})


def test_an_answer_comes_back(wire: Wire, server: HttpsServer) -> None:
    answer = wire.post(REQUEST)

    assert (answer.status, answer.first_line) == (200, "ok")
    [posted] = server.received
    assert (posted.host, posted.path, posted.body) == (HOOK, "/ule?key=1", b"{}")
    assert posted.headers["X-Mine"] == "1"


def test_no_redirect_is_followed(wire: Wire, server: HttpsServer) -> None:
    server.statuses[HOOK] = 307
    server.headers[HOOK] = {"Location": f"https://127.0.0.1:{server.port}/inside"}

    answer = wire.post(REQUEST)

    assert answer.status == 307
    assert [posted.path for posted in server.received] == ["/ule?key=1"]


def test_an_answer_is_read_to_64_kb(wire: Wire, server: HttpsServer) -> None:
    server.bodies[HOOK] = b"x" * (LONGEST_ANSWER * 4)

    assert len(wire.post(REQUEST).content) == LONGEST_ANSWER


@pytest.mark.parametrize("manner", ["held", "dripping"])
def test_whoever_does_not_come_to_an_end_is_cut_off(
    wire: Wire, server: HttpsServer, manner: str
) -> None:
    getattr(server, manner).add(HOOK)
    started = time.monotonic()

    with pytest.raises(TooSlow, match=HOOK):
        wire.post(REQUEST)

    assert 0.9 < time.monotonic() - started < 5


@pytest.mark.parametrize("place", ["127.0.0.1", "10.1.2.3", "fd00::1", "169.254.169.254", "::1"])
def test_a_name_that_leads_inside_is_not_followed(server: HttpsServer, place: str) -> None:
    """Though the name was fine when the channel was made; the first address alone is not enough."""
    wire = Wire(resolve=lambda host, port: [("93.184.216.34", port), (place, server.port)])

    with pytest.raises(Forbidden, match="private network"):
        wire.post(REQUEST)

    assert server.received == []


def test_the_systems_own_look_up_is_guarded(server: HttpsServer) -> None:
    with pytest.raises(Forbidden):
        Wire().post(Request(f"https://localhost:{server.port}/", b"", {}))


def test_link_local_is_never_written_to() -> None:
    wire = Wire(allow_private=True, resolve=lambda host, port: [("169.254.169.254", port)])

    with pytest.raises(Forbidden):
        wire.post(REQUEST)


def test_a_certificate_of_somebody_elses_is_refused(server: HttpsServer, wire: Wire) -> None:
    strangers = Wire(allow_private=True, resolve=server.resolve)
    wrong_name = Request("https://elsewhere.example.cn/", b"", {})

    for way, request in ((strangers, REQUEST), (wire, wrong_name)):
        with pytest.raises(Unreachable) as refusal:
            way.post(request)
        assert isinstance(refusal.value.__cause__, ssl.SSLCertVerificationError)

    assert server.received == []


def test_nobody_there(wire: Wire) -> None:
    gone = Wire(allow_private=True, resolve=lambda host, port: [("127.0.0.1", 9)])

    with pytest.raises(Unreachable, match="ConnectionRefusedError"):
        gone.post(REQUEST)
