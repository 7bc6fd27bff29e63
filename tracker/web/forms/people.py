"""Inviting somebody, and taking up an invitation."""

from collections.abc import Iterable, Sequence
from typing import Any

from allauth.account.forms import SetPasswordForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from plants.models import Role
from tracker.accounts.handover import Heir
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
        plants = [*reach.plants, *(each for each in reach.overseen if each not in reach.plants)]
        groups = [
            (_("Authorities"), self._offer("authority", reach.authorities)),
            (_("Plants"), self._offer("plant", plants)),
            (_("Groups"), self._offer("company", reach.companies)),
        ]
        field.choices = [group for group in groups if group[1]]
        if not reach.authorities:
            roles: Any = self.fields["role"]
            roles.choices = [(Role.MANAGER, Role.MANAGER.label)]
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
    """The reason, and who takes over where something is open: one of ``heirs``."""

    reason = forms.CharField(
        max_length=REASON_LENGTH,
        error_messages={"required": gettext_lazy("Say why: the audit trail keeps it.")},
    )
    heir = forms.ChoiceField(
        required=True,
        error_messages={"required": gettext_lazy("Say who takes over what is open.")},
    )
    alone = forms.BooleanField(required=False)

    def __init__(self, *args: Any, heirs: Sequence[Heir] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.heirs = {heir.key: heir for heir in heirs}
        shape(self.fields["reason"], gettext_lazy("Reason"))
        if not self.heirs:
            del self.fields["heir"]
        if "nobody" not in self.heirs:
            del self.fields["alone"]
        else:
            self.fields["alone"].label = _("I know that nobody answers for it from now on")
        if self.heirs:
            field: Any = self.fields["heir"]
            field.label = _("Who takes over")
            field.choices = [
                ("", _("Choose …")),
                *((key, _name_of(heir)) for key, heir in self.heirs.items()),
            ]
            field.widget.attrs["class"] = "form-select"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        heir = self.heirs.get(cleaned.get("heir", ""))
        if heir is not None and heir.nobody and not cleaned.get("alone"):
            self.add_error("alone", _("Tick this, too: the plant's officers are told."))
        cleaned["heir"] = heir
        return cleaned


def _name_of(heir: Heir) -> str:
    if heir.person is not None:
        return f"{heir.person.name} ({heir.person.email})"
    if heir.invitation is not None:
        words = {"name": heir.invitation.name, "email": heir.invitation.email}
        return _("%(name)s (%(email)s), invited") % words
    return _("Nobody for now") if heir.nobody else _("Each plant's own people")


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
