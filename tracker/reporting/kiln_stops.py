"""When kilns stand still in a span: by place, and by line where one does not stop as its place."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from plants.kilns import Kiln, PlaceKilns, read_place_kilns
from plants.models.site import PlantQuerySet
from plants.text import Text
from plants.windows import Window, line_windows


class Stop(NamedTuple):
    """Kilns stand still at these places from the first to the last day, both included.

    ``apart`` lines there have days of their own. ``projected_from`` is a season, or empty.
    """

    first: date
    last: date
    places: tuple[Text, ...]
    verification: str
    projected_from: str = ""
    apart: int = 0


@dataclass(frozen=True, slots=True)
class KilnStops:
    """``apart`` are the lines that differ from their place within the span, with their own days."""

    places: list[Stop]
    apart: list[Kiln]


@dataclass(slots=True)
class _Named:
    """A place that a plan names: whether any line stops with it, and how many do not."""

    followed: bool = False
    apart: int = 0


def read_kiln_stops(plants: PlantQuerySet, *, first: date, last: date) -> KilnStops:
    """The stops where the plants stand; places that stop alike are named together.

    A place is left out where each of its lines has days of its own.
    """
    places = read_place_kilns(plants, first=first, last=last)
    apart = {place.place.pk: _apart(place, first, last) for place in places}
    kilns = [kiln for own in apart.values() for kiln in own]
    kilns.sort(key=lambda k: (k.line.plant.name_zh, k.line.plant_id, k.line.number))
    return KilnStops(_together(places, apart, first, last), kilns)


def _apart(place: PlaceKilns, first: date, last: date) -> list[Kiln]:
    """The lines that stop on other days than their place, with what they do in the span."""
    if not place.kilns:
        return []
    plan = _days(line_windows(place.plan, (), ()), first, last)
    return [
        Kiln(
            kiln.line,
            list(_touching(kiln.windows, first, last)),
            list(_touching(kiln.runs, first, last)),
        )
        for kiln in place.kilns
        if _days(kiln.windows, first, last) != plan
    ]


def _together(
    places: Iterable[PlaceKilns], apart: dict[int, list[Kiln]], first: date, last: date
) -> list[Stop]:
    found: dict[tuple[date, date, str, str], dict[Text, _Named]] = {}
    for place in places:
        own = len(apart[place.place.pk])
        for window in _touching(place.plan, first, last):
            key = (window.starts_on, window.ends_on, window.verification, window.projected_from)
            named = found.setdefault(key, {}).setdefault(_name(window, place), _Named())
            named.apart += own
            named.followed |= not own or own < place.line_count
    stops = [_stop(key, named) for key, named in found.items()]
    return sorted((stop for stop in stops if stop.places), key=lambda stop: stop[:2])


def _stop(key: tuple[date, date, str, str], named: dict[Text, _Named]) -> Stop:
    first, last, verification, projected_from = key
    shown = {name: lines for name, lines in named.items() if lines.followed}
    apart = sum(lines.apart for lines in shown.values())
    return Stop(first, last, tuple(shown), verification, projected_from, apart)


def _name(window: Window, place: PlaceKilns) -> Text:
    return window.place or place.place.name


def _touching(windows: Iterable[Window], first: date, last: date) -> Iterator[Window]:
    return (window for window in windows if window.touches(first, last))


def _days(windows: Iterable[Window], first: date, last: date) -> Sequence[tuple[date, date]]:
    return [
        (max(window.starts_on, first), min(window.ends_on, last))
        for window in _touching(windows, first, last)
    ]
