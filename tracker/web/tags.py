"""The template tags and filters: what templates may call by name."""

import json
import re
from datetime import date, datetime
from decimal import Decimal

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from tracker.evidence.models import Submission
from tracker.reminders.inbox import Entry
from tracker.reminders.life import Sign
from tracker.reminders.reasons import Trouble
from tracker.reporting.answers import Verdict, decisions_on
from tracker.web import cells, machinery, marks, measures
from tracker.web.figures.ring import Arc
from tracker.web.navigation import Stop, stops_of
from tracker.web.reminded import entry_in_words, sort_in_words

register = template.Library()
_INDENTATION = re.compile(r"\s*\n\s*")

for mark in (
    marks.icon,
    marks.state_badge,
    marks.answer_badge,
    marks.verification_badge,
    marks.relief_badge,
    marks.projected_badge,
    marks.verdict_badge,
    marks.annex_badge,
    marks.effect_badge,
    marks.unsettled,
    marks.due,
    marks.days_left,
    marks.part,
    marks.file_icon,
    marks.scan_badge,
    cells.address,
    cells.parts_done,
    cells.plant_rows,
    cells.options,
):
    register.simple_tag(mark)


@register.simple_tag
def parts_complete(ring: list[Arc]) -> str:
    """How many of the three parts are complete: 2/3."""
    return f"{sum(arc.is_complete for arc in ring)}/{len(ring)}"


@register.filter
def inbox_sort(kind: str) -> str:
    return sort_in_words(kind)


@register.filter
def inbox_words(entry: Entry) -> str:
    return entry_in_words(entry)


@register.filter
def pollutant(code: str) -> str:
    """What a limit measures: SO₂, 颗粒物."""
    return measures.in_words(measures.POLLUTANTS, code)


@register.filter
def unit(code: str) -> str:
    return measures.in_words(measures.UNITS, code)


@register.filter
def averaging(code: str) -> str:
    """The time over which a limit is averaged."""
    return measures.in_words(measures.AVERAGINGS, code)


@register.filter
def decisions(submission: Submission) -> list[Verdict]:
    """The decision on a submission and its corrections; no query, they were read with it."""
    return decisions_on(submission)


@register.filter
def thousands(number: int) -> str:
    """5,000; nothing for nought."""
    return f"{number:,}" if number else ""


@register.filter
def ten_thousands(yuan: Decimal) -> str:
    """Yuan as 万元, as Chinese budgets write them: 1,250 for 12.5 million."""
    return f"{yuan / 10000:,.0f}"


@register.filter
def add_4(x: float) -> float:
    """A little to the right of a line."""
    return x + 4


@register.filter
def iso(day: date | None) -> str:
    """2026-12-31, for tables; nothing for no date."""
    return day.isoformat() if day else "—"


@register.filter
def in_words(day: date | None) -> str:
    """2026年12月31日 or 31 December 2026, for sentences."""
    if day is None:
        return "—"
    chinese = (get_language() or "").startswith("zh")
    return date_format(day, "Y年n月j日" if chinese else "j F Y", use_l10n=False)


@register.filter
def moment(at: datetime) -> str:
    """2026-12-31 09:05, in the zone of the law (settings.TIME_ZONE)."""
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


@register.filter
def plain(number: Decimal | int) -> str:
    """A number without trailing noughts: 10, 0.03."""
    return f"{Decimal(number).normalize():f}"


@register.filter
def bytes_short(size: int) -> str:
    """1.4 MB; the unit is the same in both languages."""
    if size < 1024:
        return f"{size} B"
    if size < 1024 * 1024:
        return f"{size / 1024:.0f} KB"
    return f"{size / 1024 / 1024:.1f} MB"


@register.simple_tag(takes_context=True)
def navigation(context: template.Context) -> list[Stop]:
    """Where this person's role works; the first four are a phone's bottom bar."""
    request = context.get("request")
    return stops_of(request) if request is not None else []


@register.simple_tag(takes_context=True)
def machinery_alarm(context: template.Context) -> list[Sign]:
    """What is silent of the machinery, for who runs it; one query, and none for all others."""
    request = context.get("request")
    return machinery.alarm_for(request, context.get("signs")) if request is not None else []


@register.filter
def sign_names(signs: list[Sign]) -> str:
    return machinery.names_of(signs)


@register.filter
def sign_name(sign: Sign) -> str:
    return str(machinery.NAMES[sign.name])


@register.filter
def post_fault(fault: str) -> SafeString:
    """Why a post to a channel did not go: our own words, or the technical ones as they are."""
    if fault in machinery.POST_FAULTS:
        return format_html('<span class="under">{}</span>', machinery.POST_FAULTS[fault])
    return format_html('<code class="under wrap-any" lang="en">{}</code>', fault)


@register.filter
def trouble_title(trouble: Trouble) -> str:
    """What is wrong with mails that share a reason."""
    return str(machinery.TROUBLES[trouble][0])


@register.filter
def trouble_advice(trouble: Trouble) -> str:
    """What can be done about it."""
    return str(machinery.TROUBLES[trouble][1])


@register.simple_tag
def demo_site() -> bool:
    """True where only made-up plants stand, which every page says."""
    return bool(getattr(settings, "DEMO_SITE", False))


@register.simple_tag
def query(base: str, key: str, value: object) -> str:
    """A page's query string with one key set."""
    return f"?{base}{'&' if base else ''}{key}={value}"


@register.simple_block_tag
def tight(content: SafeString) -> SafeString:
    """The same with one line break for each run of blanks around one: a long table's indentation.

    Not for text areas and quotations, in which people see their blanks.
    """
    # What comes in is rendered, so escaped already.
    return mark_safe(_INDENTATION.sub("\n", content))  # noqa: S308


@register.filter
def as_json(values: object) -> str:
    """Values as the trail keeps them."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True)
