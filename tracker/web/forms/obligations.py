"""The filters of the obligations list."""

from datetime import date

from django import forms
from django.db.models import Q

from plants.models import Authority, Part
from tracker.reporting.home import load_conditions


class ObligationFilterForm(forms.Form):
    """What isn't understood is left out, field by field."""

    state = forms.ChoiceField(
        required=False,
        choices=[
            (word, word)
            for word in ("overdue", "due_soon", "to_review", "owed", "returned", "accepted")
        ],
    )
    part = forms.ChoiceField(required=False, choices=Part.choices)
    plant = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    due = forms.DateField(required=False)
    authority = forms.SlugField(required=False, max_length=40)
    requirement = forms.SlugField(required=False, max_length=80)

    def condition(self, today: date) -> Q:
        """The obligations that fit."""
        self.is_valid()
        read = self.cleaned_data
        wanted = Q()
        if read.get("state"):
            wanted &= load_conditions(today)[read["state"]]
        if read.get("part"):
            wanted &= Q(requirement__part=read["part"])
        if read.get("plant"):
            wanted &= Q(plant_id=read["plant"])
        if read.get("due"):
            wanted &= Q(due_on=read["due"])
        if read.get("authority"):
            wanted &= _under(read["authority"])
        if read.get("requirement"):
            wanted &= Q(requirement__code=read["requirement"])
        return wanted


def _under(code: str) -> Q:
    """At the plants of the authority and of all below it; an unknown one is left out."""
    path = Authority.objects.filter(code=code).values_list("path", flat=True).first()
    return Q(plant__authority__path__startswith=path) if path else Q()
