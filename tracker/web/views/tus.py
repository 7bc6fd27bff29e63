"""Uploads that are taken up again where they broke off: tus 1.0, a door to ``evidence.partial``.

https://tus.io/protocols/resumable-upload: core, creation, termination, expiration.
"""

from base64 import b64decode
from collections.abc import Callable, Iterator
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseNotAllowed, UnreadablePostError
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tracker.evidence.attach import AnswerRefused, why_not_answer
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
from tracker.evidence.types import FileRefused, FileTooLarge
from tracker.tasks import nudge_after_files
from tracker.web.access import PersonRequest, actor_of, find, signed_in
from tracker.web.forms.evidence import UploadForm, first_fault
from tracker.web.htmx import tell
from tracker.web.uploads import status_of
from tracker.web.views.desk import read_desk
from tracker.web.views.evidence import answerable, hints_of

VERSION = "1.0.0"
EXTENSIONS = "creation,termination,expiration"
CONTENT = "application/offset+octet-stream"
CHUNK_BYTES = 256 * 1024


@require_http_methods(["OPTIONS", "POST"])
@signed_in
def upload_begin(request: PersonRequest, pk: int) -> HttpResponse:
    """Begin an upload to an obligation; the answer names the address of its parts."""
    shown = answerable(request, pk)
    if request.method == "OPTIONS":
        return _said(
            204,
            **{
                "Tus-Version": VERSION,
                "Tus-Extension": EXTENSIONS,
                "Tus-Max-Size": settings.VIDEO_LIMIT_BYTES,
            },
        )
    size, about = _count_of(request, "Upload-Length"), _metadata_of(request)
    if not _speaks(request):
        return _said(412, **{"Tus-Version": VERSION})
    if size is None or about is None:
        return _not_understood(request)
    form = UploadForm(about)
    if not form.is_valid():
        return tell(request, first_fault(form), status=422)
    try:
        begun = begin_upload(
            obligation=shown,
            name=about.get("filename", ""),
            size_bytes=size,
            dates=form.dates(),
            by=actor_of(request),
            at=timezone.now(),
        )
    except (AnswerRefused, FileRefused) as refusal:
        return tell(request, str(refusal), status=_status_of(refusal))
    return _said(201, Location=reverse("upload", args=[begun.token]), **_end_of(begun))


@require_http_methods(["OPTIONS", "HEAD", "GET", "PATCH", "DELETE", "POST"])
@signed_in
def upload(request: PersonRequest, token: UUID) -> HttpResponse:
    """One upload: how far it is, its next part, its end, and with GET what it led to."""
    own = UnfinishedUpload.objects.visible_to(request.user)
    found = find(own.select_related("obligation__plant", "attachment__evidence"), token=token)
    if not request.user.answers_for(found.obligation.plant):
        raise PermissionDenied(why_not_answer(request.user, found.obligation))
    if found.ends_at <= timezone.now():
        sentence = _("The upload was broken off too long ago. Send the file again.")
        return tell(request, sentence, status=410)
    method = _method_of(request)
    if method == "GET":
        return _result(request, found)
    if method not in DEEDS:
        return HttpResponseNotAllowed(["OPTIONS", "HEAD", "GET", *DEEDS])
    if not _speaks(request):
        return _said(412, **{"Tus-Version": VERSION})
    return DEEDS[method](request, found)


def _head(_request: PersonRequest, found: UnfinishedUpload) -> HttpResponse:
    """How many bytes are there; no cache may remember it."""
    return _said(
        200,
        **{"Upload-Length": found.size_bytes, "Cache-Control": "no-store"},
        **_reached(found, offset_of(found)),
    )


def _patch(request: PersonRequest, found: UnfinishedUpload) -> HttpResponse:
    """Take the next bytes; with the last of them the file is looked through and laid there."""
    offset, at = _count_of(request, "Upload-Offset"), timezone.now()
    if request.content_type != CONTENT:
        return _said(415)
    if offset is None:
        return _not_understood(request)
    try:
        reached = add_part(upload=found, offset=offset, chunks=_chunks_of(request), at=at)
        if reached == found.size_bytes and found.attachment is None:
            finish_upload(upload=found, by=actor_of(request), at=timezone.now())
            nudge_after_files()
    except (AnswerRefused, FileRefused) as refusal:
        return tell(request, str(refusal), status=_status_of(refusal))
    except OffsetMismatch:
        return _said(409)
    except UploadBusy:
        return _said(423)
    except PartTooLong:
        return _said(413)
    except UploadGone:
        return _said(410)
    found.refresh_from_db(fields=["ends_at"])
    return _said(204, **_reached(found, reached))


def _delete(_request: PersonRequest, found: UnfinishedUpload) -> HttpResponse:
    forget_upload(found)
    return _said(204)


def _options(_request: PersonRequest, _found: UnfinishedUpload) -> HttpResponse:
    return _said(204, **{"Tus-Version": VERSION, "Tus-Extension": EXTENSIONS})


DEEDS: dict[str, Callable[[PersonRequest, UnfinishedUpload], HttpResponse]] = {
    "HEAD": _head,
    "PATCH": _patch,
    "DELETE": _delete,
    "OPTIONS": _options,
}


def _result(request: PersonRequest, found: UnfinishedUpload) -> HttpResponse:
    """What lies at the obligation now: the same fragment as after a form."""
    if found.attachment is None:
        return tell(request, _("The file has not come as a whole yet."), status=409)
    shown = answerable(request, found.obligation_id)
    context = {
        "desk": read_desk(request.user, shown),
        "obligation": shown,
        "hints": hints_of(found.attachment),
    }
    return render(request, "obligations/_uploaded.html", context)


def _method_of(request: PersonRequest) -> str:
    """Some proxies let nothing but GET and POST pass; a GET never becomes a deed."""
    method = request.method or ""
    if method == "POST":
        return request.headers.get("X-HTTP-Method-Override", "POST").upper()
    return method


def _speaks(request: PersonRequest) -> bool:
    return request.headers.get("Tus-Resumable") == VERSION or request.method == "OPTIONS"


def _chunks_of(request: PersonRequest) -> Iterator[bytes]:
    """What comes, as far as it comes: a connection that broke is the end of a part, no fault."""
    try:
        while chunk := request.read(CHUNK_BYTES):
            yield chunk
    except UnreadablePostError:
        return


def _count_of(request: PersonRequest, header: str) -> int | None:
    given = request.headers.get(header, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 16 else None


def _metadata_of(request: PersonRequest) -> dict[str, str] | None:
    """What the sender says of the file; None where it can't be read."""
    told: dict[str, str] = {}
    try:
        for pair in filter(None, request.headers.get("Upload-Metadata", "").split(",")):
            key, _space, value = pair.strip().partition(" ")
            told[key] = b64decode(value, validate=True).decode()
    except ValueError:
        return None
    return told


def _said(status: int, **headers: object) -> HttpResponse:
    response = HttpResponse(status=status, headers={k: str(v) for k, v in headers.items()})
    response["Tus-Resumable"] = VERSION
    return response


def _reached(found: UnfinishedUpload, offset: int) -> dict[str, object]:
    return {"Upload-Offset": offset, **_end_of(found)}


def _end_of(found: UnfinishedUpload) -> dict[str, object]:
    return {"Upload-Expires": http_date(found.ends_at.timestamp())}


def _not_understood(request: PersonRequest) -> HttpResponse:
    sentence = _("This request couldn't be understood; nothing was changed.")
    return tell(request, sentence, status=400)


def _status_of(refusal: Exception) -> int:
    return 413 if isinstance(refusal, FileTooLarge) else status_of(refusal)
