"""Signing in and out as the trail tells it: Django says so whichever page let the person in.

Second factors likewise, by what allauth says of them.
"""

from typing import Any

from allauth.mfa import signals
from allauth.mfa.models import Authenticator
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
    signals.authentication_failed.connect(_tell_wrong_code, dispatch_uid="trail-wrong-code")
    signals.authenticator_added.connect(_tell_added, dispatch_uid="trail-factor-added")
    signals.authenticator_removed.connect(_tell_removed, dispatch_uid="trail-factor-removed")
    signals.authenticator_reset.connect(_tell_codes, dispatch_uid="trail-new-codes")


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


def _tell_wrong_code(request: HttpRequest, user: Person, **_: Any) -> None:
    by = Actor(None, _from(request))
    record(by=by, at=timezone.now(), verb=Verb.FAILED_SIGN_IN, thing=user)


def _tell_added(request: HttpRequest, user: Person, authenticator: Authenticator, **_: Any) -> None:
    _tell_factor(Verb.ADDED_FACTOR, request, user, authenticator)


def _tell_removed(
    request: HttpRequest, user: Person, authenticator: Authenticator, **_: Any
) -> None:
    _tell_factor(Verb.ENDED_FACTOR, request, user, authenticator)


def _tell_codes(request: HttpRequest, user: Person, **_: Any) -> None:
    by = Actor(user, _from(request))
    record(by=by, at=timezone.now(), verb=Verb.NEW_CODES, thing=user)


def _tell_factor(
    verb: Verb, request: HttpRequest, user: Person, authenticator: Authenticator
) -> None:
    """Recovery codes come and go with the factor; they are told only when they are made anew."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        by = Actor(user, _from(request))
        after = {"type": authenticator.type}
        record(by=by, at=timezone.now(), verb=verb, thing=user, after=after)


def _from(request: HttpRequest | None) -> str:
    return address_of(request) if request is not None else UNKNOWN
