"""Newer signatures look at clean files again: a few at a time, and behind what waits."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.clamd import Signatures, numbered_clamd
from tests.factories import NOW, Cast, ObligationFactory, cast
from tests.factories.walks import store_file
from tracker.audit import Actor, Event, Verb
from tracker.evidence.attach import attach_evidence
from tracker.evidence.models import ScanState, StoredFile
from tracker.evidence.scanner import Answer, Clamd, signatures_of
from tracker.evidence.scanning import AGAIN_IN_A_SWEEP, claim_again, scan_waiting
from tracker.evidence.store import path_of

pytestmark = pytest.mark.django_db

BAD = b"this was no virus yesterday"
HARMLESS = b"no file of these tests says this"
Scanner = tuple[str, Signatures]


@pytest.fixture
def clamd() -> Iterator[Scanner]:
    with numbered_clamd(27000, text=HARMLESS) as running:
        yield running


def at(minutes: float) -> Callable[[], datetime]:
    return lambda: NOW + timedelta(minutes=minutes)


def scan(clamd: Scanner, minutes: float = 0) -> bool:
    return scan_waiting(Clamd(clamd[0]), clock=at(minutes))


def store(content: bytes) -> StoredFile:
    return store_file(content, name="说明.txt").stored


def fresh(stored: StoredFile) -> StoredFile:
    return StoredFile.objects.get(pk=stored.pk)


def clean(number: int, *, signatures: int, minutes: float = 0) -> StoredFile:
    """As if it had been found clean by these signatures then."""
    stored = store(b"text %d" % number)
    StoredFile.objects.filter(pk=stored.pk).update(
        scan_state=ScanState.CLEAN,
        scan_signatures=signatures,
        scanned_at=NOW + timedelta(minutes=minutes),
    )
    return fresh(stored)


@pytest.mark.parametrize(
    ("engine", "number"),
    [
        ("ClamAV 1.4.6/27001/Thu Jan  1 00:00:00 2026", 27001),
        ("ClamAV 1.4.6", 0),
        ("ClamAV 1.4.6/unknown/today", 0),
        ("", 0),
    ],
)
def test_number_of_the_signatures(engine: str, number: int) -> None:
    assert signatures_of(engine) == number


def test_newer_signatures_find_what_lay_there_before(clamd: Scanner) -> None:
    world: Cast = cast()
    obligation = ObligationFactory.create(plant=world.plant)
    file = store_file(BAD, name="说明.txt")
    attach_evidence(
        obligation=obligation, file=file, document_on=None, by=Actor(world.manager, ""), at=NOW
    )
    good = store(b"text")
    scan(clamd)
    assert (fresh(file.stored).scan_state, fresh(file.stored).scan_signatures) == ("clean", 27000)

    clamd[1].publish(27001, text=BAD)
    assert scan(clamd, minutes=1)

    assert (fresh(file.stored).scan_state, fresh(file.stored).scan_signatures) == (
        "quarantined",
        27001,
    )
    event = Event.objects.get(verb=Verb.QUARANTINED)
    assert (event.thing_id, event.plant) == (obligation.pk, world.plant)
    found = fresh(good)
    assert (found.scan_state, found.scan_signatures, found.scanned_at, found.scan_due_at) == (
        "clean",
        27001,
        NOW + timedelta(minutes=1),
        None,
    )


def test_same_or_older_signatures_scan_nothing_again(clamd: Scanner) -> None:
    same, newer = clean(1, signatures=27000), clean(2, signatures=27001)

    scan(clamd, minutes=1)

    assert [fresh(stored).scanned_at for stored in (same, newer)] == [NOW, NOW]


def test_a_sweep_takes_a_few_the_oldest_verdicts_first(clamd: Scanner) -> None:
    count = AGAIN_IN_A_SWEEP + 2
    old = [clean(n, signatures=26990, minutes=-n) for n in range(count)]

    scan(clamd, minutes=1)
    left = StoredFile.objects.filter(scan_signatures=26990)
    assert set(left.values_list("pk", flat=True)) == {stored.pk for stored in old[:2]}

    scan(clamd, minutes=2)
    assert not left.exists()


def test_what_comes_in_goes_before_the_next_that_is_scanned_again(clamd: Scanner) -> None:
    first, second = (clean(n, signatures=26990, minutes=n) for n in (1, 2))
    waiting: list[StoredFile] = []
    order: list[int] = []

    class Looking(Clamd):
        def scan(self, path: Path) -> Answer:
            order.append(StoredFile.objects.get(sha256=path.name).pk)
            if not waiting:
                waiting.append(store(b"came in meanwhile"))
            return super().scan(path)

    assert scan_waiting(Looking(clamd[0]), clock=at(1))

    assert order == [first.pk, waiting[0].pk, second.pk]


def test_file_stays_clean_while_it_is_scanned_again() -> None:
    stored = clean(1, signatures=26990)

    claim = claim_again(27000, now=NOW)

    assert claim is not None
    assert fresh(stored).scan_state == ScanState.CLEAN
    assert claim_again(27000, now=NOW + timedelta(minutes=14)) is None
    assert claim_again(27000, now=NOW + timedelta(minutes=15)) is not None
    assert not claim.give_back(scan_state=ScanState.QUARANTINED)


def test_file_that_cannot_be_read_again_keeps_its_verdict(clamd: Scanner) -> None:
    stored = clean(1, signatures=26990)
    path_of(stored).unlink()

    scan(clamd, minutes=1)

    found = fresh(stored)
    assert (found.scan_state, found.scan_signatures, found.scanned_at) == ("clean", 26990, NOW)
    assert found.scan_fault == "No such file or directory"
    assert found.scan_due_at == NOW + timedelta(days=1, minutes=1)
