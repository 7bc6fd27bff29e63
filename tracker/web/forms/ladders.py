"""A ladder as it comes from the page, and the due date that its preview is for."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plants.models import Authority, Part
from tracker.reminders.ladder import Rungs
from tracker.reminders.models import Ladder, Receiver, Rhythm
from tracker.reminders.set_ladder import Scope, find_faults, mark_of
from tracker.web.forms.days import DayField

KEY = ("authority", "receiver", "part", "rhythm")
LONGEST_LIST = 100
_BETWEEN = re.compile(r"[\s,;，、；]+")
_DAY = re.compile(r"[0-9]{1,5}")


class DaysField(forms.CharField):
    """Numbers with commas or spaces between, as people write them in either language."""

    def __init__(self, **options: Any) -> None:
        control = forms.TextInput(attrs={"class": "form-control", "inputmode": "text"})
        super().__init__(widget=control, required=False, max_length=LONGEST_LIST, **options)

    def clean(self, value: Any) -> tuple[int, ...]:
        words = [word for word in _BETWEEN.split(super().clean(value) or "") if word]
        if any(not _DAY.fullmatch(word) for word in words):
            raise forms.ValidationError(_("Write whole numbers with commas between: 30, 7, 0."))
        return tuple(sorted(map(int, words), reverse=True))


def _number(label: Any, help_text: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "numeric"}),
        error_messages={"invalid": gettext_lazy("Enter a whole number.")},
    )


def _choice(label: Any, choices: Any, **options: Any) -> forms.ChoiceField:
    control = forms.Select(attrs={"class": "form-select"})
    return forms.ChoiceField(label=label, choices=choices, widget=control, **options)


class LadderForm(forms.Form):
    """``seen`` marks the ladder as it was shown; empty where one is added.

    What a ladder is for is chosen once: where one is changed these fields are hidden.
    """

    seen = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    authority = forms.ModelChoiceField(
        label=gettext_lazy("Authority"),
        queryset=Authority.objects.none(),
        empty_label=None,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    receiver = _choice(gettext_lazy("Who is told"), Receiver.choices)
    part = _choice(
        gettext_lazy("Part"), [("", gettext_lazy("any part")), *Part.choices], required=False
    )
    rhythm = _choice(
        gettext_lazy("How often the duty comes"),
        [("", gettext_lazy("however often")), *Rhythm.choices],
        required=False,
    )
    before = DaysField(
        label=gettext_lazy("Days before the due date"),
        help_text=gettext_lazy("Such as 90, 30, 7, 0; 0 is the day itself. Empty for officers."),
    )
    first_after = _number(
        gettext_lazy("First so many days after it"),
        gettext_lazy("For what waits for review: after it was handed in."),
    )
    every = _number(
        gettext_lazy("Then every so many days"), gettext_lazy("Empty: not again after that.")
    )
    last_after = _number(
        gettext_lazy("At the latest so many days after it"),
        gettext_lazy("Empty: until it is handed in, or decided."),
    )
    due_on = DayField(
        label=gettext_lazy("Preview for this due date"),
        help_text=gettext_lazy("Empty: the nearest in the scope."),
        required=False,
        widget=forms.DateInput(attrs={"class": "form-control", "type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, authorities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["authority"]
        field.queryset = authorities.order_by("path")
        if self.is_change:
            for name in KEY:
                self.fields[name].widget = forms.HiddenInput()

    @property
    def is_change(self) -> bool:
        return bool(self["seen"].value())

    @property
    def scope(self) -> Scope:
        given = self.cleaned_data
        return Scope(given["authority"], given["receiver"], given["part"], given["rhythm"])

    @property
    def rungs(self) -> Rungs:
        given = self.cleaned_data
        return Rungs(given["before"], given["first_after"], given["every"], given["last_after"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not {"before", "first_after", "every", "last_after", "receiver"} - cleaned.keys():
            for fault in find_faults(cleaned["receiver"], self.rungs):
                self.add_error(fault.field, fault.words)
        return cleaned


def typed_of(ladder: Ladder, rungs: Rungs) -> dict[str, Any]:
    """The form's values for a ladder that is there; for one that isn't, its ``seen`` is empty."""
    return {
        "seen": mark_of(ladder) if ladder.pk else "",
        "authority": ladder.authority_id,
        "receiver": ladder.receiver,
        "part": ladder.part,
        "rhythm": ladder.rhythm,
        **days_of(rungs),
    }


def days_of(rungs: Rungs) -> dict[str, Any]:
    return {
        "before": _joined(rungs.before),
        "first_after": rungs.first_after,
        "every": rungs.every,
        "last_after": rungs.last_after,
    }


def _joined(days: Iterable[int]) -> str:
    return ", ".join(map(str, days))
