"""A mail's own page, for the frame in ours."""

from django.http import HttpResponse

# A mail brings its own styles and nothing else may act in it.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


def show_mail(html: str) -> HttpResponse:
    """The HTML as its reader sees it; it runs nothing, and only a page of ours may frame it."""
    response = HttpResponse(html)
    response["Content-Security-Policy"] = _POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response
