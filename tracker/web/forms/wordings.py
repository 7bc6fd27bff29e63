"""A letter's wording as it comes from the page."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plants.models import Authority
from tracker.reminders.models import Worded, Wording
from tracker.reminders.placeholders import NAMES, Fault, check
from tracker.reminders.set_wording import mark_of
from tracker.reminders.wording import LENGTHS, describe_fault

KEY = ("authority", "letter", "language")


def _piece(name: str, label: Any, help_text: Any, rows: int = 0) -> forms.CharField:
    look = {"class": "form-control"}
    control = forms.Textarea(attrs={**look, "rows": rows}) if rows else forms.TextInput(attrs=look)
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=LENGTHS[name],
        widget=control,
        error_messages={"max_length": _("At most %(limit_value)d characters.")},
    )


def _choice(label: Any, choices: Any) -> forms.ChoiceField:
    control = forms.Select(attrs={"class": "form-select"})
    return forms.ChoiceField(label=label, choices=choices, widget=control)


class WordingForm(forms.Form):
    """``seen`` marks the wording as it was shown; empty where one is added.

    What it is for is chosen once: where one is changed these fields are hidden.
    """

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    authority = forms.ModelChoiceField(
        label=_("Authority"),
        queryset=Authority.objects.none(),
        empty_label=None,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    letter = _choice(_("Letter"), Worded.choices)
    language = _choice(_("Language of the mail"), settings.LANGUAGES)
    subject = _piece("subject", pgettext_lazy("mail", "Subject"), _("One line. Empty: ours."))
    greeting = _piece("greeting", _("Greeting"), _("In place of “Hello …,”. Empty: ours."), 2)
    footer = _piece(
        "footer",
        _("Footer"),
        _("Below the letter, before the line that says why it came. Empty: nothing."),
        4,
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

    def draft(self) -> Wording:
        """What was typed, not saved."""
        return Wording(**{name: self.cleaned_data[name] for name in (*KEY, *LENGTHS)})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for piece, longest in LENGTHS.items():
            text = cleaned.get(piece, "").replace("\r\n", "\n")
            cleaned[piece] = text
            try:
                names = NAMES.get(cleaned.get("letter", ""), NAMES["digest"])
                check(text, names, longest=longest, lines=piece != "subject")
            except Fault as fault:
                self.add_error(piece, describe_fault(fault.key))
        if not self.errors and not any(cleaned[piece] for piece in LENGTHS):
            sentence = _("Nothing differs from ours: write something, or go back to ours.")
            self.add_error(None, sentence)
        return cleaned


def typed_of(wording: Wording) -> dict[str, Any]:
    """The form's values for one that is set, or for a new one, not saved."""
    return {
        "seen": mark_of(wording) if wording.pk else "",
        "authority": wording.authority_id,
        "letter": wording.letter,
        "language": wording.language,
        **{piece: getattr(wording, piece) for piece in LENGTHS},
    }
