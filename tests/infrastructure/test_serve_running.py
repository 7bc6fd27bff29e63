"""A running site: what it says of itself, what it does when a process falls, how it stops."""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests import postgresql
from tests.infrastructure.sites import Site, is_alive, wait_until

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc"),
]

WELL = {"database": "ok", "worker": "ok", "beat": "ok"}


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.remove()


def words(site: Site) -> dict[str, str]:
    """What /healthz says, without the seconds."""
    report = site.health()[1]
    return {name: report.get(name, "") for name in WELL}


@contextmanager
def half_a_form(port: int) -> Iterator[None]:
    """A form whose second half never comes."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as visitor:
        visitor.sendall(
            b"POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: csrftoken="
            + b"a" * 32
            + b"\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nusern"
        )
        yield


@pytest.mark.skipif(
    settings.DATABASES["default"]["ENGINE"].endswith("postgresql"),
    reason="drilled in the pass on SQLite; here the other parts are",
)
def test_site_runs_mends_itself_and_stops(site: Site) -> None:
    said = site.start()

    # From nothing to a site with its rules loaded, an address, and no demo's passwords.
    assert "Loading the regulations" in said
    assert "http://127.0.0.1/" in said
    assert "password" not in said
    wait_until(lambda: site.health()[0] == 200)
    status, report = site.health()
    assert report == WELL | {"beat_ticked_seconds_ago": report["beat_ticked_seconds_ago"]}
    assert report["beat_ticked_seconds_ago"] <= 3
    first = site.children()
    assert sorted(first) == ["beat", "broker", "web", "worker"]

    # Twenty visitors whose networks crawl hold up nobody else.
    with ExitStack() as crawling:
        for _ in range(20):
            crawling.enter_context(half_a_form(site.port))
        assert site.health()[0] == 200

    # Beat and worker are judged apart: each one's silence is its own fault.
    os.kill(first["beat"], signal.SIGSTOP)
    # A busy machine may leave one question unanswered: what it says in the end counts.
    wait_until(lambda: site.health()[0] == 503)
    status, report = site.health()
    assert status == 503
    assert report["beat"] == f"no sign of life for {report['beat_ticked_seconds_ago']} s"
    assert (report["database"], report["worker"]) == ("ok", "ok")
    # What is killed is started again, and the site is well once it ticks.
    os.kill(first["beat"], signal.SIGKILL)
    wait_until(lambda: site.health()[0] == 200)
    os.kill(first["worker"], signal.SIGSTOP)
    wait_until(lambda: words(site)["beat"] == "ok" and words(site)["worker"] != "ok")
    assert site.health()[0] == 503

    # What falls is started again; the others stay.
    for name in ("web", "worker"):
        os.kill(first[name], signal.SIGKILL)
    wait_until(lambda: words(site) == WELL)
    second = site.children()
    assert second["broker"] == first["broker"]
    assert second["beat"] != first["beat"]
    assert second["web"] != first["web"]
    assert second["worker"] != first["worker"]

    # TERM stops all of them, and says that it went well.
    everybody = site.everybody()
    assert len(everybody) >= 7
    assert site.stop() == 0
    assert [pid for pid in everybody if is_alive(pid)] == []

    # What was loaded stays; the second start is a warm one. Killed, it leaves nobody either.
    said = site.start()
    assert "Loading the regulations" not in said
    everybody = site.everybody()
    site.kill()
    wait_until(lambda: not any(is_alive(pid) for pid in everybody))


@pytest.fixture
def other_parts(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """In the first pass the broker of folders, in the second PostgreSQL and a given Redis."""
    if connection.vendor == "sqlite":
        yield {"CELERY_BROKER_URL": "filesystem://localhost/"}
        return
    with postgresql.empty_database() as url:
        yield {"DATABASE_URL": url, "CELERY_BROKER_URL": request.getfixturevalue("valkey_url")}


def test_site_on_other_parts_runs(site: Site, other_parts: dict[str, str]) -> None:
    site.start(**other_parts, DEBUG="true")

    wait_until(lambda: words(site) == WELL)

    assert sorted(site.children()) == ["beat", "web", "worker"]
    assert site.stop() == 0
