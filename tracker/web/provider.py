"""What signing in at a provider may do here: let in who is invited, and say why not otherwise."""

import logging
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.accounts.identities import (
    Closed,
    Identity,
    LinkedOtherwise,
    NotInvited,
    NotLetIn,
    NotVouchedFor,
    recognise,
)
from tracker.web.access import address_of
from tracker.web.openid import Provider

logger = logging.getLogger(__name__)

REASONS: dict[type[NotLetIn], Promise] = {
    NotVouchedFor: gettext_lazy(
        "The sign-in service hasn't made sure of your e-mail address. "
        "Have it confirmed there, or sign in with your password here."
    ),
    NotInvited: gettext_lazy(
        "Nobody here has the e-mail address that the sign-in service gives for you. "
        "Ask your administrator for an invitation."
    ),
    Closed: gettext_lazy("This account is closed. Ask your administrator."),
    LinkedOtherwise: gettext_lazy(
        "Your account is linked to another identity at the sign-in service. "
        "An administrator can end that link."
    ),
}
SILENT = gettext_lazy(
    "The sign-in service can't be reached, or doesn't answer as it should. "
    "Try again later, or sign in with your password here."
)
REFUSED_THERE = gettext_lazy("The sign-in service let you go without signing you in.")
TOO_LATE = gettext_lazy(
    "This sign-in took too long, or was begun in another browser. Please begin anew."
)


def provider_name() -> str:
    """What the button calls it; nothing where there is none."""
    if not settings.OIDC_ISSUER:
        return ""
    return settings.OIDC_NAME or _("your work account")


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """One provider, that of the settings; allauth's own table of providers counts nothing."""

    def get_provider(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> Provider:
        return Provider(request, app=_app())

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        return [_app()] if settings.OIDC_ISSUER else []

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Nobody signs herself up: people are invited."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """The provider has vouched for her; here it is seen whether she may come in."""
        address = next(iter(sociallogin.email_addresses), None)
        identity = Identity(
            issuer=sociallogin.account.provider,
            subject=sociallogin.account.uid,
            email=address.email if address is not None else "",
            vouched=address is not None and address.verified,
        )
        try:
            link = recognise(identity, origin=address_of(request), at=timezone.now())
        except NotLetIn as refusal:
            raise ImmediateHttpResponse(_refuse(request, refusal)) from refusal
        sociallogin.account, sociallogin.user = link, link.user

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Provider,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Said on the sign-in page."""
        if error == AuthError.CANCELLED:
            answer = send_back(request, REFUSED_THERE)
        elif (extra_context or {}).get("state"):
            answer = tell_silence(request, exception)
        else:
            answer = send_back(request, TOO_LATE)
        raise ImmediateHttpResponse(answer)


def tell_silence(request: HttpRequest, fault: Exception | None) -> HttpResponse:
    """She reads that it doesn't work; the log has why."""
    logger.warning("The provider of OIDC_ISSUER fails: %.300r", fault)
    return send_back(request, SILENT)


def send_back(request: HttpRequest, sentence: str | Promise) -> HttpResponse:
    messages.error(request, str(sentence))
    return redirect("sign-in")


def _refuse(request: HttpRequest, refusal: NotLetIn) -> HttpResponse:
    if refusal.person is not None:
        credentials = {"email": refusal.person.email}
        user_login_failed.send(sender=__name__, credentials=credentials, request=request)
    return send_back(request, REASONS[type(refusal)])


def _app() -> SocialApp:
    """Named by its issuer, so that identities of another one are others' identities."""
    return SocialApp(
        provider=Provider.id,
        provider_id=settings.OIDC_ISSUER,
        name=settings.OIDC_NAME,
        client_id=settings.OIDC_CLIENT_ID,
        secret=settings.OIDC_CLIENT_SECRET,
        settings={"server_url": settings.OIDC_ISSUER},
    )
