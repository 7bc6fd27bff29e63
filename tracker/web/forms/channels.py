"""A channel as it comes from the page."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from plants.models import Authority, Plant
from tracker.accounts.rights import Reach
from tracker.reminders.channels.addresses import LONGEST_ADDRESS
from tracker.reminders.channels.setup import Scope
from tracker.reminders.models import ChannelKind
from tracker.web.forms.account import shape

NAME_LENGTH, LONGEST_SECRET = 80, 200
LABELS = (
    ("kind", gettext_lazy("What it is"), ""),
    (
        "scope",
        gettext_lazy("For"),
        gettext_lazy("Of an authority's plants it hears all, those of the authorities below too."),
    ),
    ("name", pgettext_lazy("of a group", "Name"), gettext_lazy("By which you know the group.")),
    ("language", gettext_lazy("Language of the messages"), ""),
    (
        "address",
        gettext_lazy("Address"),
        gettext_lazy(
            "Of a robot the address that DingTalk, WeCom or Feishu shows for it, pasted as it is; "
            "of a webhook any that starts with https://."
        ),
    ),
    (
        "secret",
        gettext_lazy("Secret"),
        gettext_lazy(
            "A webhook needs one of at least 16 letters, digits or signs, which signs each "
            "message. A robot of DingTalk may have one. It is never shown again."
        ),
    ),
)


class ChannelForm(forms.Form):
    """``scope`` is a kind and an id; only what she administers is offered."""

    kind = forms.ChoiceField(choices=ChannelKind.choices)
    scope = forms.ChoiceField()
    name = forms.CharField(max_length=NAME_LENGTH)
    language = forms.ChoiceField(choices=settings.LANGUAGES)
    address = forms.CharField(max_length=LONGEST_ADDRESS)
    # A field of this kind is never written back into a page.
    secret = forms.CharField(
        max_length=LONGEST_SECRET,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scopes: dict[str, Scope] = {}
        scope: Any = self.fields["scope"]
        groups = [
            (_("Authorities"), self._offer("authority", reach.authorities)),
            (_("Plants"), self._offer("plant", reach.plants)),
        ]
        scope.choices = [group for group in groups if group[1]]
        for name, label, helped in LABELS:
            shape(self.fields[name], label, helped)
        for name in ("kind", "scope", "language"):
            self.fields[name].widget.attrs["class"] = "form-select"

    def _offer(self, kind: str, scopes: Iterable[Authority | Plant]) -> list[tuple[str, str]]:
        found = {f"{kind}:{scope.pk}": scope for scope in scopes}
        self.scopes |= found
        return [(key, str(scope)) for key, scope in found.items()]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["scope"] = self.scopes.get(cleaned.get("scope", ""))
        return cleaned
