"""A new password: by the one who is signed in, or by a link that comes by e-mail."""

from typing import Any

from allauth.account.views import (
    PasswordChangeView,
    PasswordResetDoneView,
    PasswordResetFromKeyView,
    PasswordResetView,
)
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from tracker.web.access import signed_in
from tracker.web.forms.account import PasswordChangeForm, PasswordNewForm, PasswordResetForm
from tracker.web.htmx import tell


@method_decorator(signed_in, name="dispatch")
class PasswordChange(PasswordChangeView):  # type: ignore[misc]
    template_name = "account/password_change.html"
    form_class = PasswordChangeForm


class PasswordReset(PasswordResetView):  # type: ignore[misc]
    """The same answer whether the address is known here or not."""

    template_name = "account/password_reset.html"
    form_class = PasswordResetForm
    success_url = reverse_lazy("password-reset-sent")


class PasswordResetSent(PasswordResetDoneView):  # type: ignore[misc]
    template_name = "account/password_reset_sent.html"


@method_decorator(never_cache, name="dispatch")
class PasswordNew(PasswordResetFromKeyView):  # type: ignore[misc]
    """Opened by the link; its secret moves into the session, out of the address."""

    template_name = "account/password_new.html"
    form_class = PasswordNewForm
    success_url = reverse_lazy("sign-in")

    def render_to_response(self, context: dict[str, Any], **options: Any) -> HttpResponse:
        if context.get("token_fail"):
            sentence = _("This link has been used, or is too old. Ask for a new one.")
            return tell(self.request, sentence, status=404)
        response: HttpResponse = super().render_to_response(context, **options)
        return response


password_change = PasswordChange.as_view()
password_reset = PasswordReset.as_view()
password_reset_sent = PasswordResetSent.as_view()
password_new = PasswordNew.as_view()
