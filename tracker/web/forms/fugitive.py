"""A source of fugitive emissions, a look at one of its items, a fault's remedy, as typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.rounds.models import CheckResult, FugitiveGroup, FugitiveSource
from tracker.web.forms.days import DayField
from tracker.web.forms.facts import DayInput
from tracker.web.forms.reliefs import INCOMPLETE

TEXT_LENGTH = 2000
MOST_ROWS = 2**63 - 1
_MISSING = {"required": INCOMPLETE, "invalid": INCOMPLETE}
_DAY = {"invalid": _("A day must look like 2026-12-31."), "required": _("Name the day.")}
GROUPS = [(code, word) for code, word in FugitiveGroup.choices if code != FugitiveGroup.GENERAL]


def _text(label: Any, too_long: Any, *, required: bool = False, missing: Any = "") -> forms.Field:
    control = forms.Textarea(attrs={"class": "form-control", "rows": 2})
    messages = {"max_length": too_long, "required": missing or INCOMPLETE}
    return forms.CharField(
        required=required,
        max_length=TEXT_LENGTH,
        label=label,
        widget=control,
        error_messages=messages,
    )


class SourceForm(forms.Form):
    """What is general is asked of each source, so none is entered as general."""

    group = forms.ChoiceField(
        choices=GROUPS,
        label=_("Link of production"),
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"invalid_choice": INCOMPLETE, "required": INCOMPLETE},
    )
    name = forms.CharField(
        max_length=FugitiveSource._meta.get_field("name").max_length,
        label=_("Name of the source"),
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        error_messages={
            "required": _("Name the source."),
            "max_length": _("The name is too long: at most %(limit_value)d characters."),
        },
    )
    place_in_plant = forms.CharField(
        required=False,
        max_length=FugitiveSource._meta.get_field("place_in_plant").max_length,
        label=_("Where in the plant"),
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        error_messages={
            "max_length": _("The place is too long: at most %(limit_value)d characters.")
        },
    )


class LookForm(forms.Form):
    """One look; its token makes what is sent twice count once.

    The fields of a remedy are folded away without a fault, so that what was typed there first and
    can't be seen any more is left out.
    """

    token = forms.UUIDField(error_messages=_MISSING)
    item = forms.IntegerField(min_value=1, max_value=MOST_ROWS, error_messages=_MISSING)
    result = forms.ChoiceField(
        choices=CheckResult.choices,
        error_messages={"required": _("Choose what you see."), "invalid_choice": INCOMPLETE},
    )
    note = _text(_("Note"), _("The note is too long: at most %(limit_value)d characters."))
    remedy = _text(_("Remedy"), _("The remedy is too long: at most %(limit_value)d characters."))
    remedy_due_on = DayField(required=False, error_messages=_DAY)

    def clean(self) -> dict[str, Any]:
        read = self.cleaned_data
        if read.get("result") != CheckResult.FAULT:
            read["remedy"], read["remedy_due_on"] = "", None
        return read


class SentLookForm(LookForm):
    """A look as a phone sends it: with its own time."""

    checked_at = forms.DateTimeField(error_messages=_MISSING)


class PlanForm(forms.Form):
    remedy = _text(
        _("What will be done"),
        _("The remedy is too long: at most %(limit_value)d characters."),
        required=True,
        missing=_("Say what will be done."),
    )
    due_on = DayField(label=_("Remedy due"), widget=DayInput(), error_messages=_DAY)


class DoneForm(forms.Form):
    """Without words the remedy that was planned stays."""

    remedy = _text(
        _("What was done"), _("The remedy is too long: at most %(limit_value)d characters.")
    )
    remedied_on = DayField(label=_("Remedied on"), widget=DayInput(), error_messages=_DAY)
