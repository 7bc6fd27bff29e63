"""The stop windows of one line: its place's, less what it may run, and what it stops besides.

Days are end-inclusive. Windows of seasons whose plan is not issued yet are projected from the last
issued one by whole years; they are flagged, and never stored. Pure.
"""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum

from plants.plausible import LATEST
from plants.text import Text

DAY = timedelta(days=1)


class Cause(Enum):
    """Why a kiln stops, or may run: the place's plan, a swap, a replacement agreement."""

    PLAN = "plan"
    SWAP = "swap"
    AGREEMENT = "agreement"


@dataclass(frozen=True, slots=True)
class Window:
    """Days of one line with where they come from. ``projected_from`` is a season, or empty.

    ``place`` is the one that a plan names, which may be larger than where the plant stands.
    """

    starts_on: date
    ends_on: date
    cause: Cause
    source: Text
    season: str = ""
    verification: str = ""
    projected_from: str = ""
    place: Text | None = None

    @property
    def is_projected(self) -> bool:
        return bool(self.projected_from)

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1

    def touches(self, first: date, last: date) -> bool:
        """Whether it shares a day with the span from first to last, both included."""
        return self.starts_on <= last and self.ends_on >= first


def line_windows(
    plan: Iterable[Window], stops: Iterable[Window], runs: Iterable[Window]
) -> list[Window]:
    """When the line's kiln stands still, oldest first, no day twice.

    ``plan`` are its place's windows, ``stops`` what swaps and agreements add, ``runs`` when they
    let the kiln run. A run wins over every stop; of two stops on a day the plan's counts.
    """
    found: list[Window] = []
    taken = list(runs)
    for window in (*_in_order(plan), *_in_order(stops)):
        pieces = subtract(window, taken)
        found += pieces
        taken += pieces
    return _in_order(found)


def subtract(window: Window, others: Iterable[Window]) -> list[Window]:
    """What of the window's days is in none of the others: pieces, oldest first."""
    pieces = []
    first = window.starts_on
    for other in _in_order(o for o in others if o.touches(window.starts_on, window.ends_on)):
        if other.starts_on > first:
            pieces.append(replace(window, starts_on=first, ends_on=other.starts_on - DAY))
        first = max(first, other.ends_on + DAY)
    if first <= window.ends_on:
        is_whole = first == window.starts_on
        pieces.append(window if is_whole else replace(window, starts_on=first))
    return pieces


def with_projected(plan: Sequence[Window], *, until: date, since: date = date.min) -> list[Window]:
    """The place's issued windows, and the last issued season's for each year up to ``until``.

    Who looks at days from ``since`` on only is spared the projected years that end before it.
    Later than any paper's day nothing is known: the calendar itself ends with the year 9999.
    """
    until = min(until, LATEST)
    seasons = sorted({window.season for window in plan})
    if not seasons:
        return []
    last = [window for window in plan if window.season == seasons[-1]]
    found = list(plan)
    begin = max(1, since.year - max(w.ends_on for w in last).year)
    for years in range(begin, until.year - min(w.starts_on for w in last).year + 1):
        found += [
            window
            for window in (_later(w, years) for w in last)
            if window.starts_on <= min(until, window.ends_on)
        ]
    return _in_order(found)


def season_text(season: str) -> Text:
    """2025-26 as people write it."""
    year = int(season[:4])
    return Text(f"{year}—{year + 1}年度", season)


def _later(window: Window, years: int) -> Window:
    """The same so many years later. One that is only 29 February may end before it starts."""
    year = int(window.season[:4]) + years
    named = season_text(window.season)
    return replace(
        window,
        starts_on=_shifted(window.starts_on, years, missing=1),
        ends_on=_shifted(window.ends_on, years, missing=0),
        season=f"{year}-{(year + 1) % 100:02}",
        projected_from=window.season,
        source=Text(
            f"{named.zh}错峰生产方案（推算）",
            f"projected from the peak-shifting plan of {named.en}",
        ),
    )


def _shifted(day: date, years: int, *, missing: int) -> date:
    """Where a year has no 29 February: 28 February, and ``missing`` days more."""
    if (day.month, day.day) == (2, 29) and not calendar.isleap(day.year + years):
        return date(day.year + years, 2, 28) + missing * DAY
    return day.replace(year=day.year + years)


def _in_order(windows: Iterable[Window]) -> list[Window]:
    return sorted(windows, key=lambda window: (window.starts_on, window.ends_on))
