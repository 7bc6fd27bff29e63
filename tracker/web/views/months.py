"""What a month's grid and its list show: signs and words for what was read."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import get_language, pgettext

from plants.text import Text
from tracker.reporting.calendar import Day, Duty, Month, Scope, Wanted
from tracker.web.cells import address
from tracker.web.figures.month import Band, Week, lay_weeks
from tracker.web.looks import STATES, WORST_FIRST, Look, state_key


class Chip(NamedTuple):
    """So many obligations that look alike."""

    look: Look
    number: int


class Line(NamedTuple):
    """A duty of the list, whose it is, and where the obligations behind it are."""

    duty: Duty
    plant: Text | None
    address: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A day with something on it; ``words`` says in full what the chips say in signs."""

    day: Day
    chips: list[Chip]
    words: str
    address: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Row:
    """A week of the grid: each day with its cell, None where there is no day or nothing on it."""

    week: Week
    days: list[tuple[date | None, Cell | None]]


def draw_cells(month: Month, wanted: Wanted, scope: Scope, today: date) -> dict[date, Cell]:
    """The days with something on them; who works with one plant needs not read its name."""
    several = len(scope.plants) > 1
    names = {plant.pk: plant.name for plant in scope.plants if several}
    return {on: _cell(day, wanted, names, today) for on, day in month.days.items()}


def draw_rows(first: date, bands: Iterable[Band], cells: dict[date, Cell]) -> list[Row]:
    return [
        Row(week, [(day, cells.get(day) if day else None) for day in week.days])
        for week in lay_weeks(first, bands)
    ]


def legend_of(cells: Iterable[Cell]) -> list[Look]:
    """The looks that the month has, the worst first."""
    return _in_order({chip.look for cell in cells for chip in cell.chips})


def month_name(first: date) -> str:
    """2026年11月, November 2026."""
    chinese = (get_language() or "").startswith("zh")
    return date_format(first, "Y年n月" if chinese else "F Y", use_l10n=False)


def month_address(wanted: Wanted, first: date, **more: str) -> str:
    """The calendar of the same plants in another month or view."""
    return (
        f"{reverse('calendar')}?{urlencode({'month': f'{first:%Y-%m}', **_whose(wanted), **more})}"
    )


def _whose(wanted: Wanted) -> dict[str, str]:
    chosen = {"plant": wanted.plant, "authority": wanted.authority}
    return {name: choice.code for name, choice in chosen.items() if choice}


def _cell(day: Day, wanted: Wanted, names: dict[int, Text], today: date) -> Cell:
    behind = {"due": day.on.isoformat(), **_whose(wanted)}
    chips = _chips(day, today)
    return Cell(
        day=day,
        chips=chips,
        words=pgettext("between names", ", ").join(
            f"{chip.number} {chip.look.word}" for chip in chips
        ),
        address=f"{reverse('obligations')}?{urlencode(behind)}",
        lines=[
            Line(duty, names.get(duty.plant_id or 0), _behind(duty, behind)) for duty in day.duties
        ],
    )


def _chips(day: Day, today: date) -> list[Chip]:
    counts: Counter[Look] = Counter()
    for duty in day.duties:
        counts[STATES[state_key(duty.state, day.on, today)]] += duty.number
    return [Chip(look, counts[look]) for look in _in_order(counts)]


def _in_order(looks: Iterable[Look]) -> list[Look]:
    return sorted(looks, key=lambda look: WORST_FIRST.index(look.tone))


def _behind(duty: Duty, behind: dict[str, str]) -> str:
    """The obligation itself, or the list of them."""
    if duty.number == 1:
        return address("obligation", duty.obligation)
    return f"{reverse('obligations')}?{urlencode({**behind, 'requirement': duty.code})}"
