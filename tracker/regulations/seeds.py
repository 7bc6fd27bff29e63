"""Sorts seed files by what they hold, and parses them together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from plants import calendar_seeds, geography
from plants.calendar_seeds import Season, parse_calendar
from plants.geography import Geography, KnownGeography, parse_geography
from plants.seedfile import Fault, SeedFile, read_seed
from plants.seedshape import like
from tracker.regulations import parse
from tracker.regulations.parse import (
    KnownRegulations,
    Regulation,
    document_codes,
    parse_regulations,
)

SHIPPED = Path(__file__).resolve().parents[2] / "seeds"
SORTS = {
    "geography": geography.KEYS,
    "calendar": calendar_seeds.KEYS,
    "regulations": parse.KEYS,
}


@dataclass(frozen=True)
class Known:
    """What files may name without holding it, because the database has it."""

    geography: KnownGeography = field(default_factory=KnownGeography)
    regulations: KnownRegulations = field(default_factory=KnownRegulations)


@dataclass(frozen=True)
class Seeds:
    """Everything that one load brings."""

    geography: Geography = field(default_factory=Geography)
    regulations: Sequence[Regulation] = ()
    seasons: Sequence[Season] = ()


@dataclass
class _Sorted:
    geography: list[SeedFile] = field(default_factory=list)
    calendar: list[SeedFile] = field(default_factory=list)
    regulations: list[SeedFile] = field(default_factory=list)


def shipped_paths(folder: Path = SHIPPED) -> list[Path]:
    """The seed files that come with the product: places, authorities, calendar, regulations."""
    own = [folder / "places.yaml", folder / "authorities.yaml"]
    return (
        own
        + sorted((folder / "calendar").glob("*.yaml"))
        + sorted((folder / "regulations").glob("*.yaml"))
    )


def read_files(paths: Iterable[Path]) -> tuple[dict[str, bytes], list[Fault]]:
    """The files' bytes by the name that faults call them, relative to the working folder."""
    contents: dict[str, bytes] = {}
    faults = []
    for path in paths:
        name = _short(path)
        try:
            contents[name] = path.read_bytes()
        except OSError as error:
            faults.append(Fault(name, 1, "", f"cannot be read: {error.strerror}"))
    return contents, faults


def parse_seeds(contents: dict[str, bytes], known: Known = Known()) -> tuple[Seeds, list[Fault]]:
    """Parse the files, of whatever sort, as one load. Pure; faults come by file and line."""
    sorted_seeds = _Sorted()
    faults: list[Fault] = []
    whole = True
    for name, content in contents.items():
        seed, wrong = read_seed(name, content)
        faults += wrong
        sort, unsorted = _sort(seed)
        faults += unsorted
        if seed is None or not sort:
            whole = False
        else:
            getattr(sorted_seeds, sort).append(seed)
    seeds, wrong = _parse_sorted(sorted_seeds, known, whole=whole)
    return seeds, sorted(set(faults + wrong))


def _parse_sorted(found: _Sorted, known: Known, *, whole: bool) -> tuple[Seeds, list[Fault]]:
    places, place_faults = parse_geography(found.geography, known.geography, whole=whole)
    regulations, regulation_faults = parse_regulations(
        found.regulations, geography=places, known=known.regulations, whole=whole
    )
    seasons, season_faults = parse_calendar(
        found.calendar,
        places=places.place_levels,
        prefectures=places.prefectures,
        documents=known.regulations.documents | document_codes(found.regulations),
        whole=whole,
    )
    seeds = Seeds(places, regulations, seasons)
    return seeds, place_faults + regulation_faults + season_faults


def _sort(seed: SeedFile | None) -> tuple[str, list[Fault]]:
    """Which sort of file it is, told by its top-level keys."""
    if seed is None or not isinstance(seed.data, dict):
        return "", []
    for sort, keys in SORTS.items():
        if any(key in seed.data for key in keys):
            return sort, []
    known = [key for keys in SORTS.values() for key in keys]
    first = str(next(iter(seed.data), ""))
    message = f"holds none of the keys {', '.join(known)}{like(first, known)}"
    return "", [Fault(seed.name, 1, "", message)]


def _short(path: Path) -> str:
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
