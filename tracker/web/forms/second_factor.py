"""The forms of second factors: allauth's, in our words."""

from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tracker.web.forms.account import shape

LONGEST_NAME = 60
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


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shape(self.fields["name"], pgettext_lazy("passkey", "Name"))
        self.fields["name"].widget.attrs["maxlength"] = LONGEST_NAME
        self.fields["name"].validators.append(MaxLengthValidator(LONGEST_NAME))
        self.fields["passwordless"].label = _("Sign in with it alone, without the password")
        self.fields["passwordless"].help_text = _(
            "The device then has to make sure that it is you, and keeps your address with the key."
        )


class PasswordAgainForm(ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shape(self.fields["password"], _("Present password"))
        self.fields["password"].widget.attrs["autofocus"] = True
