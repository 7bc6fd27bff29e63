"""Marks and numbers of a round's samples and of its transport, as template tags and filters."""

import re
from decimal import Decimal
from functools import cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tracker.rounds.outcomes import Outcome as RuleOutcome
from tracker.rounds.samples.convert import plain_number, shown
from tracker.rounds.samples.verdict import Outcome as SampleOutcome
from tracker.rounds.transport.share import percent_of
from tracker.web.looks import Look
from tracker.web.marks import icon

register = template.Library()

SAMPLES = {
    "within": Look("accepted", "circle-check", SampleOutcome.WITHIN.label),
    "over": Look("late", "alert-triangle", SampleOutcome.OVER.label),
    "not_enough": Look("open", "circle-dashed", SampleOutcome.NOT_ENOUGH.label),
    "invalid": Look("returned", "x", SampleOutcome.INVALID.label),
}
RULES = {
    "met": Look("accepted", "circle-check", RuleOutcome.MET.label),
    "not_met": Look("late", "alert-triangle", RuleOutcome.NOT_MET.label),
    "not_enough": Look("open", "circle-dashed", RuleOutcome.NOT_ENOUGH.label),
    "not_asked": Look("closed", "ban", RuleOutcome.NOT_ASKED.label),
    "not_settled": Look("closed", "help-hexagon", RuleOutcome.NOT_SETTLED.label),
}
_CELL = re.compile(r"([A-Z]{1,3})([0-9]+)")


@register.simple_tag
def sample_badge(outcome: str) -> SafeString:
    """What samples say: icon, word and colour."""
    return _sample_badge(str(outcome), get_language())


@cache
def _sample_badge(outcome: str, language: str | None) -> SafeString:
    return _badge(SAMPLES[outcome])


@register.simple_tag
def rule_badge(outcome: str) -> SafeString:
    """What a rule on transport comes to."""
    return _rule_badge(str(outcome), get_language())


@cache
def _rule_badge(outcome: str, language: str | None) -> SafeString:
    return _badge(RULES[outcome])


def _badge(look: Look) -> SafeString:
    return format_html('<span class="b b-{}">{}{}</span>', look.tone, icon(look.icon), look.word)


@register.filter
def number(value: Decimal | None) -> str:
    """All its digits; a dash for none."""
    return "—" if value is None else plain_number(value)


@register.filter
def rounded(value: Decimal | None) -> str:
    """Two places, for display only; a dash for none."""
    return "—" if value is None else shown(value)


@register.filter
def signed(value: Decimal) -> str:
    """A difference with its sign."""
    return f"+{shown(value)}" if value > 0 else shown(value).replace("-", "−")


@register.filter
def tonnes(value: Decimal | None) -> str:
    """12,345.678 without noughts that say nothing; a dash for none."""
    if value is None:
        return "—"
    text = f"{value:,.3f}"
    return text.rstrip("0").rstrip(".")


@register.filter
def share_of(part: Decimal, whole: Decimal) -> str:
    """A share in percent, or a dash of nothing."""
    percent = percent_of(part, whole)
    return "—" if percent is None else f"{shown(percent)} %"


@register.filter
def line_and_column(place: str) -> str:
    """A cell of a pasted table, which has no sheet that one could open: line 7, column D."""
    found = _CELL.fullmatch(place.rpartition("!")[2])
    if found is None:
        return place
    return _("line %(line)s, column %(column)s") % {"line": found[2], "column": found[1]}
