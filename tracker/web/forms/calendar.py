"""What the calendar's address may say: the month, how it is shown, and whose it is."""

from calendar import monthrange
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.reporting.calendar import Scope, Wanted
from tracker.reporting.plants import Choice

MONTH, LIST = "month", "list"
LEFT_OUT = _("Unknown; this filter was left out.")
# Far enough for every target, near enough for every date that a database knows.
FIRST_YEAR, LAST_YEAR = 2000, 2099


class CalendarForm(forms.Form):
    """What isn't among the person's choices is said and left out."""

    month = forms.DateField(
        required=False, input_formats=["%Y-%m"], error_messages={"invalid": LEFT_OUT}
    )
    view = forms.ChoiceField(required=False, choices=[(MONTH, MONTH), (LIST, LIST)])
    # Not fields of choices: Django looks at each of 1,500 plants again and again.
    plant = forms.CharField(required=False)
    authority = forms.CharField(required=False)

    def __init__(self, data: dict[str, str], scope: Scope) -> None:
        super().__init__(data)
        self.plants = {plant.code: plant for plant in scope.plants}
        self.authorities = {authority.code: authority for authority in scope.authorities}

    def clean_plant(self) -> Choice | None:
        return _among(self.plants, self.cleaned_data["plant"])

    def clean_authority(self) -> Choice | None:
        return _among(self.authorities, self.cleaned_data["authority"])

    def clean_month(self) -> date | None:
        month: date | None = self.cleaned_data["month"]
        if month is not None and not FIRST_YEAR <= month.year <= LAST_YEAR:
            raise forms.ValidationError(LEFT_OUT)
        return month

    def wanted(self, today: date) -> Wanted:
        """The month to show, this one where none is named."""
        self.is_valid()
        read = self.cleaned_data
        first = (read.get("month") or today).replace(day=1)
        return Wanted(
            first=first,
            last=first.replace(day=monthrange(first.year, first.month)[1]),
            plant=read.get("plant"),
            authority=read.get("authority"),
        )

    @property
    def shows_list(self) -> bool:
        return self.cleaned_data.get("view") == LIST


def _among(known: dict[str, Choice], code: str) -> Choice | None:
    if code and code not in known:
        raise forms.ValidationError(LEFT_OUT)
    return known.get(code)
