"""The filters of the plants list: what the address may say."""

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from plants.models import PlantKind
from tracker.reporting.plants import WAITING, Choices, PlantFilter


class PlantFilterForm(forms.Form):
    """Reads codes from the address. What isn't among the person's choices is said and left out."""

    default_error_messages = {"invalid_choice": _("Unknown; this filter was left out.")}

    q = forms.CharField(required=False, max_length=100, strip=True)
    authority = forms.ChoiceField(required=False)
    place = forms.ChoiceField(required=False)
    zone = forms.ChoiceField(required=False)
    kind = forms.ChoiceField(required=False, choices=PlantKind.choices)
    company = forms.ChoiceField(required=False)
    state = forms.ChoiceField(required=False, choices=[(word, word) for word in WAITING])

    def __init__(self, data: dict[str, str], choices: Choices) -> None:
        super().__init__(data)
        self.authorities = {authority.code: authority for authority in choices.authorities}
        self.places = {place.code: place for place in choices.places}
        self.companies = {company.code: company for company in choices.companies}
        codes = {
            "authority": list(self.authorities),
            "place": list(self.places),
            "company": list(self.companies),
            "zone": [zone.code for zone in choices.zones],
        }
        for name, known in codes.items():
            cast(forms.ChoiceField, self.fields[name]).choices = [(code, code) for code in known]
        for field in self.fields.values():
            field.error_messages["invalid_choice"] = self.default_error_messages["invalid_choice"]

    def wanted(self) -> PlantFilter:
        """What to look for, from the fields that were understood."""
        self.is_valid()
        read = self.cleaned_data
        return PlantFilter(
            search=read.get("q", ""),
            authority=self.authorities.get(read.get("authority", "")),
            place=self.places.get(read.get("place", "")),
            zone=read.get("zone", ""),
            kind=read.get("kind", ""),
            company=self.companies.get(read.get("company", "")),
            waiting=read.get("state", ""),
        )
