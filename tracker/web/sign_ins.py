"""Signing in and out as the trail tells it: Django says so whichever page let the person in."""

from typing import Any

from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.http import HttpRequest
from django.utils import timezone

from plants.models import Person
from tracker.audit import Actor, Verb, record
from tracker.web.access import address_of

UNKNOWN = "?"
# What the address is called by the sign-in page, and by whoever asks Django itself.
TYPED = ("email", "login", "username")


def connect() -> None:
    user_logged_out.connect(_tell_sign_out, dispatch_uid="trail-sign-out")
    user_login_failed.connect(_tell_failure, dispatch_uid="trail-sign-in-failure")


def _tell_sign_out(request: HttpRequest | None, user: object, **_: Any) -> None:
    if isinstance(user, Person):
        by = Actor(user, _from(request))
        record(by=by, at=timezone.now(), verb=Verb.SIGNED_OUT, thing=user)


def _tell_failure(
    credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any
) -> None:
    """On the chain of the person whose address was typed; an address of nobody tells nothing."""
    typed = next((credentials[key] for key in TYPED if credentials.get(key)), "")
    person = Person.objects.filter(email=str(typed).strip().lower()).first()
    if person is not None:
        by = Actor(None, _from(request))
        record(by=by, at=timezone.now(), verb=Verb.FAILED_SIGN_IN, thing=person)


def _from(request: HttpRequest | None) -> str:
    return address_of(request) if request is not None else UNKNOWN
