"""The store of files: streamed in, hashed on the way, kept once by content."""

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from tracker.evidence.digests import Digests
from tracker.evidence.models import StoredFile
from tracker.evidence.types import FileRefused, media_type_of, quoted, refuse_name

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

    Memory stays at one chunk; what goes over ``limit_bytes`` is counted and not written.
    """

    def __init__(self, original_name: str, *, limit_bytes: int) -> None:
        self.original_name = original_name
        self.limit_bytes = limit_bytes
        self.size_bytes = 0
        self._digests = Digests()
        incoming = files_folder() / "incoming"
        incoming.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=incoming)
        self._file: BinaryIO = os.fdopen(handle, "wb")
        self._path = Path(name)

    def write(self, chunk: bytes) -> None:
        self.size_bytes += len(chunk)
        if self.size_bytes > self.limit_bytes:
            return
        self._digests.update(chunk)
        self._file.write(chunk)

    def keep(self, type_of: Callable[[Path, str], str] = media_type_of) -> KeptFile:
        """Put the file into the store; ``FileRefused`` if it is empty, too large or not itself.

        ``type_of`` tells the media type from bytes and name, and refuses what is not taken.
        """
        try:
            self._flush()
            refuse_name(self.original_name)
            self._refuse_wrong_size()
            media_type = type_of(self._path, self.original_name)
            return KeptFile(self._stored(), self.original_name, media_type)
        finally:
            self.discard()

    def discard(self) -> None:
        """Forget what came in; harmless after ``keep``."""
        self._file.close()
        self._path.unlink(missing_ok=True)

    def _flush(self) -> None:
        """The bytes are on the disk before a row says that we have them."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def _refuse_wrong_size(self) -> None:
        if self.size_bytes == 0:
            raise FileRefused(
                _("%(file)s is empty (0 bytes).") % {"file": quoted(self.original_name)}
            )
        if self.size_bytes > self.limit_bytes:
            raise FileRefused(
                _("%(file)s has %(size)d MB; at most %(limit)d MB are taken.")
                % {
                    "file": quoted(self.original_name),
                    "size": -(-self.size_bytes // MEGABYTE),
                    "limit": self.limit_bytes // MEGABYTE,
                }
            )

    def _stored(self) -> StoredFile:
        """The row and the bytes, once for each content; the file is moved before the row exists."""
        sha256, sm3 = self._digests.sha256, self._digests.sm3
        stored = StoredFile(sha256=sha256, size_bytes=self.size_bytes)
        target = path_of(stored)
        target.parent.mkdir(parents=True, exist_ok=True)
        self._path.replace(target)
        target.chmod(0o440)
        stored.sm3 = sm3
        # The same statements whether the bytes are new or another plant has them already.
        StoredFile.objects.bulk_create([stored], ignore_conflicts=True)
        row = StoredFile.objects.get(sha256=sha256)
        if not row.sm3 and sm3:
            StoredFile.objects.filter(pk=row.pk).update(sm3=sm3)
            row.sm3 = sm3
        return row
