"""Files are scanned by a real clamd: what becomes of each, and that none is lost on the way."""

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from celery import Celery
from django.conf import settings as site
from django.db import connection
from django.utils import timezone
from django.utils.translation import override

from plants.models import Person
from tests import postgresql
from tests.clamd import EICAR, STREAM_LIMIT, VIRUS, running_clamd, silent_server
from tests.evidence.conftest import Receive
from tests.factories import NOW, Cast, ObligationFactory, cast
from tests.factories.walks import store_file
from tests.infrastructure.sites import environment
from tracker import tasks
from tracker.audit import Actor, Event, Verb
from tracker.evidence.attach import attach_evidence
from tracker.evidence.models import ScanState, StoredFile
from tracker.evidence.scanner import Clamd
from tracker.evidence.scanning import claim_file, scan_waiting
from tracker.evidence.store import IncomingFile, path_of
from tracker.evidence.types import FileRefused
from tracker.obligations.models import Obligation
from tracker.reminders.models import Heartbeat
from tracker.serving import commands

pytestmark = pytest.mark.django_db

NOBODY = "tcp://127.0.0.1:1"


@pytest.fixture(scope="module")
def clamd() -> Iterator[str]:
    with running_clamd() as url:
        yield url


def at(minutes: float = 0) -> Callable[[], datetime]:
    return lambda: NOW + timedelta(minutes=minutes)


def store(content: bytes, name: str = "说明.txt") -> StoredFile:
    return store_file(content, name=name).stored


