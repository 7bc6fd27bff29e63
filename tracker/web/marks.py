"""Small marks that stand in many rows: icons, badges, dates. Made once for each language."""

from datetime import date
from functools import cache

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from plants.models import Part
from tracker.evidence.models import StoredFile
from tracker.evidence.quarantine import shown_state
from tracker.obligations.models import OWED
from tracker.web.looks import (
    ANNEXES,
    ANSWER_LOOKS,
    EFFECTS,
    PART_ICONS,
    PROJECTED,
    PROJECTED_HINT,
    RELIEFS,
    SCANS,
    STATES,
    VERDICTS,
    VERIFICATION_HINTS,
    VERIFICATIONS,
    Due,
    Look,
    state_key,
)

SPRITE = "vendor/tabler-icons-3.51.0.svg"


@cache
def icon(name: str) -> SafeString:
    """An icon of the sprite; it only repeats what the words beside it say."""
    return format_html(
        '<svg class="i" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        static(SPRITE),
        name,
    )


def badge(look: Look, hint: object = "") -> SafeString:
    """A look's icon and word; the hint is its tooltip."""
    return format_html(
        '<span class="b b-{}"{}>{}{}</span>',
        look.tone,
        format_html(' title="{}"', hint) if hint else "",
        icon(look.icon),
        look.word,
    )


def state_badge(state: str, due_on: date, today: date) -> SafeString:
    """The state with icon and word; overdue and due soon are worked out here from the dates."""
    return _state_badge(state_key(state, due_on, today), get_language())


@cache
def _state_badge(key: str, language: str | None) -> SafeString:
    return badge(STATES[key])


def answer_badge(answer: str) -> SafeString:
    """Whether a rule binds a subject."""
    return _answer_badge(answer, get_language())


@cache
def _answer_badge(answer: str, language: str | None) -> SafeString:
    return badge(ANSWER_LOOKS[answer])


def verification_badge(verification: str) -> SafeString:
    """How sure we are of the text behind a rule; its tooltip says what that means."""
    return _verification_badge(verification, get_language())


@cache
def _verification_badge(verification: str, language: str | None) -> SafeString:
    return badge(VERIFICATIONS[verification], VERIFICATION_HINTS[verification])


def projected_badge() -> SafeString:
    """For windows of a season whose plan is not issued."""
    return _projected_badge(get_language())


@cache
def _projected_badge(language: str | None) -> SafeString:
    return badge(PROJECTED, PROJECTED_HINT)


def verdict_badge(verdict: str) -> SafeString:
    """Whether what the planner asks for still fits."""
    return _verdict_badge(verdict, get_language())


@cache
def _verdict_badge(verdict: str, language: str | None) -> SafeString:
    return badge(VERDICTS[verdict])


def relief_badge(state: str) -> SafeString:
    """Where a request for an extension or a waiver stands."""
    return _relief_badge(state, get_language())


@cache
def _relief_badge(state: str, language: str | None) -> SafeString:
    return badge(RELIEFS[state])


def annex_badge(state: str) -> SafeString:
    """Where the import of an annex stands."""
    return _annex_badge(state, get_language())


@cache
def _annex_badge(state: str, language: str | None) -> SafeString:
    return badge(ANNEXES[state])


def effect_badge(effect: str) -> SafeString:
    """What a row of an annex would do to the date on record."""
    return _effect_badge(effect, get_language())


@cache
def _effect_badge(effect: str, language: str | None) -> SafeString:
    return badge(EFFECTS[effect])


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


def part(code: str, words: bool = True) -> SafeString:
    """A part's icon with its name, or with the name as a tooltip only."""
    return _part(code, words, get_language())


@cache
def _part(code: str, words: bool, language: str | None) -> SafeString:
    name = Part(code).label
    if words:
        return format_html('<span class="part">{} {}</span>', icon(PART_ICONS[code]), name)
    return format_html(
        '<span class="part" title="{0}">{1}<span class="visually-hidden">{0}</span></span>',
        name,
        icon(PART_ICONS[code]),
    )


def days_left(due_on: date, today: date, state: str) -> SafeString | str:
    """The days left or gone, while the answer is still owed."""
    if state not in OWED:
        return ""
    against = Due(due_on, today)
    return format_html('<span class="left-{}">{}</span>', against.tone, against.words)


def unsettled(verification: str) -> SafeString | str:
    """A badge for what isn't verified, and nothing for what is: for rows."""
    if verification == "verified":
        return ""
    return format_html(' <span class="unsettled">{}</span>', verification_badge(verification))


def scan_badge(stored: StoredFile) -> SafeString:
    """Whether the file was scanned for viruses; its tooltip says what by and when."""
    hint = stored.scan_found or stored.scan_engine
    if hint:
        return badge(SCANS[shown_state(stored)], hint)
    return _scan_badge(shown_state(stored), get_language())


@cache
def _scan_badge(state: str, language: str | None) -> SafeString:
    return badge(SCANS[state])


def file_icon(media_type: str) -> SafeString:
    """A picture, a sheet, a PDF, or any other paper."""
    if media_type.startswith("image/"):
        return icon("photo")
    if "sheet" in media_type or media_type in ("text/csv", "application/vnd.ms-excel"):
        return icon("file-spreadsheet")
    return icon("file-type-pdf" if media_type == "application/pdf" else "file-text")
