"""The kiln calendar: a season's stop windows from seed files into rows."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Annotated

from pydantic import AfterValidator, Field

from plants.models import Place, StopWindow
from plants.seedfile import Fault, Path, SeedFile
from plants.seedrows import SeedReport
from plants.seedshape import Both, Code, Shape, check_shape, fits, one_of, refuse, show, unknown
from plants.verification import Verification

KEYS = ("season", "windows", "not_known")


def _season(value: str) -> str:
    match = re.fullmatch(r"(\d{4})-(\d{2})", value)
    if not match or (int(match[1]) + 1) % 100 != int(match[2]):
        raise refuse(f"must be two years like 2025-26; got {show(value)}")
    return value


class StopShape(Shape):
    starts_on: date = Field(alias="from")
    ends_on: date = Field(alias="to")


class WindowsShape(Shape):
    places: Annotated[list[str], Field(min_length=1)]
    stops: Annotated[list[StopShape], Field(min_length=1)]


class NotKnownShape(Shape):
    places: Annotated[list[str], Field(min_length=1)]
    note: Both


class SeasonShape(Shape):
    season: Annotated[str, AfterValidator(_season)]
    document: Annotated[Code, fits(StopWindow, "document_code")]
    clause: Annotated[str, fits(StopWindow, "clause")] = ""
    verification: Annotated[str, one_of(Verification.values)]
    note: Both | None = None
    windows: list[WindowsShape]
    not_known: list[NotKnownShape] = []


@dataclass(frozen=True)
class Season:
    """One season's file."""

    seed: SeedFile
    shape: SeasonShape

    def stops(self) -> Iterator[tuple[str, StopShape, Path]]:
        """Each place with each of its stops, and where the stop is written."""
        for i, windows in enumerate(self.shape.windows):
            for j, stop in enumerate(windows.stops):
                for place in windows.places:
                    yield place, stop, ("windows", i, "stops", j)

    def named(self) -> Iterator[tuple[str, Path]]:
        """Each place that the file names, and where."""
        listed = {
            "windows": [group.places for group in self.shape.windows],
            "not_known": [group.places for group in self.shape.not_known],
        }
        for key, groups in listed.items():
            for i, places in enumerate(groups):
                for j, place in enumerate(places):
                    yield place, (key, i, "places", j)


@dataclass(frozen=True)
class CorrectedWindow:
    """What of a window was put right after its source: its columns, which no file sets.

    ``filed_from`` is its first day as the files have it, where that is among them.
    """

    columns: frozenset[str]
    filed_from: date | None = None


NOTHING_CORRECTED: Mapping[int, CorrectedWindow] = MappingProxyType({})


def parse_calendar(
    seeds: Iterable[SeedFile],
    *,
    places: Collection[str],
    prefectures: Collection[str],
    documents: Collection[str],
    whole: bool = True,
) -> tuple[list[Season], list[Fault]]:
    """Check the files' shapes, their places, documents and days. Pure.

    `whole` is False when some file could not be read: what it may name is then not missed.
    """
    seasons: list[Season] = []
    faults: list[Fault] = []
    for seed in seeds:
        shape, wrong = check_shape(seed, SeasonShape)
        faults += wrong
        if shape is None:
            continue
        season = Season(seed, shape)
        if any(other.shape.season == shape.season for other in seasons):
            faults.append(seed.fault(("season",), f"{shape.season} has another file already"))
        if whole and shape.document not in documents:
            message = unknown("document", shape.document, documents)
            faults.append(seed.fault(("document",), message))
        faults += _day_faults(season)
        if whole:
            faults += _place_faults(season, places, prefectures)
        seasons.append(season)
    return seasons, faults


def load_calendar(
    seasons: Sequence[Season], corrected: Mapping[int, CorrectedWindow] = NOTHING_CORRECTED
) -> SeedReport:
    """Bring the seasons' windows into line; runs in the caller's transaction.

    A window that left its season's file is removed: it never was the plan's. Seasons that are not
    given are left alone, and so is what was ``corrected``, by the windows' ids.
    """
    report = SeedReport()
    places = {place.code: place for place in Place.objects.all()}
    for season in seasons:
        shape = season.shape
        there = StopWindow.objects.filter(season=shape.season).select_related("place")
        windows = list(there.order_by("pk"))
        known, matched = _by_first_day(windows, corrected), set[int]()
        for code, stop, _path in season.stops():
            window = known.get((code, stop.starts_on))
            if window is not None and window.pk in matched:
                continue  # another stop of the file was put right to begin on this day
            key = {"place": places[code], "season": shape.season, "starts_on": stop.starts_on}
            values = _uncorrected(_values(shape, stop), window, corrected)
            matched.add(report.sync(StopWindow, window, key, values).pk)
        for window in windows:
            if window.pk not in matched and window.pk not in corrected:
                report.remove(window, {"starts_on": window.starts_on, "ends_on": window.ends_on})
    return report


def _by_first_day(
    windows: Iterable[StopWindow], corrected: Mapping[int, CorrectedWindow]
) -> dict[tuple[str, date], StopWindow]:
    """By place and first day: the files' own, before the one that it was corrected to."""
    by_day = {(window.place.code, window.starts_on): window for window in windows}
    by_filed_day = {
        (window.place.code, filed): window
        for window in windows
        if window.pk in corrected and (filed := corrected[window.pk].filed_from) is not None
    }
    return by_day | by_filed_day


def _uncorrected(
    values: dict[str, object], window: StopWindow | None, corrected: Mapping[int, CorrectedWindow]
) -> dict[str, object]:
    if window is None or window.pk not in corrected:
        return values
    kept = corrected[window.pk].columns
    return {name: value for name, value in values.items() if name not in kept}


def _values(shape: SeasonShape, stop: StopShape) -> dict[str, object]:
    return {
        "ends_on": stop.ends_on,
        "document_code": shape.document,
        "clause": shape.clause,
        "verification": shape.verification,
        "note_zh": shape.note.zh if shape.note else "",
        "note_en": shape.note.en if shape.note else "",
    }


def _place_faults(
    season: Season, places: Collection[str], prefectures: Collection[str]
) -> list[Fault]:
    faults = []
    seen: set[str] = set()
    for place, path in season.named():
        if place not in places:
            faults.append(season.seed.fault(path, unknown("place", place, places)))
        elif place in seen:
            faults.append(season.seed.fault(path, f"'{place}' stands in this file twice"))
        seen.add(place)
    silent = sorted(set(prefectures) - seen)
    if silent:
        left = ", ".join(silent)
        message = f"says nothing of {left}: give their stops, or list them in not_known"
        faults.append(season.seed.fault(("windows",), message))
    return faults


def _day_faults(season: Season) -> list[Fault]:
    faults: set[Fault] = set()
    first = int(season.shape.season[:4])
    by_place: dict[str, list[StopShape]] = {}
    for place, stop, path in season.stops():
        if stop.ends_on < stop.starts_on:
            faults.add(season.seed.fault((*path, "to"), f"is before its from, {stop.starts_on}"))
        for key, day in (("from", stop.starts_on), ("to", stop.ends_on)):
            if day.year not in (first, first + 1):
                message = f"{day} lies outside the season {season.shape.season}"
                faults.add(season.seed.fault((*path, key), message))
        for other in by_place.setdefault(place, []):
            if stop.starts_on <= other.ends_on and other.starts_on <= stop.ends_on:
                message = f"overlaps the stop {other.starts_on} to {other.ends_on}"
                faults.add(season.seed.fault((*path, "from"), message))
        by_place[place].append(stop)
    return sorted(faults)
