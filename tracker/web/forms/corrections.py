"""What an officer confirms or corrects of a rule, as it comes from the page."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from plants.verification import Verification
from tracker.regulations.correctable import Correctable
from tracker.regulations.corrections import plain

SOURCE_LENGTH = 2000
SALT = "rule-as-seen"
DAY_FAULTS = {
    "invalid": _("A day must look like 2026-12-31."),
    "required": _("A day must look like 2026-12-31."),
}
YES, NO = "True", "False"


class CorrectionForm(forms.Form):
    """One field for each thing that can be corrected here, filled with what stands now.

    ``seen`` is what the officer saw: the rule is only changed while it is still so.
    """

    verification = forms.ChoiceField(choices=Verification.choices)
    note_zh = forms.CharField(required=False, max_length=20000)
    note_en = forms.CharField(required=False, max_length=20000)
    source_note = forms.CharField(
        max_length=SOURCE_LENGTH,
        error_messages={
            "required": _("Name the source: the document, the page, who read it."),
            "max_length": _("The source is too long: at most %(limit_value)d characters."),
        },
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, correctable: Correctable, data: Mapping[str, Any] | None = None) -> None:
        self.correctable = correctable
        self.now = correctable.values
        super().__init__(data, initial={**self.shown(), "seen": signing.dumps(self.now, salt=SALT)})

    def shown(self) -> dict[str, object]:
        """What stands now, by field."""
        return {name: self.now[name] for name in self.base_fields if name in self.now}

    def given(self) -> dict[str, object]:
        """What was typed, by path, in the columns' own types."""
        return {name: self.cleaned_data[name] for name in self.base_fields if name in self.now}

    def is_stale(self) -> bool:
        """Whether the rule is no longer what the officer saw."""
        try:
            seen = signing.loads(self.cleaned_data["seen"], salt=SALT)
        except signing.BadSignature:
            return True
        return json.dumps(seen, sort_keys=True) != json.dumps(self.now, sort_keys=True)

    def values(self) -> dict[str, object]:
        """What differs from what stands now, by path, in the columns' own types."""
        given = {path: _with_line_ends(value) for path, value in self.given().items()}
        return {path: value for path, value in given.items() if plain(value) != self.now[path]}


class TargetForm(CorrectionForm):
    """A share of the capacity and its day."""

    clause = forms.CharField(required=False, max_length=200)
    share_percent = forms.DecimalField(
        max_digits=5,
        decimal_places=2,
        error_messages={
            "invalid": _("A share must be a number."),
            "required": _("A share must be a number."),
        },
    )
    by_on = forms.DateField(error_messages=DAY_FAULTS)


class StopWindowForm(CorrectionForm):
    """The first and the last day of a stop."""

    clause = forms.CharField(required=False, max_length=200)
    starts_on = forms.DateField(error_messages=DAY_FAULTS)
    ends_on = forms.DateField(error_messages=DAY_FAULTS)


class DocumentForm(CorrectionForm):
    """A document's head. Its issuers stand one a line, in each language in the same order."""

    number = forms.CharField(required=False, max_length=100)
    title_zh = forms.CharField(max_length=300)
    title_en = forms.CharField(max_length=300)
    title_is_name = forms.TypedChoiceField(
        choices=[(YES, _("yes")), (NO, _("no, it says what it is about"))],
        coerce=lambda chosen: chosen == YES,
    )
    issuers_zh = forms.CharField(required=False, max_length=2000)
    issuers_en = forms.CharField(required=False, max_length=2000)
    issued_on = forms.DateField(required=False, error_messages=DAY_FAULTS)
    effective_on = forms.DateField(required=False, error_messages=DAY_FAULTS)

    def shown(self) -> dict[str, object]:
        shown = super().shown()
        shown["title_is_name"] = YES if self.now["title_is_name"] else NO
        issuers: Any = self.now["issuers"]
        for language in ("zh", "en"):
            names = (issuer[language] for issuer in issuers)
            shown[f"issuers_{language}"] = "\n".join(names)
        return shown

    def clean(self) -> dict[str, Any]:
        """Each issuer has its name in both languages."""
        read: dict[str, Any] = super().clean() or self.cleaned_data
        names = [_lines(read.get(f"issuers_{language}", "")) for language in ("zh", "en")]
        if len(names[0]) != len(names[1]):
            raise ValidationError(
                _("Name each issuer in both languages, one a line and in the same order.")
            )
        read["issuers"] = [{"zh": zh, "en": en} for zh, en in zip(*names, strict=True)]
        return read

    def given(self) -> dict[str, object]:
        return {**super().given(), "issuers": self.cleaned_data["issuers"]}


class UndoForm(forms.Form):
    source_note = CorrectionForm.base_fields["source_note"]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _with_line_ends(value: object) -> object:
    """A text with the line ends of the files; a browser sends its own."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value
