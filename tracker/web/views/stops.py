"""Kiln stops in the calendar: bands along the days, and each line that differs, with its days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plants.kilns import Kiln
from plants.models import Line
from plants.text import Text
from plants.windows import Window
from tracker.reporting.calendar import Wanted
from tracker.reporting.kiln_stops import KilnStops
from tracker.reporting.kiln_stops import Stop as PlaceStop
from tracker.web.figures.month import Band
from tracker.web.looks import PROJECTED, VERIFICATIONS
from tracker.web.views.years import Stop, stops_of_line

MOST_DRAWN = 6  # a grid that named more lines would hide its days
MOST_LISTED = 60  # nobody reads a longer list; the filters narrow it


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line with days of its own; ``plant`` where the reader works with several."""

    line: Line
    plant: Text | None
    stops: list[Stop]

    @property
    def name(self) -> str:
        return f"{self.plant} {self.line.name}" if self.plant else str(self.line.name)


def show_apart(kilns: Sequence[Kiln], *, names_plants: bool) -> list[ShownLine]:
    """The lines that are listed, the first so many."""
    return [
        ShownLine(kiln.line, kiln.line.plant.name if names_plants else None, stops_of_line(kiln))
        for kiln in kilns[:MOST_LISTED]
    ]


def draw_bands(stops: KilnStops, lines: Sequence[ShownLine], wanted: Wanted) -> list[Band]:
    """The places' bands, and those of the first lines."""
    return [*_place_bands(stops.places, wanted), *_line_bands(lines[:MOST_DRAWN], wanted)]


def _place_bands(stops: Iterable[PlaceStop], wanted: Wanted) -> list[Band]:
    """Within the month: stops that look alike here are one band, whatever their seasons."""
    alike: dict[tuple[date, date, str, bool], list[PlaceStop]] = {}
    for stop in stops:
        first, last = _within(stop.first, stop.last, wanted)
        key = (first, last, stop.verification, bool(stop.projected_from))
        alike.setdefault(key, []).append(stop)
    return [
        Band(
            first,
            last,
            _place_label(together, verification, is_projected=is_projected),
            "stop projected" if is_projected else "stop",
        )
        for (first, last, verification, is_projected), together in alike.items()
    ]


def _place_label(stops: list[PlaceStop], verification: str, *, is_projected: bool) -> str:
    """A long label is cut at its end: what is to be known of all places stands before them."""
    told = {"places": _joined(str(place) for stop in stops for place in stop.places)}
    apart = sum(stop.apart for stop in stops)
    notes = [str(PROJECTED.word)] if is_projected else _how_sure(verification)
    if apart:
        notes.append(ngettext("%(n)s line differs", "%(n)s lines differ", apart) % {"n": apart})
    if not notes:
        return _("Kilns stop: %(places)s") % told
    return _("Kilns stop (%(notes)s): %(places)s") % {**told, "notes": _listed(notes)}


def _line_bands(lines: Iterable[ShownLine], wanted: Wanted) -> list[Band]:
    """A batch of swaps is one band for all its lines that do the same on the same days."""
    alike: dict[tuple[date, date, str, str], list[str]] = {}
    for line in lines:
        for stop in line.stops:
            first, last = _within(stop.window.starts_on, stop.window.ends_on, wanted)
            key = (first, last, stop.tone, _why(stop.window))
            alike.setdefault(key, []).append(line.name)
    return [
        Band(first, last, _line_label(tone, why, names), tone)
        for (first, last, tone, why), names in alike.items()
    ]


def _line_label(tone: str, why: str, names: list[str]) -> str:
    told = {"source": why, "lines": _joined(names)}
    if tone == "run":
        return _("May run (%(source)s): %(lines)s") % told
    return _("Stops (%(source)s): %(lines)s") % told


def _why(window: Window) -> str:
    """The source, which says itself where it is projected, and how sure that is."""
    sure = [] if window.is_projected else _how_sure(window.verification)
    return _listed([str(window.source), *sure])


def _how_sure(verification: str) -> list[str]:
    return [] if verification == "verified" else [str(VERIFICATIONS[verification].word)]


def _joined(names: Iterable[str]) -> str:
    return pgettext("between names", ", ").join(dict.fromkeys(names))


def _listed(notes: Iterable[str]) -> str:
    return pgettext("between items", "; ").join(notes)


def _within(first: date, last: date, wanted: Wanted) -> tuple[date, date]:
    return max(first, wanted.first), min(last, wanted.last)
