"""Read the whole store again: what is missing, what was changed, what belongs to nobody."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path

from tracker.evidence.digests import Digests
from tracker.evidence.models import StoredFile
from tracker.evidence.store import files_folder, path_of

CHUNK_BYTES = 1024 * 1024
ROWS_AT_ONCE = 500
FOLDER = re.compile(r"[0-9a-f]{2}")


class Fault(StrEnum):
    MISSING = "missing"
    CHANGED = "changed"
    ORPHANED = "orphaned"


@dataclass(frozen=True)
class Found:
    """One fault, and where: a path inside the store."""

    fault: Fault
    path: str


def verify_store() -> Iterator[Found]:
    """Every fault of the store; memory stays at a chunk and some rows.

    Where bytes are as they should be, an SM3 that was not kept yet is filled in.
    """
    rows = (
        StoredFile.objects.filter(disposed_at=None).order_by("pk").iterator(chunk_size=ROWS_AT_ONCE)
    )
    for stored in rows:
        fault = _fault_of(stored)
        if fault is not None:
            yield Found(fault, _inside(path_of(stored)))
    yield from _orphans()


def _fault_of(stored: StoredFile) -> Fault | None:
    digests = Digests()
    try:
        with path_of(stored).open("rb") as stream:
            while chunk := stream.read(CHUNK_BYTES):
                digests.update(chunk)
            size = stream.tell()
    except FileNotFoundError:
        return Fault.MISSING
    except OSError:  # a disk that can't read it any more, or something else in its place
        return Fault.CHANGED
    if (digests.sha256, size) != (stored.sha256, stored.size_bytes):
        return Fault.CHANGED
    if digests.sm3 and not stored.sm3:
        StoredFile.objects.filter(pk=stored.pk, sm3="").update(sm3=digests.sm3)
    return None if stored.sm3 in ("", digests.sm3) or not digests.sm3 else Fault.CHANGED


def _orphans() -> Iterator[Found]:
    """Files that no row speaks of, or whose row was disposed of.

    What is on its way in has a folder of its own.
    """
    folders = [entry for entry in _entries(files_folder()) if FOLDER.fullmatch(entry.name)]
    for folder in folders:
        entries = _entries(Path(folder.path))
        while names := [entry.name for entry in islice(entries, ROWS_AT_ONCE)]:
            known = StoredFile.objects.filter(sha256__in=names, sha256__startswith=folder.name)
            kept = set(known.filter(disposed_at=None).values_list("sha256", flat=True))
            for name in sorted(set(names) - kept):
                yield Found(Fault.ORPHANED, f"{folder.name}/{name}")


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    if folder.is_dir():
        with os.scandir(folder) as entries:
            yield from entries


def _inside(path: Path) -> str:
    return path.relative_to(files_folder()).as_posix()
