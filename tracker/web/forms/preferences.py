"""The form of how one is reminded."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.reminders.days import HOURS
from tracker.reminders.models import Preference


class PreferenceForm(forms.Form):
    hour = forms.TypedChoiceField(
        label=_("Hour of the daily mail"),
        choices=[(hour, f"{hour}:00") for hour in HOURS],
        coerce=int,
        widget=forms.Select(attrs={"class": "form-select"}),
        help_text=_("In Beijing time."),
    )
    news_by_mail = forms.BooleanField(
        label=_("Mails about what was accepted and commented, too"),
        required=False,
        help_text=_("Reminders of due dates, returns and refusals always come by mail."),
    )

    @classmethod
    def of(cls, preference: Preference) -> "PreferenceForm":
        """Filled in as she has chosen."""
        initial = {"hour": preference.hour, "news_by_mail": preference.news_by_mail}
        return cls(initial=initial)
