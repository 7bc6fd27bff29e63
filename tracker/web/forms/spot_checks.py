"""Draws, spot checks and findings as they come from the page."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plants.models import Authority, Part, Person, Plant
from tracker.rounds.spot_checks.rights import (
    inspectors_under,
    listed_plants,
    offices_of,
    plants_under,
)
from tracker.web.forms.days import DayField
from tracker.web.forms.reliefs import INCOMPLETE

LONGEST = 2000
MOST = 500


def _text(label: Any, *, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows, "class": "form-control"}),
    )


def _line(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=200,
        required=required,
        help_text=help_text,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )


def _number(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=MOST,
        initial=1,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )


def _day(label: Any) -> DayField:
    return DayField(
        label=label,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"class": "form-control", "type": "date"}, format="%Y-%m-%d"),
    )


def _plant_label(plant: Plant) -> str:
    return f"{plant.name} · {plant.authority.name}"


class DrawForm(forms.Form):
    """What is fixed before a draw; ``cleaned_data`` has the pools as people and plants.

    A pool is all of the authority's, those on the list, or those that are ticked.
    """

    title = _line(gettext_lazy("Title"))
    authority = forms.ModelChoiceField(
        label=gettext_lazy("Authority"),
        queryset=Authority.objects.none(),
        empty_label=None,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    plants_asked = _number(gettext_lazy("Plants to draw"))
    inspectors_asked = _number(gettext_lazy("Inspectors for each plant"))
    plants_from = forms.ChoiceField(
        label=gettext_lazy("Out of which plants"),
        choices=[
            ("listed", gettext_lazy("all that are on the list")),
            ("all", gettext_lazy("all of the authority")),
            ("chosen", gettext_lazy("those that are ticked below")),
        ],
        initial="listed",
        widget=forms.RadioSelect,
        error_messages={"required": INCOMPLETE, "invalid_choice": INCOMPLETE},
    )
    plants = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Plants"),
        queryset=Plant.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    inspectors_from = forms.ChoiceField(
        label=gettext_lazy("Out of which inspectors"),
        choices=[
            ("all", gettext_lazy("all officers of the authority and below")),
            ("chosen", gettext_lazy("those that are ticked below")),
        ],
        initial="all",
        widget=forms.RadioSelect,
        error_messages={"required": INCOMPLETE, "invalid_choice": INCOMPLETE},
    )
    inspectors = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Inspectors"),
        queryset=Person.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, person: Person, data: Any = None) -> None:
        super().__init__(data)
        offices = offices_of(person)
        fields = cast(Any, self.fields)
        fields["authority"].queryset = Authority.objects.filter(
            pk__in=[office.pk for office in offices]
        ).order_by("path")
        fields["authority"].initial = offices[0].pk if offices else None
        plants, people = Plant.objects.none(), Person.objects.none()
        for office in offices:
            plants, people = plants | plants_under(office), people | inspectors_under(office)
        fields["plants"].queryset = plants.select_related("authority")
        fields["plants"].label_from_instance = _plant_label
        fields["inspectors"].queryset = people

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        authority = cleaned.get("authority")
        if authority is None or self.errors:
            return cleaned
        own, chosen = plants_under(authority), cleaned.pop("plants_from")
        if chosen != "chosen":
            cleaned["plants"] = listed_plants(own) if chosen == "listed" else own
        if cleaned.pop("inspectors_from") == "all":
            cleaned["inspectors"] = inspectors_under(authority)
        cleaned["plants"] = list(cleaned["plants"])
        cleaned["inspectors"] = list(cleaned["inspectors"])
        if not cleaned["plants"]:
            self.add_error("plants_from", _("There is no plant in the pool."))
        if not cleaned["inspectors"]:
            self.add_error("inspectors_from", _("There is no inspector in the pool."))
        return cleaned


class WordForm(forms.Form):
    """What the witnesses said."""

    word = _line(gettext_lazy("Word or number of the witnesses"))
    witnesses = _line(gettext_lazy("Who the witnesses are"))


class ReasonForm(forms.Form):
    """Why something is given up or sent back."""

    reason = _text(gettext_lazy("Reason"), rows=2)


class CheckForm(forms.Form):
    """A check that was made."""

    done_on = _day(gettext_lazy("Made on"))
    seen = _text(gettext_lazy("What was seen"), rows=4)


class FindingForm(forms.Form):
    """One thing that is wrong."""

    part = forms.ChoiceField(
        label=gettext_lazy("Part"),
        choices=Part.choices,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    text = _text(gettext_lazy("What is wrong"))
    clause = _line(gettext_lazy("Clause (optional)"), required=False)
    due_on = _day(gettext_lazy("To be remedied by"))


class RemedyForm(forms.Form):
    """What the plant did."""

    remedy = _text(gettext_lazy("What was done"))
