"""The language that a browser is spoken to in, kept in its cookie."""

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation


def remember_language(response: HttpResponse, wanted: str) -> None:
    """From this answer on."""
    translation.activate(wanted)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        wanted,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
