"""What allauth's second factors may do here, and the door that asks for one."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from plants.models import Person
from tracker.accounts.factors import FACTORS, has_factor, needs_factor
from tracker.accounts.vault import lock, unlock

# What is open to who has to set one up first.
WAY_THERE = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "account_reauthenticate",
        "sign-out",
        "language",
        "healthz",
    }
)
Answer = Callable[[HttpRequest], HttpResponse]


def takes_passkeys(request: HttpRequest) -> bool:
    """Browsers give them to secure addresses only, and for trying out to localhost.

    Behind a proxy that isn't declared a request looks open; the site's own address is believed.
    """
    secure = request.is_secure() or settings.SITE_URL.startswith("https://")
    return secure or request.get_host().partition(":")[0] == "localhost"


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _(
            "Your role needs a second factor: set up another one before you end this."
        ),
        "cannot_generate_recovery_codes": _("Set up a second factor first."),
        "incorrect_code": _("This code isn't right, was used already, or has run out."),
    }

    def encrypt(self, text: str) -> str:
        return lock(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unlock(encrypted_text)

    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:
        there = Authenticator.objects.filter(user=user, type=type).count()
        return gettext("Passkey %(number)d") % {"number": there + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """What the browser's window calls this site."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": settings.MFA_TOTP_ISSUER}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of somebody who needs it."""
        others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS)
        return not needs_factor(authenticator.user) or others.exclude(pk=authenticator.pk).exists()


class AskForFactor:
    """Middleware: who needs a second factor and has none is led to where it is set up."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """None lets the request through."""
        person, match = request.user, request.resolver_match
        if not settings.SECOND_FACTOR_FOR or not isinstance(person, Person):
            return None
        if match is not None and match.view_name in WAY_THERE:
            return None
        if not needs_factor(person) or has_factor(person):
            return None
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(headers={"HX-Redirect": reverse("mfa_index")})
        return redirect("mfa_index")
