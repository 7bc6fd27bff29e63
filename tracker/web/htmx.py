"""A page or its fragment: one place decides, and says so to caches."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails


def wants_fragment(request: HttpRequest) -> bool:
    """True for htmx, unless it wants a whole page for its history."""
    htmx = getattr(request, "htmx", None)
    return isinstance(htmx, HtmxDetails) and bool(htmx) and not htmx.history_restore_request


def answer(
    request: HttpRequest,
    page: str,
    context: Mapping[str, object],
    *,
    fragment: str = "",
    status: int = 200,
) -> HttpResponse:
    """Renders the page, or the named fragment of it where htmx asked."""
    name = fragment if fragment and wants_fragment(request) else page
    response = render(request, name, dict(context), status=status)
    if fragment:
        patch_vary_headers(response, ["HX-Request"])
    return response


def tell(request: HttpRequest, sentence: str, *, status: int) -> HttpResponse:
    """A refusal: a page of its own, or for htmx a note above what stands there already."""
    context = {"sentence": sentence, "status": status, "tone": "error"}
    response = answer(
        request, "errors/refused.html", context, fragment="errors/_note.html", status=status
    )
    if wants_fragment(request):
        response["HX-Retarget"], response["HX-Reswap"] = "#notes", "innerHTML"
    return response
