"""A request for an extension or a waiver, and the decision on it, as they come from the page."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.obligations.models import Obligation, ReliefKind
from tracker.obligations.new_day import why_too_late

REASON_LENGTH = 2000
INCOMPLETE = _("The form was incomplete. Reload the page and send it again.")


def _reason(*, required: bool) -> forms.CharField:
    return forms.CharField(
        required=required,
        max_length=REASON_LENGTH,
        error_messages={
            "required": _("Say why: without a reason nobody can decide."),
            "max_length": _("The reason is too long: at most %(limit_value)d characters."),
        },
    )


class ReliefForm(forms.Form):
    """The papers are read from the request: there may be several."""

    kind = forms.ChoiceField(
        choices=ReliefKind.choices,
        error_messages={"required": INCOMPLETE, "invalid_choice": INCOMPLETE},
    )
    new_due_on = forms.DateField(
        required=False,
        error_messages={"invalid": _("The new day must look like 2026-12-31.")},
    )
    reason = _reason(required=True)
    token = forms.UUIDField(error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE})

    def __init__(self, data: Any, obligation: Obligation, today: date) -> None:
        self.obligation, self.today = obligation, today
        super().__init__(data)

    def clean(self) -> dict[str, Any]:
        """A waiver has no day; one that was filled in before the choice changed is no fault."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("kind") == ReliefKind.WAIVER:
            cleaned["new_due_on"] = None
        new_due_on = cleaned.get("new_due_on")
        if new_due_on is not None:
            late = why_too_late(new_due_on, self.obligation.due_on, today=self.today)
            if late is not None:
                self.add_error("new_due_on", late)
        return cleaned


class ReliefDecisionForm(forms.Form):
    """``state`` is the one that the officer saw: a decision on anything else is stale."""

    decision = forms.ChoiceField(
        choices=[("grant", ""), ("refuse", "")],
        error_messages={"required": INCOMPLETE, "invalid_choice": INCOMPLETE},
    )
    reason = _reason(required=False)
    state = forms.CharField(error_messages={"required": INCOMPLETE})
