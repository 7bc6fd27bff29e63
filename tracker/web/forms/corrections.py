"""What an officer confirms or corrects of a rule, as it comes from the page."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from plants.verification import Verification
from tracker.obligations.correct import values_now
from tracker.regulations.corrections import path_to, plain
from tracker.regulations.models import Limit, Requirement

SOURCE_LENGTH = 2000
SALT = "rule-as-seen"
DAY_FAULTS = {
    "invalid": _("A day must look like 2026-12-31."),
    "required": _("A day must look like 2026-12-31."),
}
DAYS = ("on", "backstop")
"""The keys of a due rule under which one day stands; ``zone`` holds one for each zone."""


class CorrectionForm(forms.Form):
    """One field for each thing that can be corrected here, filled with what stands now.

    ``seen`` is what the officer saw: the rule is only changed while it is still so.
    """

    verification = forms.ChoiceField(choices=Verification.choices)
    clause = forms.CharField(required=False, max_length=200)
    text_zh = forms.CharField(max_length=20000)
    text_en = forms.CharField(max_length=20000)
    effective_from = forms.DateField(error_messages=DAY_FAULTS)
    effective_to = forms.DateField(required=False, error_messages=DAY_FAULTS)
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

    def __init__(
        self,
        requirement: Requirement,
        limits: list[Limit],
        data: Mapping[str, Any] | None = None,
    ) -> None:
        self.now = values_now(requirement, limits)
        self.day_fields = _day_fields(requirement.due)
        self.limits = limits
        self.due = requirement.due
        initial = {name: self.now[name] for name in self.base_fields if name in self.now}
        initial["seen"] = signing.dumps(self.now, salt=SALT)
        super().__init__(data, initial=initial)
        for name, day in self.day_fields.items():
            self.fields[name] = forms.DateField(initial=day, error_messages=DAY_FAULTS)
        for limit in limits:
            self._add_limit(limit)

    def _add_limit(self, limit: Limit) -> None:
        self.fields[f"limit_{limit.pk}_value"] = forms.DecimalField(
            max_digits=12,
            decimal_places=4,
            min_value=0,
            initial=plain(limit.value),
            error_messages={"invalid": _("A limit must be a number.")},
        )
        self.fields[f"limit_{limit.pk}_verification"] = forms.ChoiceField(
            choices=Verification.choices, initial=limit.verification
        )

    def is_stale(self) -> bool:
        """Whether the rule is no longer what the officer saw."""
        try:
            seen = signing.loads(self.cleaned_data["seen"], salt=SALT)
        except signing.BadSignature:
            return True
        return json.dumps(seen, sort_keys=True) != json.dumps(self.now, sort_keys=True)

    def values(self) -> dict[str, object]:
        """What differs from what stands now, by path, in the columns' own types."""
        read = self.cleaned_data
        given = {name: read[name] for name in self.base_fields if name in self.now}
        if self.day_fields:
            given["due"] = _with_days(self.due, {n: read[n].isoformat() for n in self.day_fields})
        for limit in self.limits:
            for column in ("value", "verification"):
                given[path_to(limit, column)] = read[f"limit_{limit.pk}_{column}"]
        return {path: value for path, value in given.items() if plain(value) != self.now[path]}

    @property
    def days(self) -> list[tuple[str, forms.BoundField]]:
        """The due rule's days: the key or the zone's code that each stands under, and the field."""
        return [
            (name.removeprefix("due_").removeprefix("zone_"), self[name])
            for name in self.day_fields
        ]

    @property
    def limit_rows(self) -> list[tuple[Limit, forms.BoundField, forms.BoundField]]:
        return [
            (limit, self[f"limit_{limit.pk}_value"], self[f"limit_{limit.pk}_verification"])
            for limit in self.limits
        ]


class UndoForm(forms.Form):
    source_note = CorrectionForm.base_fields["source_note"]


def _day_fields(due: object) -> dict[str, str]:
    """The fields for the days that a due rule names, with the days; others aren't edited here."""
    if not isinstance(due, dict):
        return {}
    days = {f"due_{key}": str(due[key]) for key in DAYS if isinstance(due.get(key), str)}
    zones = due.get("zone")
    if isinstance(zones, dict):
        days |= {f"due_zone_{zone}": str(day) for zone, day in zones.items()}
    return days


def _with_days(due: dict[str, Any], days: Mapping[str, str]) -> dict[str, Any]:
    """The due rule with these days in place of its own."""
    changed = dict(due)
    for name, day in days.items():
        key = name.removeprefix("due_")
        if key.startswith("zone_"):
            changed["zone"] = {**changed["zone"], key.removeprefix("zone_"): day}
        else:
            changed[key] = day
    return changed
