"""An officer's decision as it comes from the page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.assessments.models import Decision

INCOMPLETE = _("The form was incomplete. Reload the page and decide again.")


class DecisionForm(forms.Form):
    """``submission`` is the one that the officer saw, ``seen`` stands for its files.

    The decision is bound to both.
    """

    submission = forms.IntegerField(
        min_value=1,
        max_value=2**63 - 1,
        error_messages={
            "required": INCOMPLETE,
            "invalid": INCOMPLETE,
            "min_value": INCOMPLETE,
            "max_value": INCOMPLETE,
        },
    )
    seen = forms.RegexField(
        regex="^[0-9a-f]{64}$", error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE}
    )
    decision = forms.ChoiceField(
        choices=Decision.choices,
        error_messages={"required": INCOMPLETE, "invalid_choice": INCOMPLETE},
    )
    reason = forms.CharField(
        required=False,
        max_length=2000,
        error_messages={
            "max_length": _("The reason is too long: at most %(limit_value)d characters.")
        },
    )
