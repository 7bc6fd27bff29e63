"""A file out of the store: to keep, or in the page where that is harmless."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase

from tracker.evidence.models import StoredFile
from tracker.evidence.quarantine import Quarantined, open_stored
from tracker.web.htmx import tell

# What a page may show by itself, each under a policy that lets nothing in it act.
_PICTURE = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"
SHOWN = {
    "image/png": _PICTURE,
    "image/jpeg": _PICTURE,
    # A browser's PDF viewer does not open in a sandbox.
    "application/pdf": "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'",
}


def send_file(
    request: HttpRequest, stored: StoredFile, name: str, media_type: str
) -> HttpResponseBase:
    """The bytes under the name that they came with; with ``?show`` in the page, if harmless.

    Of a file with a virus in it a sentence instead, with 403.
    """
    policy = SHOWN.get(media_type) if "show" in request.GET else None
    try:
        content = open_stored(stored)
    except Quarantined as refusal:
        return tell(request, str(refusal), status=403)
    except FileNotFoundError as missing:
        raise Http404 from missing
    response = FileResponse(
        content, as_attachment=policy is None, filename=name, content_type=media_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    response["Content-Security-Policy"] = policy or "default-src 'none'; sandbox"
    if policy is not None:
        response["X-Frame-Options"] = "SAMEORIGIN"
    return response
