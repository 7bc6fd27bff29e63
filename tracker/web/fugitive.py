"""Marks of what was seen on site, and which photographs a page may show."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tracker.evidence.models import Evidence
from tracker.evidence.quarantine import awaits_scan
from tracker.rounds.models import CheckResult
from tracker.rounds.outcomes import Outcome
from tracker.web.files import SHOWN
from tracker.web.looks import Look
from tracker.web.marks import badge

register = template.Library()

RESULTS = {
    CheckResult.OK: Look("accepted", "circle-check", CheckResult.OK.label),
    CheckResult.FAULT: Look("late", "alert-triangle", CheckResult.FAULT.label),
    CheckResult.NOT_APPLICABLE: Look("closed", "ban", CheckResult.NOT_APPLICABLE.label),
    CheckResult.NOT_SEEN: Look("open", "circle-dashed", CheckResult.NOT_SEEN.label),
}
OUTCOMES = {
    Outcome.MET: Look("accepted", "circle-check", Outcome.MET.label),
    Outcome.NOT_MET: Look("late", "alert-triangle", Outcome.NOT_MET.label),
    Outcome.NOT_ENOUGH: Look("open", "hourglass", _("not all seen")),
}
REMEDIED = Look("submitted", "tool", pgettext_lazy("fault", "remedied"))


@register.filter
def result_badge(result: str) -> SafeString:
    """What was seen."""
    return badge(RESULTS[CheckResult(result)])


@register.filter
def outcome_badge(outcome: Outcome) -> SafeString:
    """What a source, or the round's fugitive part, comes to."""
    return badge(OUTCOMES[outcome])


@register.simple_tag
def remedied_badge() -> SafeString:
    """A fault that is said to be remedied."""
    return badge(REMEDIED)


@register.filter
def may_open(photo: Evidence) -> bool:
    """Its bytes are there, and no scanner is still to look at them, or has found a virus."""
    return photo.stored.can_be_opened and not awaits_scan(photo.stored)


@register.filter
def is_shown(photo: Evidence) -> bool:
    """Whether browsers can show such a picture."""
    return photo.media_type in SHOWN
