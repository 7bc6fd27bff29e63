"""The field for a legal day that every form shares."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plants.plausible import is_plausible


class DayField(forms.DateField):
    """A day that some paper bears; one that no paper can bear is refused."""

    default_error_messages = {
        "invalid": _("A day must look like 2026-12-31."),
        "implausible": _("This year can't be right."),
    }

    def validate(self, value: Any) -> None:
        super().validate(value)
        if isinstance(value, date) and not is_plausible(value):
            raise forms.ValidationError(self.error_messages["implausible"], code="implausible")
