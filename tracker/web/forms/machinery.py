"""Why reminders are called off, as it comes from the page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.reminders.mend import REASON_LENGTH


class CallOffForm(forms.Form):
    """The reason that stays in the trail."""

    reason = forms.CharField(
        label=_("Why they are called off"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        error_messages={
            "required": _("Say why: the reason stays as the proof."),
            "max_length": _("The reason is too long: at most %(limit_value)d characters."),
        },
    )
