"""The store: content decides, stored once, refused with the reason, nothing left behind."""

import hashlib
from pathlib import Path

import pytest
from django.db import transaction
from django.utils.translation import override
from pytest_django import Settings

from tests.evidence.conftest import Receive
from tests.evidence.good_files import document, picture, workbook, zipped
from tracker.evidence.models import StoredFile
from tracker.evidence.store import path_of
from tracker.evidence.types import EXCEL, WORD, FileRefused
from tracker.evidence.verify import Fault, Found, verify_store

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> Path:
    settings.FILES_DIR = tmp_path
    return tmp_path


def left_behind(files: Path) -> list[Path]:
    return list((files / "incoming").iterdir())


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("监测报告.pdf", picture("PDF"), "application/pdf"),
        ("现场.PNG", picture("PNG"), "image/png"),
        ("现场.jpg", picture("JPEG"), "image/jpeg"),
        ("现场.jpeg", picture("JPEG"), "image/jpeg"),
        ("台账.xlsx", workbook(), EXCEL),
        ("报告.docx", document(), WORD),
        ("附件.zip", zipped({"说明.txt": b"1"}), "application/zip"),
        ("台账.csv", "日期,氨水（吨）\n2026-01-01,3.5\n".encode("gb18030"), "text/csv"),
        ("说明.txt", "说明".encode(), "text/plain"),
    ],
)
def test_file_is_kept_as_it_came(
    receive: Receive, files: Path, name: str, content: bytes, media_type: str
) -> None:
    kept = receive(name, content).keep()
    stored = kept.stored

    assert (kept.original_name, kept.media_type) == (name, media_type)
    assert stored.size_bytes == len(content)
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert stored.sm3 == hashlib.new("sm3", content).hexdigest()
    assert path_of(stored).read_bytes() == content
    assert left_behind(files) == []


def test_sm3_is_the_standards(receive: Receive) -> None:
    """GB/T 32905, example 1."""
    assert receive("例.txt", b"abc").keep().stored.sm3 == (
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    )


def test_old_row_gets_its_sm3_when_the_bytes_come_again(receive: Receive) -> None:
    StoredFile.objects.create(sha256=hashlib.sha256(b"abc").hexdigest(), size_bytes=3)

    receive("例.txt", b"abc").keep()

    assert StoredFile.objects.get().sm3.startswith("66c7f0f4")


def test_same_content_is_stored_once(receive: Receive) -> None:
    first = receive("一.txt", b"same").keep()
    second = receive("二.csv", b"same").keep()

    assert first.stored == second.stored
    assert StoredFile.objects.count() == 1
    # What it is depends on the name, too.
    assert [first.media_type, second.media_type] == ["text/plain", "text/csv"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("空.pdf", b"", "“空.pdf” is empty (0 bytes)."),
        (
            "报告.pdf",
            b"MZ\x90\x00" + bytes(200),
            "“报告.pdf” is a program: programs are not taken.",
        ),
        (
            "工具.exe",
            b"text",
            "“工具.exe”: files of this kind are not taken. Taken are: .pdf .png .jpg .jpeg .webp "
            ".heic .heif .tif .tiff .docx .xlsx .pptx .doc .xls .ppt .ofd .csv .txt .zip .mp4 "
            ".mov.",
        ),
    ],
)
def test_file_is_refused_with_the_reason(
    receive: Receive, files: Path, name: str, content: bytes, reason: str
) -> None:
    with override("en"), pytest.raises(FileRefused) as caught:
        receive(name, content).keep()

    assert str(caught.value) == reason
    assert left_behind(files) == []
    assert StoredFile.objects.count() == 0


def test_file_over_the_limit_is_counted_but_not_written(receive: Receive, files: Path) -> None:
    incoming = receive("大.txt", b"x" * 3_000_000, limit_bytes=1024 * 1024)
    written = sum(path.stat().st_size for path in left_behind(files))

    with override("en"), pytest.raises(FileRefused) as caught:
        incoming.keep()

    assert str(caught.value) == "“大.txt” has 3 MB; at most 1 MB are taken."
    assert written <= 1024 * 1024
    assert left_behind(files) == []


def test_discarded_file_leaves_nothing(receive: Receive, files: Path) -> None:
    receive("说明.txt", b"text").discard()

    assert left_behind(files) == []


def test_bytes_without_a_row_are_named_and_taken_up_by_the_next(receive: Receive) -> None:
    """A transaction around it, or its own commit, may fail when the bytes lie there already."""
    with transaction.atomic():
        stored = receive("一.txt", b"same").keep().stored
        transaction.set_rollback(True)
    place = f"{stored.sha256[:2]}/{stored.sha256}"
    assert list(verify_store()) == [Found(Fault.ORPHANED, place)]

    receive("二.txt", b"same").keep()

    assert list(verify_store()) == []
    assert StoredFile.objects.count() == 1
