"""The filters of the trail."""

from django import forms

from tracker.audit import Verb
from tracker.reporting.trail import Wanted
from tracker.web.forms.days import DayField


class TrailFilterForm(forms.Form):
    """What isn't understood is left out, field by field."""

    who = forms.CharField(required=False, max_length=100)
    verb = forms.ChoiceField(required=False, choices=Verb.choices)
    plant = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    thing = forms.CharField(required=False, max_length=200)
    first_on = DayField(required=False)
    last_on = DayField(required=False)

    def wanted(self) -> Wanted:
        self.is_valid()
        return Wanted(**{name: value for name, value in self.cleaned_data.items() if value})
