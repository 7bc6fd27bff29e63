"""Signing in at a provider of OpenID Connect: the way there, and back."""

from typing import cast

from allauth.core import ratelimit
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tracker.web.openid import NO_ANSWER, Conversation
from tracker.web.provider import tell_silence


@never_cache
def provider_sign_in(request: HttpRequest) -> HttpResponse:
    """A page that leads on; a form that answered with a redirect would be stopped on the way.

    Its address opened by itself begins nothing.
    """
    _must_be_there()
    if request.method != "POST":
        return redirect("sign-in")
    if (too_many := ratelimit.consume_or_429(request, action="login")) is not None:
        return cast(HttpResponse, too_many)
    provider = get_adapter(request).get_provider(request, settings.OIDC_ISSUER)
    try:
        there = provider.redirect_from_request(request)
    except NO_ANSWER as fault:
        return tell_silence(request, fault)
    return render(request, "account/provider.html", {"address": there.url})


@never_cache
@require_safe
def provider_back(request: HttpRequest) -> HttpResponse:
    """Where the provider sends her; all that may go wrong is said on the sign-in page."""
    _must_be_there()
    try:
        answer: HttpResponse = OAuth2CallbackView.adapter_view(Conversation(request))(request)
    except NO_ANSWER as fault:
        return tell_silence(request, fault)
    return answer


def _must_be_there() -> None:
    if not settings.OIDC_ISSUER:
        raise Http404
