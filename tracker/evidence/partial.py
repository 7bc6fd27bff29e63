"""Uploads in parts: begun, added to, broken off and taken up again, finished or forgotten."""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import FileIO
from pathlib import Path

from django.conf import settings
from django.db import transaction

from tracker import audit
from tracker.evidence.attach import OwnDates, attach_evidence, refuse_answer
from tracker.evidence.models import Attachment, UnfinishedUpload
from tracker.evidence.quota import lock_quota, promised_bytes, refuse_over_quota
from tracker.evidence.store import ArrivedFile, files_folder, no_room, refuse_size
from tracker.evidence.types import is_full, limit_bytes_of, refuse_name
from tracker.obligations.models import Obligation

MOST_OF_A_PERSON = 20


class OffsetMismatch(Exception):
    """The bytes don't follow on what is there: it was less or more, or another request writes."""


class PartTooLong(Exception):
    """More bytes than the upload was begun with."""


class UploadGone(Exception):
    """It was cancelled, refused or forgotten meanwhile."""


class UploadBusy(Exception):
    """Another request is just finishing it."""


def begin_upload(
    *,
    obligation: Obligation,
    name: str,
    size_bytes: int,
    dates: OwnDates,
    by: audit.Actor,
    at: datetime,
) -> UnfinishedUpload:
    """Promise a place to a file, after all that can be said before its first byte.

    ``AnswerRefused`` or ``FileRefused`` say why not. A person's uploads beyond the newest twenty
    are forgotten.
    """
    person = refuse_answer(by, obligation, dates)
    refuse_name(name)
    refuse_size(name, size_bytes, limit_bytes=limit_bytes_of(name))
    with transaction.atomic():
        plant = obligation.plant
        lock_quota(plant)
        promised = promised_bytes(plant, at=at)
        refuse_over_quota(plant, sha256="", size_bytes=size_bytes, promised=promised)
        upload = UnfinishedUpload.objects.create(
            person=person,
            obligation=obligation,
            original_name=name,
            size_bytes=size_bytes,
            ends_at=_end_from(at),
            **vars(dates),
        )
    own = UnfinishedUpload.objects.filter(person=person, attachment=None).order_by("-pk")
    for older in own[MOST_OF_A_PERSON:]:
        forget_upload(older)
    return upload


def offset_of(upload: UnfinishedUpload) -> int:
    """How many of its bytes are there."""
    if upload.attachment_id is not None:
        return upload.size_bytes
    try:
        return _path_of(upload).stat().st_size
    except FileNotFoundError:
        return 0


def add_part(
    *, upload: UnfinishedUpload, offset: int, chunks: Iterable[bytes], at: datetime
) -> int:
    """Write what comes behind ``offset``; how many bytes are there then.

    Each chunk is written only where the file ends there, under a lock on the file: of two requests
    at once the first goes on, the other is told ``OffsetMismatch``, and one that hangs on a dead
    connection blocks nobody. ``StoreFull`` on a full disk; what was written stays.
    """
    if offset != offset_of(upload):
        raise OffsetMismatch
    if upload.attachment_id is not None:
        return offset
    UnfinishedUpload.objects.filter(pk=upload.pk).update(ends_at=_end_from(at))
    try:
        with _opened(upload) as part:
            for chunk in chunks:
                if offset + len(chunk) > upload.size_bytes:
                    raise PartTooLong
                _write(part, offset, chunk)
                offset += len(chunk)
    except OSError as fault:
        if is_full(fault):
            raise no_room(upload.original_name) from fault
        raise
    return offset


def finish_upload(*, upload: UnfinishedUpload, by: audit.Actor, at: datetime) -> Attachment:
    """Look the whole file through, keep it and lay it to its obligation, as if it came at once.

    Where it is refused nothing of it stays; ``FileRefused`` and ``AnswerRefused`` say why.
    """
    path = _path_of(upload)
    with _taken(path):
        fresh = UnfinishedUpload.objects.filter(pk=upload.pk).select_related("attachment").first()
        if fresh is None:
            raise UploadGone
        if fresh.attachment is not None:
            return fresh.attachment
        try:
            attachment = _keep(upload, path, by=by, at=at)
        except Exception:
            forget_upload(upload)
            raise
        UnfinishedUpload.objects.filter(pk=upload.pk).update(attachment=attachment)
    return attachment


def forget_upload(upload: UnfinishedUpload) -> None:
    """Nothing of it stays; what was laid to the obligation already does."""
    UnfinishedUpload.objects.filter(pk=upload.pk).delete()
    _path_of(upload).unlink(missing_ok=True)


def sweep_uploads(*, now: datetime) -> int:
    """Forget what nobody took up again, and what requests that broke off left; how many files."""
    swept = 0
    for upload in UnfinishedUpload.objects.filter(ends_at__lte=now).order_by("pk"):
        forget_upload(upload)
        swept += 1
    oldest = (now - _kept_for()).timestamp()
    for path in (files_folder() / "incoming").glob("*"):
        try:
            if path.stat().st_mtime < oldest:
                path.unlink()
                swept += 1
        except FileNotFoundError:
            continue
    return swept


def _keep(upload: UnfinishedUpload, path: Path, *, by: audit.Actor, at: datetime) -> Attachment:
    obligation, name = upload.obligation, upload.original_name
    arrived = ArrivedFile(name, limit_bytes=limit_bytes_of(name), path=path)
    try:
        return attach_evidence(
            obligation=obligation,
            file=arrived.keep_for(obligation.plant),
            document_on=upload.document_on,
            dates=OwnDates(
                upload.document_on, upload.covers_from_on, upload.covers_to_on, upload.expires_on
            ),
            by=by,
            at=at,
        )
    finally:
        arrived.discard()


def _path_of(upload: UnfinishedUpload) -> Path:
    return files_folder() / "incoming" / f"part-{upload.token.hex}"


def _kept_for() -> timedelta:
    return timedelta(hours=settings.UNFINISHED_UPLOAD_HOURS)


def _end_from(at: datetime) -> datetime:
    return at + _kept_for()


@contextmanager
def _opened(upload: UnfinishedUpload) -> Iterator[FileIO]:
    path = _path_of(upload)
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileIO(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "ab") as part:
        yield part


def _write(part: FileIO, offset: int, chunk: bytes) -> None:
    """Append the chunk, if the file still ends where it should."""
    fcntl.flock(part, fcntl.LOCK_EX)
    try:
        if os.fstat(part.fileno()).st_size != offset:
            raise OffsetMismatch
        rest = memoryview(chunk)
        while rest:
            rest = rest[part.write(rest) :]
    finally:
        fcntl.flock(part, fcntl.LOCK_UN)


@contextmanager
def _taken(path: Path) -> Iterator[None]:
    """One request at a time finishes an upload; a process that dies lets go of it."""
    try:
        lock = path.open("rb")
    except FileNotFoundError as missing:
        raise UploadGone from missing
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise UploadBusy from taken
        yield
