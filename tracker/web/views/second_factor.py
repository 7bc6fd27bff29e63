"""A second factor: setting it up, ending it, recovery codes, and the step when signing in."""

from typing import Any

from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from plants.models import Membership, Role
from tracker.accounts.factors import NothingToReset, needs_factor, reset_factors
from tracker.accounts.invite import NotYours
from tracker.tasks import nudge_account_mails
from tracker.web.access import PersonRequest, actor_of, find, role_required, signed_in
from tracker.web.forms.second_factor import AppForm, CodeForm, PasswordAgainForm
from tracker.web.second_factor import takes_passkeys


@method_decorator(signed_in, name="dispatch")
class Factors(IndexView):  # type: ignore[misc]
    """What she has, and what there is."""

    template_name = "account/factors/index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown: dict[str, Any] = super().get_context_data(**kwargs)
        codes = shown["authenticators"].get("recovery_codes")
        return {
            **shown,
            "needed": needs_factor(self.request.user),
            "passkeys": takes_passkeys(self.request),
            "codes_left": len(codes.get_unused_codes()) if codes else None,
        }


@method_decorator([never_cache, signed_in], name="dispatch")
class AppSetUp(ActivateTOTPView):  # type: ignore[misc]
    template_name = "account/factors/app.html"
    form_class = AppForm


@method_decorator(signed_in, name="dispatch")
class AppEnd(DeactivateTOTPView):  # type: ignore[misc]
    template_name = "account/factors/app_end.html"


@method_decorator(signed_in, name="dispatch")
class Codes(ViewRecoveryCodesView):  # type: ignore[misc]
    """Shown this once."""

    template_name = "account/factors/codes.html"


@method_decorator(signed_in, name="dispatch")
class CodesNew(GenerateRecoveryCodesView):  # type: ignore[misc]
    template_name = "account/factors/codes_new.html"


class SecondStep(AuthenticateView):  # type: ignore[misc]
    """Between the password and being in."""

    template_name = "account/factors/step.html"
    form_class = CodeForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown: dict[str, Any] = super().get_context_data(**kwargs)
        keys = Authenticator.objects.filter(
            user=self.stage.login.user, type=Authenticator.Type.WEBAUTHN
        )
        return {**shown, "has_passkey": takes_passkeys(self.request) and keys.exists()}


@method_decorator([never_cache, signed_in], name="dispatch")
class PasswordAgain(ReauthenticateView):  # type: ignore[misc]
    """Asked before anything of this is changed: a browser may have been left open."""

    template_name = "account/factors/password.html"
    form_class = PasswordAgainForm


factors = Factors.as_view()
app_set_up = AppSetUp.as_view()
app_end = AppEnd.as_view()
codes = Codes.as_view()
codes_new = CodesNew.as_view()
second_step = SecondStep.as_view()
password_again = PasswordAgain.as_view()


@require_POST
@role_required(Role.ADMINISTRATOR)
def factor_reset(request: PersonRequest, pk: int) -> HttpResponse:
    """For the person of this role, who has lost hers."""
    post = find(Membership.objects.visible_to(request.user).select_related("person"), pk=pk)
    try:
        reset_factors(post.person, by=actor_of(request), at=timezone.now())
    except NotYours as refusal:
        raise PermissionDenied from refusal
    except NothingToReset:
        messages.error(request, _("There is no second factor any more."))
    else:
        nudge_account_mails()
        messages.success(request, _("The second factor is gone; a mail says so."))
    return redirect("role", pk=pk)
