"""What the planner is asked, and the approvals that an officer enters or ends."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plants.models import Line, Plant, SwapKind
from plants.models.calendar import SEASON
from plants.models.people import Person, Role, plants_of
from plants.verification import Verification
from tracker.web.forms.days import DayField

INCOMPLETE = _("The form was incomplete. Reload the page and send it again.")
MOST_RETROFIT_DAYS, MOST_MONITORING_DAYS = 1500, 200
WHOLE_DAYS = _("Give whole days: at most 1500 of retrofit, from 1 to 200 of monitoring.")


def _day(words: Any, *, required: bool = True) -> DayField:
    missing = {"required": _("Give every day that is asked for.")}
    return DayField(required=required, label=words, error_messages=missing)


def _words(missing: Any, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        required=required,
        max_length=200,
        strip=True,
        error_messages={
            "required": missing,
            "max_length": _("Too long: at most %(limit_value)d characters."),
        },
    )


def _choice(choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=choices, error_messages={"required": INCOMPLETE, "invalid_choice": INCOMPLETE}
    )


def _count(*, first: int, last: int) -> forms.IntegerField:
    """So many days, or none given."""
    said = dict.fromkeys(("invalid", "min_value", "max_value"), WHOLE_DAYS)
    return forms.IntegerField(required=False, min_value=first, max_value=last, error_messages=said)


class NeedForm(forms.Form):
    """How long the works and the monitoring take; what isn't given or not understood is assumed."""

    retrofit_days = _count(first=0, last=MOST_RETROFIT_DAYS)
    monitoring_days = _count(first=1, last=MOST_MONITORING_DAYS)

    def understood(self) -> dict[str, int]:
        """The numbers that were given and make sense, by field."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value is not None}


class SwapForm(forms.Form):
    """An approved swap of one of the plant's lines."""

    kind = _choice(SwapKind.choices)
    starts_on = _day(_("First day"))
    ends_on = _day(_("Last day"))
    document = _words(_("Name the batch or the document that approves it."))
    approved_by = _words(_("Say who approved it."))
    verification = _choice(Verification.choices)

    def __init__(self, data: Any, plant: Plant) -> None:
        super().__init__(data)
        self.fields["line"] = _line_field(plant.lines.all())


class AgreementForm(forms.Form):
    """A filed replacement agreement of one of the plant's carbide-slag lines."""

    partner_name = _words("", required=False)
    season = forms.RegexField(
        SEASON.regex,
        error_messages={"required": SEASON.message, "invalid": SEASON.message},
    )
    starts_on = _day(_("First day"))
    ends_on = _day(_("Last day"))
    partner_starts_on = _day(_("First day"), required=False)
    partner_ends_on = _day(_("Last day"), required=False)
    days = forms.IntegerField(required=False, min_value=1, max_value=366)
    filed_on = _day(_("Filed on"))
    document = _words(_("Name the agreement."))
    verification = _choice(Verification.choices)

    def __init__(self, data: Any, plant: Plant, person: Person) -> None:
        super().__init__(data)
        self.fields["line"] = _line_field(plant.lines.filter(carbide_slag=True))
        partner = _line_field(partners_of(plant, person))
        partner.required = False
        self.fields["partner"] = partner

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        if bool(cleaned.get("partner")) == bool(cleaned.get("partner_name")):
            raise forms.ValidationError(
                _("Choose the line that stops instead, or name it: one of the two.")
            )
        pair = [cleaned.get("partner_starts_on"), cleaned.get("partner_ends_on")]
        if any(pair) != all(pair) or all(pair) == bool(cleaned.get("days")):
            raise forms.ValidationError(
                _("Give the first and last day of the partner's stop, or the number of its days.")
            )
        if all(pair) and pair[0] > pair[1]:  # type: ignore[operator]
            raise forms.ValidationError(_("The last day lies before the first."))
        return cleaned


class EndForm(forms.Form):
    ended_on = _day(_("Ended on"))
    reason = forms.CharField(
        max_length=1000,
        error_messages={
            "required": _("Say why it ended."),
            "max_length": _("The reason is too long: at most %(limit_value)d characters."),
        },
    )


def partners_of(plant: Plant, person: Person) -> Any:
    """Ordinary lines that the officer looks after and that could stop instead."""
    mine = plants_of(person, "plant__", roles=frozenset({Role.OFFICER}))
    ordinary = Line.objects.filter(mine, carbide_slag=False).select_related("plant")
    return ordinary.order_by("plant__name_zh", "plant_id", "number")


def _line_field(lines: Any) -> forms.ModelChoiceField:  # type: ignore[type-arg]
    return forms.ModelChoiceField(
        lines, error_messages={"required": INCOMPLETE, "invalid_choice": INCOMPLETE}
    )
