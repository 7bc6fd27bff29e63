"""A legal hold and its end, as they come from the page."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from plants.models import Plant
from tracker.evidence.holds import REASON_LENGTH
from tracker.obligations.models import Obligation


def _reason(label: object) -> forms.CharField:
    return forms.CharField(
        label=label,  # type: ignore[arg-type]
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
        error_messages={
            "required": _("Say why: the reason stays with the hold."),
            "max_length": _("The reason is too long: at most %(limit_value)d characters."),
        },
    )


class HoldForm(forms.Form):
    """Without an obligation the whole plant is held."""

    obligation = forms.ModelChoiceField(
        label=_("What is held"),
        queryset=Obligation.objects.none(),
        required=False,
        empty_label=_("The whole plant"),
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"invalid_choice": _("The obligation belongs to another plant.")},
    )
    reason = _reason(_("Why it is held"))

    def __init__(self, plant: Plant, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Obligation.objects.for_plant(plant).with_subject()
        cast(Any, self.fields["obligation"]).queryset = own.order_by("due_on", "pk")


class LiftForm(forms.Form):
    """Why a hold ends."""

    reason = _reason(_("Why it is lifted"))
