"""The forms of signing in, passwords and the address: allauth's, in our words."""

from typing import Any

from allauth.account.forms import (
    AddEmailForm,
    ChangePasswordForm,
    LoginForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LONGEST_PASSWORD = 1000
RULES = _("At least eight characters; not only digits, no common word, nothing like your name.")


def shape(field: Any, label: str | Promise, help_text: str | Promise = "") -> None:
    """Our label and look; no placeholder, which would vanish as soon as somebody types."""
    field.label, field.help_text = label, help_text
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs["class"] = "form-control"
    if isinstance(field.widget, forms.PasswordInput):
        # Hashing a novel takes long.
        field.validators.append(MaxLengthValidator(LONGEST_PASSWORD))


class SignInForm(LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shape(self.fields["login"], _("E-mail"))
        shape(self.fields["password"], _("Password"))
        self.fields["login"].widget.attrs |= {"autofocus": True, "autocomplete": "username"}


class PasswordChangeForm(ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shape(self.fields["oldpassword"], _("Present password"))
        shape(self.fields["password1"], _("New password"), RULES)
        shape(self.fields["password2"], _("New password once more"))


class PasswordResetForm(ResetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shape(self.fields["email"], _("E-mail"))


class PasswordNewForm(ResetPasswordKeyForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shape(self.fields["password1"], _("New password"), RULES)
        shape(self.fields["password2"], _("New password once more"))


class AddressChangeForm(AddEmailForm):  # type: ignore[misc]
    """Whoever finds a browser that is signed in must not take the account away with it."""

    password = forms.CharField(
        strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shape(self.fields["email"], _("New e-mail address"))
        shape(self.fields["password"], _("Present password"))

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_("This isn't your present password."))
        return password
