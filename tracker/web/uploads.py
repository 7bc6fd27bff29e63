"""Uploads come in as a stream: hashed and written in chunks, their names kept to the letter."""

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import multipartparser

from tracker.evidence.store import IncomingFile
from tracker.evidence.types import StoreFull, limit_bytes_of

NO_ROOM = 507

# Django allows 1024 bytes for a part's headers; 300 Chinese characters take 900 of them.
multipartparser.MAX_TOTAL_HEADER_SIZE = 8192  # type: ignore[attr-defined]


def _last_part(_parser: object, file_name: str) -> str | None:
    """The name without the folders that old browsers send with it, else to the letter.

    Django takes out what can't be seen and what looks like HTML, and so gives the file another
    name. Here a name that can't be kept is refused, with the reason.
    """
    return file_name.rsplit("/", 1)[-1].rsplit("\\", 1)[-1] or None


multipartparser.MultiPartParser.sanitize_file_name = _last_part  # type: ignore[assignment]


class ReceivedFile(UploadedFile):  # type: ignore[type-arg]
    """One file of a form. ``incoming`` is what the evidence room keeps; the rest is for forms.

    Django cuts names at 255 characters and fails at “..”; ``original_name`` is as it was sent.
    """

    def __init__(
        self, incoming: IncomingFile, *, field_name: str | None, content_type: str
    ) -> None:
        super().__init__(
            None,
            name="upload",
            content_type=content_type,
            size=incoming.size_bytes,
        )
        self.incoming = incoming
        self.original_name = incoming.original_name
        self.field_name = field_name

    def close(self) -> None:
        """The request is over: what was not kept goes."""
        self.incoming.discard()


def status_of(refusal: Exception) -> int:
    """507 where the disk is full: not the sender's fault; else 422."""
    return NO_ROOM if isinstance(refusal, StoreFull) else 422


class StreamingUploadHandler(FileUploadHandler):
    """Writes each file into the store's incoming folder as it arrives."""

    def new_file(self, *args: object, **kwargs: object) -> None:
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        name = self.file_name or ""
        self.incoming = IncomingFile(name, limit_bytes=limit_bytes_of(name))

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.incoming.write(raw_data)

    def file_complete(self, file_size: int) -> ReceivedFile:
        return ReceivedFile(
            self.incoming,
            field_name=self.field_name,
            content_type=self.content_type or "application/octet-stream",
        )

    def upload_interrupted(self) -> None:
        if hasattr(self, "incoming"):
            self.incoming.discard()
