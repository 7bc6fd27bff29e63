"""Inviting somebody, and taking up an invitation."""

from collections.abc import Iterable
from typing import Any

from allauth.account.forms import SetPasswordForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from plants.models import Role
from tracker.accounts.rights import Reach, Scope
from tracker.web.forms.account import RULES, shape

REASON_LENGTH = 500


class InvitationForm(forms.Form):
    """``scope`` is a kind and an id; only what is in the inviter's reach is offered."""

    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254)
    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=100)
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices)
    scope = forms.ChoiceField(label=gettext_lazy("For"))
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the mail"), choices=settings.LANGUAGES
    )

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scopes: dict[str, Scope] = {}
        self.reach = reach
        field: Any = self.fields["scope"]
        field.choices = [
            (_("Authorities"), self._offer("authority", reach.authorities)),
            (_("Plants"), self._offer("plant", reach.plants)),
            (_("Groups"), self._offer("company", reach.companies)),
        ]
        for each in self.fields.values():
            look = "form-select" if isinstance(each, forms.ChoiceField) else "form-control"
            each.widget.attrs["class"] = look

    def _offer(self, kind: str, scopes: Iterable[Scope]) -> list[tuple[str, str]]:
        found = {f"{kind}:{scope.pk}": scope for scope in scopes}
        self.scopes |= found
        return [(key, str(scope)) for key, scope in found.items()]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        scope = self.scopes.get(cleaned.get("scope", ""))
        role = cleaned.get("role")
        if scope is not None and role and role not in self.reach.roles_of(scope):
            self.add_error("scope", _why_not(role))
        cleaned["scope"] = scope
        return cleaned


def _why_not(role: str) -> str:
    if role == Role.GROUP_MANAGER:
        return _("A group manager is for a group.")
    if role in (Role.MANAGER, Role.ASSESSOR):
        return _("This role is for a plant.")
    return _("This role is for an authority.")


class RoleEndForm(forms.Form):
    reason = forms.CharField(
        max_length=REASON_LENGTH,
        error_messages={"required": gettext_lazy("Say why: the audit trail keeps it.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shape(self.fields["reason"], gettext_lazy("Reason"))


class JoinForm(SetPasswordForm):  # type: ignore[misc]
    """The name as the invited person writes it, and her password."""

    name = forms.CharField(max_length=100)
    field_order = ("name", "password1", "password2")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shape(self.fields["name"], gettext_lazy("Your name"))
        shape(self.fields["password1"], gettext_lazy("Password"), RULES)
        shape(self.fields["password2"], gettext_lazy("Password once more"))
        self.fields["name"].widget.attrs["autocomplete"] = "name"
