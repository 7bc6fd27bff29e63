"""A row's cells and links, made without the price of a template node for each."""

from collections.abc import Iterable
from functools import cache
from html import escape
from typing import NamedTuple

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from plants.models import Part, PlantKind, RunStatus
from tracker.reporting.plants import Choice, PlantRow
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


def plant_rows(rows: Iterable[PlantRow]) -> SafeString:
    """A table's rows of plants; each number that judges opens the rows behind it.

    They are put together without the template engine: fifty rows were half of the page's time.
    Every name is escaped here.
    """
    words = _words(get_language())
    return SafeString("\n".join(_plant_row(row, words) for row in rows))


class _Words(NamedTuple):
    """A row's words in one language; ``cells`` are the beginnings of its numbers' cells."""

    language: str | None
    kinds: dict[str, str]
    statuses: dict[str, str]
    cells: tuple[str, ...]


@cache
def _words(language: str | None) -> _Words:
    columns = (_("Lines"), "t/d", _("Overdue"), _("30 days"), _("To review"), _("Owed"))
    return _Words(
        language=language,
        kinds={kind.value: escape(str(kind.label)) for kind in PlantKind},
        statuses={status.value: escape(str(status.label)) for status in RunStatus},
        # A phone shows the column's name beside each number.
        cells=tuple(
            f'<td class="num" data-label="{escape(str(column))}">'
            for column in (*columns, _("Accepted"))
        ),
    )


def _plant_row(row: PlantRow, words: _Words) -> str:
    name, authority, place = (
        escape(text.in_language(words.language)) for text in (row.name, row.authority, row.place)
    )
    under = words.kinds[row.kind]
    if row.company:
        under += f" · {escape(row.company.in_language(words.language))}"
    if row.status != RunStatus.RUNNING:
        under += f" · {words.statuses[row.status]}"
    return (
        f'<tr><td><a class="title" href="{address("plant", row.pk)}">{name}</a> '
        f'<span class="under">{under}</span></td>'
        f'<td class="small">{authority}</td><td class="small">{place}</td>'
        f"{_numbers(row, words.cells)}</tr>"
    )


def _numbers(row: PlantRow, cells: tuple[str, ...]) -> str:
    lines, capacity, overdue, due_soon, to_review, owed, accepted = cells
    load = row.load
    behind = f"{_list_address()}?plant={row.pk}&amp;state="
    return (
        f"{lines}{row.line_count or ''}</td>"
        f"{capacity}{f'{row.capacity_tpd:,}' if row.capacity_tpd else ''}</td>"
        f"<td>{parts_done(row.parts)}</td>"
        f"{overdue}{_number(load.overdue, behind + 'overdue', 'left-late')}</td>"
        f"{due_soon}{_number(load.due_soon, behind + 'due_soon', 'left-soon')}</td>"
        f"{to_review}{_number(load.to_review, behind + 'to_review', '')}</td>"
        f"{owed}{_number(load.owed, behind + 'owed', 'quiet')}</td>"
        f"{accepted}{_number(load.accepted, behind + 'accepted', 'quiet')}</td>"
    )


@cache
def _list_address() -> str:
    return reverse("obligations")


def _number(count: int, behind: str, tone: str) -> str:
    """A link to the rows; nothing for nought, and a sign beside what is late."""
    if not count:
        return ""
    sign = f"{icon('alert-triangle')} " if tone == "left-late" else ""
    tone = f' class="{tone}"' if tone else ""
    return f'<a{tone} href="{behind}">{sign}{count}</a>'


def options(choices: Iterable[tuple[str, object]] | Iterable[Choice], chosen: object) -> SafeString:
    """A select's options: pairs of code and word, or choices; the one with this code is chosen."""
    return SafeString("".join(_option(choice, chosen) for choice in choices))


def _option(choice: tuple[str, object] | Choice, chosen: object) -> str:
    code, word = (choice.code, choice.name) if isinstance(choice, Choice) else choice
    selected = " selected" if code == chosen else ""
    return f'<option value="{escape(code)}"{selected}>{escape(str(word))}</option>'
