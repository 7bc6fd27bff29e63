"""Template tags: small pieces that stand in many rows, made without an include each."""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from plants.models import Part
from tracker.assessments.models import Review
from tracker.evidence.models import Submission
from tracker.obligations.models import OWED
from tracker.reporting.answers import review_of
from tracker.web import measures
from tracker.web.figures.ring import Arc
from tracker.web.looks import (
    PART_ICONS,
    VERIFICATION_HINTS,
    VERIFICATIONS,
    Due,
    Look,
    state_look,
)
from tracker.web.navigation import Stop, stops_of

register = template.Library()
COMPLETE, INCOMPLETE = _("complete"), _("not complete yet")
SPRITE = "vendor/tabler-icons-3.51.0.svg"


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of the sprite; it only repeats what the words beside it say."""
    return format_html(
        '<svg class="i" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        static(SPRITE),
        name,
    )


def _badge(look: Look, hint: object = "") -> SafeString:
    return format_html(
        '<span class="b b-{}"{}>{}{}</span>',
        look.tone,
        format_html(' title="{}"', hint) if hint else "",
        icon(look.icon),
        look.word,
    )


@register.simple_tag
def state_badge(state: str, due_on: date, today: date) -> SafeString:
    """The state with icon and word; overdue and due soon are worked out here from the dates."""
    return _badge(state_look(state, due_on, today))


@register.simple_tag
def verification_badge(verification: str) -> SafeString:
    """How sure we are of the text behind a rule; its tooltip says what that means."""
    return _badge(VERIFICATIONS[verification], VERIFICATION_HINTS[verification])


@register.simple_tag
def due(due_on: date, today: date, state: str = "open") -> SafeString:
    """The due date, with the days left while the answer is still owed."""
    day = due_on.isoformat()
    if state not in OWED:
        return format_html('<time class="date" datetime="{0}">{0}</time>', day)
    against = Due(due_on, today)
    return format_html(
        '<time class="date" datetime="{0}">{0}</time> <span class="left-{1} nowrap">{2}</span>',
        day,
        against.tone,
        against.words,
    )


@register.simple_tag
def part(code: str, words: bool = True) -> SafeString:
    """A part's icon with its name, or with the name as a tooltip only."""
    name = Part(code).label
    if words:
        return format_html('<span class="part">{} {}</span>', icon(PART_ICONS[code]), name)
    return format_html(
        '<span class="part" title="{0}">{1}<span class="visually-hidden">{0}</span></span>',
        name,
        icon(PART_ICONS[code]),
    )


@register.simple_tag
def days_left(due_on: date, today: date, state: str) -> SafeString | str:
    """The days left or gone, while the answer is still owed."""
    if state not in OWED:
        return ""
    against = Due(due_on, today)
    return format_html('<span class="left-{}">{}</span>', against.tone, against.words)


@register.simple_tag
def unsettled(verification: str) -> SafeString | str:
    """A badge for what isn't verified, and nothing for what is: for rows."""
    if verification == "verified":
        return ""
    return format_html(' <span class="unsettled">{}</span>', verification_badge(verification))


@register.simple_tag
def parts_done(parts: dict[str, bool]) -> SafeString:
    """The three parts of the ring as icons: complete ones in green with a tick."""
    return format_html(
        '<span class="pds">{}</span>',
        format_html_join("", _PART_DONE, (_part_done(code, parts[code]) for code in parts)),
    )


_PART_DONE = '<span class="pd{0}" title="{1}">{2}<span class="visually-hidden">{1}</span></span>'


def _part_done(code: str, done: bool) -> tuple[str, str, SafeString]:
    label = f"{Part(code).label}: {COMPLETE if done else INCOMPLETE}"
    return (" yes" if done else "", label, icon(PART_ICONS[code]))


@register.simple_tag
def parts_complete(ring: list[Arc]) -> str:
    """How many of the three parts are complete: 2/3."""
    return f"{sum(arc.is_complete for arc in ring)}/{len(ring)}"


@register.simple_tag
def file_icon(media_type: str) -> SafeString:
    """A picture, a sheet, a PDF, or any other paper."""
    if media_type.startswith("image/"):
        return icon("photo")
    if "sheet" in media_type or media_type == "text/csv":
        return icon("file-spreadsheet")
    return icon("file-type-pdf" if media_type == "application/pdf" else "file-text")


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
def decision(submission: Submission) -> Review | None:
    """The decision on a submission; no query, it was read with it."""
    return review_of(submission)


@register.filter
def thousands(number: int) -> str:
    """5,000"""
    return f"{number:,}"


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


@register.simple_tag
def demo_site() -> bool:
    """True where only made-up plants stand, which every page says."""
    return bool(getattr(settings, "DEMO_SITE", False))


@register.simple_tag
def query(base: str, key: str, value: object) -> str:
    """A page's query string with one key set."""
    return f"?{base}{'&' if base else ''}{key}={value}"
