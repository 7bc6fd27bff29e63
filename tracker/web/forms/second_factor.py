"""The forms of second factors: allauth's, in our words."""

from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tracker.web.forms.account import shape

TYPED = {"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}


class AppForm(ActivateTOTPForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shape(self.fields["code"], _("Code that the app shows"))
        self.fields["code"].widget.attrs |= TYPED


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shape(
            self.fields["code"],
            pgettext_lazy("second factor", "Code"),
            _("The app's six digits, or one of your recovery codes."),
        )
        self.fields["code"].widget.attrs |= TYPED


class PasswordAgainForm(ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shape(self.fields["password"], _("Present password"))
        self.fields["password"].widget.attrs["autofocus"] = True