def database_url() -> str:
    """Of the tests' database, for another process."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlunsplit(urlsplit(postgresql.url())._replace(path=f"/{name}"))


def scan(url: str, minutes: float = 0) -> bool:
    return scan_waiting(Clamd(url), clock=at(minutes))


def fresh(stored: StoredFile) -> StoredFile:
    return StoredFile.objects.get(pk=stored.pk)


def lay(obligation: Obligation, by: Person, content: bytes, name: str = "说明.txt") -> StoredFile:
    file = store_file(content, name=name)
    attach_evidence(
        obligation=obligation, file=file, document_on=None, by=Actor(by, "tests"), at=NOW
    )
    return file.stored


@pytest.fixture
def owed() -> tuple[Cast, Obligation]:
    world = cast()
    return world, ObligationFactory.create(plant=world.plant)


def test_without_a_scanner_files_are_not_scanned() -> None:
    assert store(b"text").scan_state == ScanState.NOT_SCANNED


def test_with_a_scanner_files_wait(settings: Any) -> None:
    settings.CLAMD_URL = NOBODY

    assert store(b"text").scan_state == ScanState.WAITING


def test_both_kinds_are_scanned(settings: Any, clamd: str) -> None:
    earlier = store(b"brought before there was a scanner")
    settings.CLAMD_URL = clamd
    later = store(b"and after")

    assert scan(clamd)

    for stored in (earlier, later):
        found = fresh(stored)
        assert (found.scan_state, found.scan_found, found.scanned_at) == ("clean", "", NOW)
        assert found.scan_engine.startswith("ClamAV ")
        assert found.scan_due_at is None


def test_virus_is_quarantined_and_told_of(clamd: str, owed: tuple[Cast, Obligation]) -> None:
    world, obligation = owed
    stored = lay(obligation, world.manager, EICAR, "病毒.txt")

    assert scan(clamd)

    found = fresh(stored)
    assert (found.scan_state, found.scan_found) == (ScanState.QUARANTINED, VIRUS)
    event = Event.objects.get(verb=Verb.QUARANTINED)
    assert (event.thing_kind, event.thing_id, event.plant) == (
        "obligation",
        obligation.pk,
        world.plant,
    )
    assert event.note == f"病毒.txt: {VIRUS}"
    assert event.after is not None
    assert event.after["sha256"] == stored.sha256


def test_virus_that_no_plant_brought_is_told_of_at_the_site(clamd: str) -> None:
    stored = store(EICAR)

    scan(clamd)

    event = Event.objects.get(verb=Verb.QUARANTINED)
    assert (event.thing_kind, event.thing_id, event.plant) == ("storedfile", stored.pk, None)


def test_same_bytes_are_refused_and_nothing_is_said_of_others(clamd: str, receive: Receive) -> None:
    store(EICAR)
    scan(clamd)

    with override("en"), pytest.raises(FileRefused) as caught:
        receive("又.txt", EICAR).keep()

    assert str(caught.value) == f"“又.txt” holds a virus ({VIRUS}): it is not taken."
    assert StoredFile.objects.count() == 1


def test_second_sweep_does_nothing(clamd: str) -> None:
    store(EICAR)
    scan(clamd)

    scan(clamd, minutes=1)

    assert Event.objects.filter(verb=Verb.QUARANTINED).count() == 1
    assert StoredFile.objects.get().scanned_at == NOW


def test_scanner_that_is_down_leaves_files_waiting(
    settings: Any, clamd: str, caplog: pytest.LogCaptureFixture
) -> None:
    settings.CLAMD_URL = NOBODY
    stored = store(b"text")

    assert not scan(NOBODY)

    assert fresh(stored).scan_state == ScanState.WAITING
    assert "The virus scanner does not answer, files wait: " in caplog.text
    assert scan(clamd, minutes=1)
    assert fresh(stored).scan_state == ScanState.CLEAN


def test_scanner_that_never_answers_lets_others_pass_first(clamd: str) -> None:
    stuck, other = store(b"stuck"), store(b"other")
    with silent_server() as (url, _taken):
        assert not scan_waiting(Clamd(url, scan_seconds=0.3), clock=at())

    assert (fresh(stuck).scan_state, fresh(other).scan_state) == ("waiting", "not_scanned")
    assert fresh(stuck).scan_fault
    scan(clamd, minutes=1)
    assert (fresh(stuck).scan_state, fresh(other).scan_state) == ("waiting", "clean")
    scan(clamd, minutes=6)
    assert (fresh(stuck).scan_state, fresh(stuck).scan_fault) == ("clean", "")


@pytest.mark.parametrize("size", [STREAM_LIMIT + 1, STREAM_LIMIT * 8])
def test_file_over_the_scanners_limit_is_not_scanned(
    settings: Any, clamd: str, receive: Receive, size: int
) -> None:
    settings.CLAMD_URL = clamd
    stored = store_large(b"0123456789abcde\n" * (size // 16 + 1))

    assert scan(clamd)

    found = fresh(stored)
    assert found.scan_state == ScanState.NOT_SCANNED
    assert found.scan_fault
    assert found.scan_due_at == NOW + timedelta(days=1)
    assert scan(clamd, minutes=60)
    assert fresh(stored).scan_due_at == found.scan_due_at


def store_large(content: bytes) -> StoredFile:
    incoming = IncomingFile("长.txt", limit_bytes=len(content))
    incoming.write(content)
    return incoming.keep().stored


def test_file_that_is_not_in_the_store_keeps_no_other_waiting(clamd: str) -> None:
    gone, other = store(b"gone"), store(b"other")
    path_of(gone).unlink()

    assert scan(clamd)

    assert fresh(gone).scan_fault == "No such file or directory"
    assert fresh(other).scan_state == ScanState.CLEAN


def test_claim_holds_for_a_quarter_of_an_hour() -> None:
    stored = store(b"text")

    first = claim_file(stored.pk, now=NOW)

    assert first is not None
    assert claim_file(stored.pk, now=NOW + timedelta(minutes=14)) is None
    second = claim_file(stored.pk, now=NOW + timedelta(minutes=15))
    assert second is not None
    assert not first.give_back(scan_state=ScanState.CLEAN)
    assert second.give_back(scan_state=ScanState.CLEAN)


@pytest.mark.django_db(transaction=True)
def test_one_sweep_at_a_time(clamd: str) -> None:
    store(b"text")
    with silent_server() as (url, taken):
        swept: list[bool] = []
        sweep = threading.Thread(target=lambda: swept.append(scan_with(url)))
        sweep.start()
        assert taken.wait(timeout=10)
        assert not scan(clamd)
        sweep.join()
    assert swept == [False]


def scan_with(url: str) -> bool:
    try:
        return scan_waiting(Clamd(url, scan_seconds=1.0), clock=at())
    finally:
        connection.close()


def test_virus_in_the_middle_of_a_large_file(clamd: str, tmp_path: Path) -> None:
    stored = store_large(b"0123456789abcde\n" * 40_000 + EICAR + b"\n0123456789abcde" * 40_000)

    scan(clamd)

    assert fresh(stored).is_quarantined


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_worker_killed_in_the_middle_loses_nothing(
    settings: Any, clamd: str, tmp_path: Path, valkey_url: str
) -> None:
    stored = store(EICAR)
    queue = Celery(broker=valkey_url, broker_transport_options=site.CELERY_BROKER_TRANSPORT_OPTIONS)
    with silent_server() as (url, taken):
        parts = {
            "DATABASE_URL": database_url(),
            "CELERY_BROKER_URL": valkey_url,
            "CLAMD_URL": url,
        }
        worker = subprocess.Popen(commands.worker(), env=environment(tmp_path, **parts))
        queue.send_task("tracker.scan_files")
        assert taken.wait(timeout=60)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    queue.control.purge()

    assert fresh(stored).scan_state == ScanState.WAITING
    assert scan_waiting(Clamd(clamd), clock=timezone.now)
    assert fresh(stored).scan_state == ScanState.WAITING
    later = timezone.now() + timedelta(minutes=16)
    assert scan_waiting(Clamd(clamd), clock=lambda: later)
    assert fresh(stored).is_quarantined


def test_task_shows_that_the_scanner_answers(settings: Any, clamd: str) -> None:
    stored = store(b"text")
    tasks.scan_files()
    assert fresh(stored).scan_state == ScanState.NOT_SCANNED
    assert not Heartbeat.objects.exists()

    settings.CLAMD_URL = NOBODY
    tasks.scan_files()
    assert not Heartbeat.objects.exists()

    settings.CLAMD_URL = clamd
    tasks.scan_files()
    assert Heartbeat.objects.get().name == "scanner"
    assert fresh(stored).scan_state == ScanState.CLEAN
