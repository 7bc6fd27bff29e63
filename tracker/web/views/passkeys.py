"""Passkeys: adding one, ending one, and signing in with one in place of address and password."""

from typing import Any

from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.internal.auth import begin_authentication
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from allauth.mfa.webauthn.views import AddWebAuthnView, LoginWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from tracker.web.access import signed_in
from tracker.web.forms.second_factor import PasskeyForm


@method_decorator([never_cache, signed_in], name="dispatch")
class PasskeyAdd(AddWebAuthnView):  # type: ignore[misc]
    template_name = "account/factors/passkey.html"
    form_class = PasskeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """allauth's own leaves out the form that was wrong."""
        shown: dict[str, Any] = super().get_context_data(**kwargs)
        return {**shown, **kwargs}


@method_decorator(signed_in, name="dispatch")
class PasskeyEnd(RemoveWebAuthnView):  # type: ignore[misc]
    template_name = "account/factors/passkey_end.html"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        """Not the last factor of somebody who needs one; allauth asks that of apps only."""
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            refusal = adapter.error_messages["cannot_delete_authenticator"]
            messages.error(self.request, str(refusal))
            return redirect("mfa_index")
        answer: HttpResponse = super().form_valid(form)
        return answer


@method_decorator(never_cache, name="dispatch")
class PasskeySignIn(LoginWebAuthnView):  # type: ignore[misc]
    """The script asks for a challenge first, and sends what the browser made of it."""

    form_class = LoginWebAuthnView.form_class

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({"request_options": begin_authentication()})
        return redirect("sign-in")

    def form_valid(self, form: Any) -> HttpResponse:
        """On to ``next`` as after the password."""
        key = form.cleaned_data["credential"]
        login = Login(user=key.user, redirect_url=get_next_redirect_url(self.request))
        answer: HttpResponse = perform_passwordless_login(self.request, key, login)
        return answer


passkey_add = PasskeyAdd.as_view()
passkey_end = PasskeyEnd.as_view()
passkey_sign_in = PasskeySignIn.as_view()
