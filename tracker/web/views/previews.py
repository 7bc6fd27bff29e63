"""A file shown in a page of ours, and the pages of a PDF as pictures."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from tracker.evidence.models import Evidence
from tracker.evidence.store import path_of
from tracker.evidence.text import count_pages
from tracker.web.access import PersonRequest, find, signed_in
from tracker.web.previews import Preview, draw_page, kind_of, record_opened, tell_to

# Nothing of a file may act in our page, which therefore has no script of ours either.
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PICTURE_POLICY = "default-src 'none'; sandbox"
PICTURE_LASTS = 24 * 3600


@require_safe
@signed_in
def evidence_preview(request: PersonRequest, pk: int) -> HttpResponse:
    """What can be shown of the file; with ``?page=`` one page of a PDF as a picture."""
    seen = Evidence.objects.visible_to(request.user).select_related("stored", "plant")
    evidence = find(seen, pk=pk)
    kind = kind_of(evidence)
    pages = count_pages(path_of(evidence.stored)) if kind == "pdf" else 0
    asked = request.GET.get("page", "")
    page = int(asked) if asked.isdecimal() and len(asked) < 6 else 1
    preview = Preview(
        evidence, kind, tell_to(request, evidence), min(max(page, 1), max(pages, 1)), pages
    )
    context = {"file": evidence, "preview": preview, "as_pictures": bool(asked)}
    response = render(request, "files/preview.html", context)
    response["Content-Security-Policy"] = PAGE_POLICY
    return response


@require_safe
@signed_in
def evidence_page(request: PersonRequest, pk: int, number: int) -> HttpResponse:
    """One page of a PDF as a picture, for browsers without a viewer."""
    seen = Evidence.objects.visible_to(request.user).select_related("stored", "plant")
    evidence = find(seen, pk=pk)
    picture = draw_page(evidence, number)
    if picture is None:
        raise Http404
    record_opened(request, evidence, page=number)
    response = HttpResponse(picture, content_type="image/png")
    response["Content-Security-Policy"] = PICTURE_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    # The same bytes for ever, but only for who may see them.
    patch_cache_control(response, private=True, max_age=PICTURE_LASTS, immutable=True)
    return response
