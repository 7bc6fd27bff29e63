"""GET /healthz: what it answers for which signs of life."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import InterfaceError, OperationalError, connection
from django.test import Client

from tracker.reminders.models import Heartbeat
from tracker.web import health

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def sign(name: str, seconds_ago: int) -> None:
    Heartbeat.objects.create(name=name, at=NOW - timedelta(seconds=seconds_ago))


@time_machine.travel(NOW, tick=False)
def test_health_is_200_when_all_are_well(client: Client) -> None:
    sign("worker", 20)
    sign("beat", 19)

    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {
        "database": "ok",
        "worker": "ok",
        "beat": "ok",
        "beat_ticked_seconds_ago": 19,
    }
    assert "no-store" in answer["Cache-Control"]


@time_machine.travel(NOW, tick=False)
def test_health_is_503_before_the_first_sign(client: Client) -> None:
    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json() == {
        "database": "ok",
        "worker": "no sign of life yet",
        "beat": "no sign of life yet",
        "beat_ticked_seconds_ago": None,
    }


@time_machine.travel(NOW, tick=False)
def test_health_names_the_one_that_is_silent(client: Client) -> None:
    sign("worker", 21)
    sign("beat", 1)

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json()["worker"] == "no sign of life for 21 s"
    assert answer.json()["beat"] == "ok"


@pytest.mark.parametrize("kind", [OperationalError, InterfaceError])
def test_health_is_503_when_the_database_fails(
    client: Client, caplog: pytest.LogCaptureFixture, kind: type[Exception]
) -> None:
    def fail(*_: object) -> None:
        raise kind('connection to server at "10.1.2.3" failed:\n  no user "ule"')

    with connection.execute_wrapper(fail):
        answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json() == {
        "database": "does not answer",
        "worker": "no sign of life yet",
        "beat": "no sign of life yet",
        "beat_ticked_seconds_ago": None,
    }
    # Who runs the site finds the driver's own words in the log.
    assert [record.getMessage() for record in caplog.records if record.name == health.__name__] == [
        'The database does not answer: connection to server at "10.1.2.3" failed: no user "ule"'
    ]


def test_health_tells_no_stranger_what_the_driver_says(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {Heartbeat._meta.db_table} RENAME TO gone")

    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()["database"]) == (503, "does not answer")
    assert Heartbeat._meta.db_table not in answer.content.decode()


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("seconds", "word"),
    [(299, "ok"), (301, "no sign of life for 301 s"), (None, "no sign of life yet")],
)
def test_health_names_a_scanner_that_is_silent(
    client: Client, settings: Any, seconds: int | None, word: str
) -> None:
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    sign("worker", 1)
    sign("beat", 1)
    if seconds is not None:
        sign("scanner", seconds)

    answer = client.get("/healthz")

    assert answer.json()["scanner"] == word
    assert answer.status_code == (200 if word == "ok" else 503)
