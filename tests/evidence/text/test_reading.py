"""Who reads which file, and what becomes of a reader that dies."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.evidence.text import files
from tests.factories import NOW, ObligationFactory, manager_of
from tests.factories.walks import store_file
from tracker.audit import Actor
from tracker.evidence.attach import attach_evidence
from tracker.evidence.models import FileText, ScanState, StoredFile, TextPiece, TextState
from tracker.evidence.reading import CLAIM_LASTS, enlist_files, read_waiting
from tracker.evidence.store import path_of
from tracker.evidence.text import Fault, Read

pytestmark = pytest.mark.django_db

LATER = CLAIM_LASTS + timedelta(minutes=1)
# A worker that is at a file, and says so, when it is killed.
WORKER = """
import sys
from datetime import datetime
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"], settings.FILES_DIR = sys.argv[1:3]
django.setup()
from tracker.evidence.reading import read_waiting
def read(path):
    print("at it", flush=True)
    sys.stdin.read()
read_waiting(now=datetime.fromisoformat(sys.argv[3]), read=read)
"""


def laid(content: bytes, name: str) -> StoredFile:
    owed = ObligationFactory.create()
    manager = manager_of(owed.plant)
    file = store_file(content, name=name)
    attach_evidence(
        obligation=owed, file=file, document_on=None, by=Actor(manager, "tests"), at=NOW
    )
    return file.stored


def test_reads_what_came_in_once() -> None:
    stored = laid(files.document(), "台账.docx")

    assert [read_waiting(now=NOW), read_waiting(now=NOW)] == [1, 0]

    text = FileText.objects.get(stored=stored)
    assert (text.state, text.fault, text.claimed_until) == (TextState.DONE, "", None)
    assert "SNCR脱硝运行台账" in text.pieces.get().content
    assert "sncr 脱硝 硝运" in text.pieces.get().words


def test_what_has_no_text_and_what_is_lost_are_told_apart() -> None:
    empty = laid(b"\n \n", "空.txt")
    lost = laid(b"x", "失.txt")
    path_of(lost).unlink()

    read_waiting(now=NOW)

    assert FileText.objects.get(stored=empty).state == TextState.NONE
    assert FileText.objects.get(stored=lost).fault == Fault.MISSING
    assert not TextPiece.objects.exists()


def test_long_text_lies_in_pieces_and_words_go_over_their_seams() -> None:
    laid(("氨" * 9_998 + "逃逸浓度" + "水" * 100).encode(), "长.txt")

    read_waiting(now=NOW)

    first, second = TextPiece.objects.order_by("number")
    assert (len(first.content), len(second.content)) == (10_000, 102)
    assert "氨逃 逃逸 逸浓 浓度" in first.words


def test_a_run_ends_in_time_and_the_next_goes_on() -> None:
    for number in range(2):
        laid(b"%d" % number, "数.txt")

    assert read_waiting(now=NOW, run_seconds=0) == 0
    assert FileText.objects.filter(state=TextState.WAITING).count() == 2
    assert read_waiting(now=NOW) == 2


def test_file_on_which_every_reader_dies_is_given_up() -> None:
    stored = laid(b"x", "毒.txt")

    def die(_path: Path) -> Read:
        raise MemoryError

    at = NOW
    for _time in range(3):
        with pytest.raises(MemoryError):
            read_waiting(now=at, read=die)
        at += LATER
    read_waiting(now=at, read=die)

    text = FileText.objects.get(stored=stored)
    assert (text.state, text.fault, text.attempts) == (TextState.FAILED, Fault.CRASHED, 4)


def test_slow_reader_does_not_write_over_the_next() -> None:
    stored = laid(b"x", "慢.txt")

    def read_late(_path: Path) -> Read:
        read_waiting(now=NOW + LATER, read=lambda _path: Read("the next one's"))
        return Read("the slow one's")

    assert read_waiting(now=NOW, read=read_late) == 0
    assert TextPiece.objects.get(text=stored.pk).content == "the next one's"


@pytest.mark.django_db(transaction=True)
def test_worker_that_is_killed_loses_nothing() -> None:
    stored = laid(files.workbook(), "台账.xlsx")
    where = connection.settings_dict["NAME"], settings.FILES_DIR
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, *map(str, where), NOW.isoformat()],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tracker.settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"at it\n"
        worker.send_signal(signal.SIGKILL)

    assert read_waiting(now=NOW + timedelta(minutes=1)) == 0
    assert FileText.objects.get().state == TextState.WAITING
    assert read_waiting(now=NOW + LATER) == 1
    assert "氨水（吨）" in TextPiece.objects.get(text=stored.pk).content


@pytest.mark.parametrize("no_more", [{"scan_state": ScanState.QUARANTINED}, {"disposed_at": NOW}])
def test_what_may_not_be_opened_is_not_read(no_more: dict[str, object]) -> None:
    laid("氨".encode(), "氨.txt")
    enlist_files()
    StoredFile.objects.update(**no_more)

    assert read_waiting(now=NOW) == 0
    FileText.objects.all().delete()
    assert enlist_files() == 0
