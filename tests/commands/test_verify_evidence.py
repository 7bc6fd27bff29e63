"""The command finds what was really removed, altered and put into the store."""

import hashlib
import tracemalloc
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.factories.walks import store_file
from tracker.evidence.models import StoredFile
from tracker.evidence.store import path_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.FILES_DIR = tmp_path
    return tmp_path


@pytest.fixture
def stored() -> list[StoredFile]:
    return [store_file(f"第{n}份".encode(), name=f"{n}.txt").stored for n in range(4)]


def complaints() -> list[str]:
    said = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("verify_evidence", stderr=said)
    assert refused.value.returncode == 1
    lines = said.getvalue().splitlines()
    assert str(refused.value) == f"{len(lines)} faults in the store."
    return lines


def overwrite(stored: StoredFile, content: bytes) -> None:
    path_of(stored).chmod(0o600)
    path_of(stored).write_bytes(content)


def test_whole_store_is_whole(stored: list[StoredFile]) -> None:
    said = StringIO()

    call_command("verify_evidence", stdout=said)

    assert said.getvalue() == "4 files are whole.\n"


def test_each_fault_is_named(stored: list[StoredFile], folder: Path) -> None:
    gone, altered, cut, _whole = stored
    path_of(gone).unlink()
    overwrite(altered, "第9份".encode())
    overwrite(cut, b"")
    stray = folder / "ab" / ("ab" + "0" * 62)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"stray")
    odd = path_of(altered).with_name("notes.txt")
    odd.write_bytes(b"odd")
    (folder / "incoming" / "tmp123").write_bytes(b"on its way")

    assert sorted(complaints()) == sorted(
        [
            f"missing: {gone.sha256[:2]}/{gone.sha256}",
            f"changed: {altered.sha256[:2]}/{altered.sha256}",
            f"changed: {cut.sha256[:2]}/{cut.sha256}",
            f"orphaned: ab/{stray.name}",
            f"orphaned: {altered.sha256[:2]}/notes.txt",
        ]
    )


def test_copy_under_another_folder_is_orphaned(stored: list[StoredFile], folder: Path) -> None:
    other = "00" if not stored[0].sha256.startswith("00") else "01"
    (folder / other).mkdir(exist_ok=True)
    (folder / other / stored[0].sha256).write_bytes(path_of(stored[0]).read_bytes())

    assert complaints() == [f"orphaned: {other}/{stored[0].sha256}"]


def test_folder_in_a_files_place_is_changed(stored: list[StoredFile]) -> None:
    path_of(stored[0]).unlink()
    path_of(stored[0]).mkdir()

    assert complaints() == [f"changed: {stored[0].sha256[:2]}/{stored[0].sha256}"]


def test_missing_sm3_is_filled_from_whole_bytes_only(stored: list[StoredFile]) -> None:
    whole, altered, *_others = stored
    right = whole.sm3
    StoredFile.objects.filter(pk__in=[whole.pk, altered.pk]).update(sm3="")
    overwrite(altered, b"other")

    complaints()

    whole.refresh_from_db()
    altered.refresh_from_db()
    assert (whole.sm3, altered.sm3) == (right, "")


def test_sm3_that_was_changed_is_told(stored: list[StoredFile]) -> None:
    StoredFile.objects.filter(pk=stored[0].pk).update(sm3="0" * 64)

    assert complaints() == [f"changed: {stored[0].sha256[:2]}/{stored[0].sha256}"]


def test_large_file_takes_little_memory(folder: Path) -> None:
    size = 48 * 1024 * 1024
    digest = hashlib.sha256()
    for _megabyte in range(48):
        digest.update(bytes(1024 * 1024))
    stored = StoredFile.objects.create(sha256=digest.hexdigest(), size_bytes=size)
    path_of(stored).parent.mkdir()
    with path_of(stored).open("wb") as stream:
        stream.truncate(size)
    tracemalloc.start()

    call_command("verify_evidence", stdout=StringIO())

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * 1024 * 1024
