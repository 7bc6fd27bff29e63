"""A row's cells and links, made without the price of a template node for each."""

from functools import cache

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from plants.models import Part
from tracker.reporting.plants import PlantRow
from tracker.web.looks import PART_ICONS
from tracker.web.marks import icon

COMPLETE, INCOMPLETE = _("complete"), _("not complete yet")


def parts_done(parts: dict[str, bool]) -> SafeString:
    """The three parts of the ring as icons: complete ones in green with a tick."""
    return _parts_done(tuple(parts.items()), get_language())


@cache
def _parts_done(parts: tuple[tuple[str, bool], ...], language: str | None) -> SafeString:
    each = (_part_done(code, done) for code, done in parts)
    return format_html('<span class="pds">{}</span>', format_html_join("", _PART_DONE, each))


_PART_DONE = '<span class="pd{0}" title="{1}">{2}<span class="visually-hidden">{1}</span></span>'


def _part_done(code: str, done: bool) -> tuple[str, str, SafeString]:
    label = f"{Part(code).label}: {COMPLETE if done else INCOMPLETE}"
    return (" yes" if done else "", label, icon(PART_ICONS[code]))


def address(name: str, pk: int) -> str:
    """What ``url`` gives for a thing with a number, twenty times as fast: for rows."""
    before, after = _around_pk(name)
    return f"{before}{pk}{after}"


@cache
def _around_pk(name: str) -> tuple[str, str]:
    before, _zero, after = reverse(name, args=[0]).partition("0")
    return before, after


def plant_numbers(row: PlantRow) -> SafeString:
    """The cells of a plant's numbers; each that judges opens the rows behind it."""
    load, words = row.load, _number_words(get_language())
    behind = f"{_list_address()}?plant={row.plant.pk}&state="
    return format_html(
        "{}<td>{}</td>{}",
        _cells(
            (words[0], row.line_count or ""),
            ("t/d", f"{row.capacity_tpd:,}" if row.capacity_tpd else ""),
        ),
        parts_done(row.parts),
        _cells(
            (words[1], _number(load.overdue, behind + "overdue", "left-late")),
            (words[2], _number(load.due_soon, behind + "due_soon", "left-soon")),
            (words[3], _number(load.to_review, behind + "to_review", "")),
            (words[4], _number(load.owed, behind + "owed", "quiet")),
            (words[5], _number(load.accepted, behind + "accepted", "quiet")),
        ),
    )


@cache
def _list_address() -> str:
    return reverse("obligations")


@cache
def _number_words(language: str | None) -> tuple[str, ...]:
    """The columns' names, which a phone shows beside each number."""
    words = (_("Lines"), _("Overdue"), _("30 days"), _("To review"), _("Owed"), _("Accepted"))
    return tuple(str(word) for word in words)


def _cells(*pairs: tuple[str, object]) -> SafeString:
    return format_html_join("", '<td class="num" data-label="{}">{}</td>', pairs)


def _number(count: int, behind: str, tone: str) -> SafeString | str:
    """A link to the rows; nothing for nought, and a sign beside what is late."""
    if not count:
        return ""
    sign = icon("alert-triangle") if tone == "left-late" else ""
    return format_html('<a class="{}" href="{}">{} {}</a>', tone, behind, sign, count)
