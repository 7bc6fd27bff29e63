"""How a decision is put right, as it comes from the page."""

from collections.abc import Iterable

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from plants.models import Person
from tracker.web.forms.review import INCOMPLETE, LARGEST_ID

WRONG = dict.fromkeys(("required", "invalid", "min_value", "max_value"), INCOMPLETE)


class DecisionCorrectionForm(forms.Form):
    """``review``, ``corrections`` and ``seen`` say what the officer saw."""

    review = forms.IntegerField(min_value=1, max_value=LARGEST_ID, error_messages=WRONG)
    corrections = forms.IntegerField(min_value=0, max_value=1000, error_messages=WRONG)
    seen = forms.RegexField(
        regex="^[0-9a-f]{64}$", error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE}
    )
    superior = forms.TypedChoiceField(
        coerce=int,
        error_messages={
            "required": _("Choose who ordered or approved it."),
            "invalid_choice": _("Choose who ordered or approved it."),
        },
    )
    reason = forms.CharField(
        max_length=2000,
        error_messages={
            "required": _("Say why the decision is corrected: the plant reads it."),
            "max_length": _("The reason is too long: at most %(limit_value)d characters."),
        },
    )

    def __init__(self, data: QueryDict, superiors: Iterable[Person]) -> None:
        super().__init__(data)
        chosen = self.fields["superior"]
        assert isinstance(chosen, forms.TypedChoiceField)  # noqa: S101 (for the type)
        chosen.choices = [(person.pk, person.name) for person in superiors]
