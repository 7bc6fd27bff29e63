"""What a rule or a part of a round comes to. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Outcome(models.TextChoices):
    """``NOT_ASKED``: another rule is met instead. ``NOT_SETTLED``: whether it holds is open."""

    MET = "met", pgettext_lazy("rule", "met")
    NOT_MET = "not_met", pgettext_lazy("rule", "not met")
    NOT_ENOUGH = "not_enough", _("not enough data")
    NOT_ASKED = "not_asked", pgettext_lazy("rule", "not asked")
    NOT_SETTLED = "not_settled", pgettext_lazy("rule", "not settled")


def all_of(outcomes: list[Outcome]) -> Outcome:
    """Of rules that all have to be met: one that is not decides, then one that can't be told."""
    for outcome in (Outcome.NOT_MET, Outcome.NOT_ENOUGH):
        if outcome in outcomes:
            return outcome
    return Outcome.MET
