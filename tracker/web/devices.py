"""Browsers as people know them, and whether somebody has signed in with this one before."""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from plants.models import Person

COOKIE = "known_to"
SALT = "known browser"
LASTS = 365 * 24 * 3600
MOST = 10

# The first that is found in the header; most browsers name others as well.
BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def name_of(user_agent: str) -> str:
    """``Edge · Windows``; the start of the header where it tells neither."""
    words = [
        next((word for mark, word in table if mark in user_agent), "")
        for table in (BROWSERS, SYSTEMS)
    ]
    return " · ".join(filter(None, words)) or user_agent[:40] or "?"


def is_known(request: HttpRequest, person: Person) -> bool:
    """Whether she has signed in with this browser within a year."""
    return person.pk in _known(request)


def remember_browser(request: HttpRequest, response: HttpResponse, person: Person) -> None:
    """Several people may share it; the last few of them are known to it."""
    known = [person.pk, *(pk for pk in _known(request) if pk != person.pk)][:MOST]
    response.set_cookie(
        COOKIE,
        signing.dumps(known, salt=SALT),
        max_age=LASTS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _known(request: HttpRequest) -> list[int]:
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return []
    return list(found)
