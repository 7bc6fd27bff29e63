"""The store of files: streamed in, hashed on the way, kept once by content."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from plants.models import Plant
from tracker.evidence.digests import Digests
from tracker.evidence.models import ScanState, StoredFile
from tracker.evidence.quota import refuse_over_quota
from tracker.evidence.types import (
    FileRefused,
    FileTooLarge,
    StoreFull,
    is_full,
    media_type_of,
    quoted,
    refuse_name,
)

MEGABYTE = 1024 * 1024


def files_folder() -> Path:
    return Path(settings.FILES_DIR)


def path_of(stored: StoredFile) -> Path:
    """Where the bytes lie: two letters of the hash make the folder."""
    return files_folder() / stored.sha256[:2] / stored.sha256


@dataclass(frozen=True)
class KeptFile:
    """A file in the store, the name that it came under, and the type that the two agree on."""

    stored: StoredFile
    original_name: str
    media_type: str


class IncomingFile:
    """A file on its way in: write the chunks, then ``keep`` it or ``discard`` it.

    Memory stays at one chunk; what goes over ``limit_bytes`` is counted and not written. A full
    disk breaks nothing off: the rest of the form is still read, and ``keep`` refuses.
    """

    def __init__(self, original_name: str, *, limit_bytes: int) -> None:
        self.original_name = original_name
        self.limit_bytes = limit_bytes
        self.size_bytes = 0
        self.is_cut = False
        self._digests = Digests()
        self._file: FileIO | None = None
        self._path: Path | None = None
        with self._cut_where_full():
            incoming = files_folder() / "incoming"
            incoming.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=incoming)
            self._path = Path(name)
            # Nothing is held back that could fail later, when nobody looks.
            self._file = FileIO(handle, "wb")

    def write(self, chunk: bytes) -> None:
        self.size_bytes += len(chunk)
        if self.size_bytes > self.limit_bytes or self._file is None or self.is_cut:
            return
        self._digests.update(chunk)
        rest = memoryview(chunk)
        with self._cut_where_full():
            while rest:
                rest = rest[self._file.write(rest) :]

    def keep_for(self, plant: Plant) -> KeptFile:
        """``keep`` it if the plant has room for it; else ``QuotaExceeded``."""
        refuse_over_quota(plant, sha256=self._digests.sha256, size_bytes=self.size_bytes)
        return self.keep()

    def keep(self, type_of: Callable[[Path, str], str] = media_type_of) -> KeptFile:
        """Put the file into the store; ``FileRefused`` if it is empty, too large or not itself.

        ``type_of`` tells the media type from bytes and name, and refuses what is not taken. What is
        known to hold a virus is refused as well.
        """
        try:
            path = self._flushed()
            refuse_name(self.original_name)
            refuse_size(self.original_name, self.size_bytes, limit_bytes=self.limit_bytes)
            with self._cut_where_full():
                media_type = type_of(path, self.original_name)
                kept = KeptFile(self._stored(path), self.original_name, media_type)
                self._refuse_virus(kept.stored)
                return kept
            raise no_room(self.original_name)
        finally:
            self.discard()

    def discard(self) -> None:
        """Forget what came in; harmless after ``keep``."""
        if self._file is not None:
            self._file.close()
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    def _flushed(self) -> Path:
        """Where the bytes lie: on the disk before a row says that we have them."""
        with self._cut_where_full():
            if self._file is not None:
                os.fsync(self._file.fileno())
                self._file.close()
        if self.is_cut or self._path is None:
            raise no_room(self.original_name)
        return self._path

    @contextmanager
    def _cut_where_full(self) -> Iterator[None]:
        """Note that the disk is full; every other fault goes its way."""
        try:
            yield
        except OSError as fault:
            if not is_full(fault):
                raise
            self.is_cut = True

    def _refuse_virus(self, stored: StoredFile) -> None:
        """Whose the bytes were before is nobody's business here."""
        if stored.is_quarantined:
            raise FileRefused(
                _("%(file)s holds a virus (%(found)s): it is not taken.")
                % {"file": quoted(self.original_name), "found": stored.scan_found}
            )

    def _stored(self, path: Path) -> StoredFile:
        """The row and the bytes, once for each content.

        The bytes are moved behind the row, which nobody sees before they lie there: a database
        that takes no row keeps no file either.
        """
        sha256, sm3 = self._digests.sha256, self._digests.sm3
        stored = StoredFile(sha256=sha256, size_bytes=self.size_bytes, sm3=sm3)
        stored.scan_state = ScanState.WAITING if settings.CLAMD_URL else ScanState.NOT_SCANNED
        with transaction.atomic():
            # The same statements whether the bytes are new or another plant has them already.
            StoredFile.objects.bulk_create([stored], ignore_conflicts=True)
            row = StoredFile.objects.get(sha256=sha256)
            if not row.sm3 and sm3:
                StoredFile.objects.filter(pk=row.pk).update(sm3=sm3)
                row.sm3 = sm3
            if row.disposed_at is not None:  # the same bytes came again, and are there again
                StoredFile.objects.filter(pk=row.pk).update(disposed_at=None)
                row.disposed_at = None
            _move_in(path, row)
        return row


def _move_in(path: Path, stored: StoredFile) -> None:
    target = path_of(stored)
    target.parent.mkdir(parents=True, exist_ok=True)
    path.replace(target)
    target.chmod(0o440)


class ArrivedFile(IncomingFile):
    """A file that came in parts and is whole now: its bytes lie at ``path`` in the store's folder.

    They are read once, for the fingerprints; then it is kept or discarded like any other.
    """

    def __init__(self, original_name: str, *, limit_bytes: int, path: Path) -> None:
        self.original_name = original_name
        self.limit_bytes = limit_bytes
        self.is_cut = False
        self._digests = Digests()
        self._path = path
        self._file = FileIO(path, "rb+")
        while chunk := self._file.read(MEGABYTE):
            self._digests.update(chunk)
        self.size_bytes = self._file.tell()


def no_room(name: str) -> StoreFull:
    """The refusal of a file for which the disk has no room."""
    return StoreFull(
        _(
            "There is no room left on the server: %(file)s was not kept. "
            "Tell your administrator and send it again later."
        )
        % {"file": quoted(name)}
    )


def refuse_size(name: str, size_bytes: int, *, limit_bytes: int) -> None:
    """``FileRefused`` for an empty file, ``FileTooLarge`` for one over the limit of its kind."""
    if size_bytes == 0:
        raise FileRefused(_("%(file)s is empty (0 bytes).") % {"file": quoted(name)})
    if size_bytes > limit_bytes:
        raise FileTooLarge(
            _("%(file)s has %(size)d MB; at most %(limit)d MB are taken.")
            % {
                "file": quoted(name),
                "size": -(-size_bytes // MEGABYTE),
                "limit": limit_bytes // MEGABYTE,
            }
        )
