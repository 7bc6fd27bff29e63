"""A month as weeks from Monday on, with bands that run along the days they cover."""

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class Band(NamedTuple):
    """From the first to the last day, both included."""

    first: date
    last: date
    label: str
    tone: str = "stop"


class Stretch(NamedTuple):
    """So many columns of a lane: a band's, or empty where there is none."""

    span: int
    band: Band | None


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days, None where they belong to another month, and the lanes of bands under them."""

    days: list[date | None]
    lanes: list[list[Stretch]]


def lay_weeks(first: date, bands: Iterable[Band]) -> list[Week]:
    """The weeks of the month that begins on ``first``; a band that ends before it is left out."""
    given = sorted(bands)
    return [
        _week([day if day.month == first.month else None for day in days], given)
        for days in Calendar().monthdatescalendar(first.year, first.month)
    ]


def _week(days: list[date | None], bands: list[Band]) -> Week:
    """Bands that don't share a day share a lane."""
    lanes: list[list[tuple[int, int, Band]]] = []
    for band in bands:
        columns = [at for at, day in enumerate(days) if day and band.first <= day <= band.last]
        if not columns:
            continue
        start, end = columns[0], columns[-1] + 1
        lane = next((lane for lane in lanes if lane[-1][1] <= start), None)
        if lane is None:
            lanes.append(lane := [])
        lane.append((start, end, band))
    return Week(days, [_stretches(lane) for lane in lanes])


def _stretches(lane: list[tuple[int, int, Band]]) -> list[Stretch]:
    stretches, at = [], 0
    for start, end, band in lane:
        if start > at:
            stretches.append(Stretch(start - at, None))
        stretches.append(Stretch(end - start, band))
        at = end
    if at < 7:
        stretches.append(Stretch(7 - at, None))
    return stretches
