"""What an officer confirms or corrects of a requirement: its wording, its days, its limits."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plants.verification import Verification
from tracker.regulations.correctable import Correctable
from tracker.regulations.corrections import path_to, plain
from tracker.regulations.models import Limit
from tracker.web.forms.corrections import DAY_FAULTS, CorrectionForm

DAYS = ("on", "backstop")
"""The keys of a due rule under which one day stands; ``zone`` holds one for each zone."""


class RequirementForm(CorrectionForm):
    """The requirement's own columns, a field for each day of its due rule, two for each limit."""

    clause = forms.CharField(required=False, max_length=200)
    review_levels = forms.TypedChoiceField(
        choices=[
            (1, _("one: an officer of the plant's authority decides")),
            (2, _("two: an officer proposes to accept, the authority above confirms")),
        ],
        coerce=int,
    )
    text_zh = forms.CharField(max_length=20000)
    text_en = forms.CharField(max_length=20000)
    effective_from = forms.DateField(error_messages=DAY_FAULTS)
    effective_to = forms.DateField(required=False, error_messages=DAY_FAULTS)

    def __init__(self, correctable: Correctable, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(correctable, data)
        self.day_fields = _day_fields(self.now["due"])
        for name, day in self.day_fields.items():
            self.fields[name] = forms.DateField(initial=day, error_messages=DAY_FAULTS)
        for limit in correctable.limits:
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

    def given(self) -> dict[str, object]:
        read, given = self.cleaned_data, super().given()
        if self.day_fields:
            days = {name: read[name].isoformat() for name in self.day_fields}
            given["due"] = _with_days(self.now["due"], days)
        for limit in self.correctable.limits:
            for column in ("value", "verification"):
                given[path_to(limit, column)] = read[f"limit_{limit.pk}_{column}"]
        return given

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
            for limit in self.correctable.limits
        ]


def _day_fields(due: object) -> dict[str, str]:
    """The fields for the days that a due rule names, with the days; others aren't edited here."""
    if not isinstance(due, dict):
        return {}
    days = {f"due_{key}": str(due[key]) for key in DAYS if isinstance(due.get(key), str)}
    zones = due.get("zone")
    if isinstance(zones, dict):
        days |= {f"due_zone_{zone}": str(day) for zone, day in zones.items()}
    return days


def _with_days(due: Any, days: Mapping[str, str]) -> dict[str, Any]:
    """The due rule with these days in place of its own."""
    changed = dict(due)
    for name, day in days.items():
        key = name.removeprefix("due_")
        if key.startswith("zone_"):
            changed["zone"] = {**changed["zone"], key.removeprefix("zone_"): day}
        else:
            changed[key] = day
    return changed
