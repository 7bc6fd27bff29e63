"""Parts on the disk: two writers at once, two that finish at once, a full disk, little memory."""

import fcntl
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from plants.models import Person
from tests.evidence.good_files import box, video
from tests.factories import NOW, ObligationFactory, manager_of
from tests.web.test_room_for_files import files_end_at
from tracker.audit import Actor
from tracker.demo.evidence_files import make_pdf
from tracker.evidence.attach import OwnDates
from tracker.evidence.models import UnfinishedUpload
from tracker.evidence.partial import (
    OffsetMismatch,
    PartTooLong,
    UploadBusy,
    UploadGone,
    add_part,
    begin_upload,
    finish_upload,
    forget_upload,
    offset_of,
)
from tracker.evidence.types import StoreFull
from tracker.obligations.models import Obligation

pytestmark = pytest.mark.django_db

MEGABYTE = 1024 * 1024
PDF = make_pdf(1)


@pytest.fixture
def owed() -> Obligation:
    return ObligationFactory.create()


@pytest.fixture
def person(owed: Obligation) -> Person:
    return manager_of(owed.plant)


def left_behind() -> list[Path]:
    return list((Path(settings.FILES_DIR) / "incoming").iterdir())


def begin(
    owed: Obligation, person: Person, size: int = len(PDF), name: str = "a.pdf"
) -> UnfinishedUpload:
    return begin_upload(
        obligation=owed,
        name=name,
        size_bytes=size,
        dates=OwnDates(),
        by=Actor(person, "tests"),
        at=NOW,
    )


def test_of_two_writers_at_once_one_goes_on(owed: Obligation, person: Person) -> None:
    upload, second = begin(owed, person), UnfinishedUpload.objects.get()

    def interrupted() -> Iterator[bytes]:
        yield PDF[:100]
        with pytest.raises(OffsetMismatch):
            add_part(upload=second, offset=0, chunks=[PDF[:100]], at=NOW)
        yield PDF[100:]

    assert add_part(upload=upload, offset=0, chunks=interrupted(), at=NOW) == len(PDF)
    finished = finish_upload(upload=upload, by=Actor(person, "tests"), at=NOW)
    assert finished.evidence.stored.size_bytes == len(PDF)


def test_writer_on_a_dead_connection_is_overtaken(owed: Obligation, person: Person) -> None:
    upload = begin(owed, person)

    def hanging() -> Iterator[bytes]:
        yield PDF[:100]
        assert add_part(upload=upload, offset=100, chunks=[PDF[100:]], at=NOW) == len(PDF)
        yield PDF[100:200]

    with pytest.raises(OffsetMismatch):
        add_part(upload=upload, offset=0, chunks=hanging(), at=NOW)

    assert offset_of(upload) == len(PDF)


def test_more_bytes_than_promised_are_not_written(owed: Obligation, person: Person) -> None:
    upload = begin(owed, person, size=10)

    with pytest.raises(PartTooLong):
        add_part(upload=upload, offset=0, chunks=[b"12345", b"678901"], at=NOW)

    assert offset_of(upload) == 5


def test_finished_once_however_often_it_is_asked(owed: Obligation, person: Person) -> None:
    upload, by = begin(owed, person), Actor(person, "tests")
    add_part(upload=upload, offset=0, chunks=[PDF], at=NOW)
    [part] = left_behind()
    with part.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(UploadBusy):
            finish_upload(upload=upload, by=by, at=NOW)

    attachment = finish_upload(upload=upload, by=by, at=NOW)

    with pytest.raises(UploadGone):
        finish_upload(upload=upload, by=by, at=NOW)
    assert UnfinishedUpload.objects.get().attachment == attachment
    assert owed.attachments.count() == 1


def test_cancelled_while_it_was_written(owed: Obligation, person: Person) -> None:
    upload = begin(owed, person)

    def cancelled() -> Iterator[bytes]:
        yield PDF[:100]
        forget_upload(UnfinishedUpload.objects.get())
        yield PDF[100:]

    add_part(upload=upload, offset=0, chunks=cancelled(), at=NOW)

    with pytest.raises(UploadGone):
        finish_upload(upload=upload, by=Actor(person, "tests"), at=NOW)
    assert left_behind() == []


def test_full_disk_keeps_what_is_there(owed: Obligation, person: Person) -> None:
    upload = begin(owed, person, size=3 * MEGABYTE, name="大.txt")
    chunks = [b"0123456789abcde\n" * (MEGABYTE // 16)] * 3

    with files_end_at(2 * MEGABYTE), pytest.raises(StoreFull):
        add_part(upload=upload, offset=0, chunks=chunks, at=NOW)

    assert offset_of(upload) == 2 * MEGABYTE
    reached = add_part(upload=upload, offset=2 * MEGABYTE, chunks=chunks[2:], at=NOW)
    assert reached == 3 * MEGABYTE


def test_large_file_takes_little_memory(owed: Obligation, person: Person) -> None:
    head, count = video(), 80
    size = len(head) + len(box(b"free", b"")) + count * 256 * 1024
    start = head + (size - len(head)).to_bytes(4, "big") + b"free"
    upload = begin(owed, person, size=size, name="片.mp4")
    tracemalloc.start()

    offset = add_part(upload=upload, offset=0, chunks=[start], at=NOW)
    pieces = (bytes(256 * 1024) for _ in range(count))
    add_part(upload=upload, offset=offset, chunks=pieces, at=NOW)
    attachment = finish_upload(upload=upload, by=Actor(person, "tests"), at=NOW)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert attachment.evidence.stored.size_bytes == size
    assert peak < 6 * MEGABYTE
