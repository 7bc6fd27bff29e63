"""Places, zones and the two trees of authorities: from seed files into rows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import AfterValidator

from plants.models import Authority, Place, PlaceLevel, Tree, Zone
from plants.models.people import AuthorityLevel
from plants.seedfile import Fault, SeedFile
from plants.seedrows import SeedReport
from plants.seedshape import (
    Both,
    Code,
    Coded,
    Entry,
    Shape,
    Words,
    check_shape,
    entries,
    fits,
    one_of,
    refuse,
    twice,
    unknown,
)
from plants.verification import Verification

KEYS = ("zones", "places", "authorities")
LEVELS_IN_TREE = {
    Tree.REGION: (AuthorityLevel.REGION, AuthorityLevel.PREFECTURE, AuthorityLevel.COUNTY),
    Tree.CORPS: (AuthorityLevel.CORPS, AuthorityLevel.DIVISION),
}
Sure = Annotated[str, one_of(Verification.values)]


def _tile(value: list[int]) -> list[int]:
    if len(value) != 2 or not all(0 <= step <= 99 for step in value):
        raise refuse(f"must be [row, column], two whole numbers from 0; got {value}")
    return value


Tile = Annotated[list[int], AfterValidator(_tile)]


class ZoneShape(Coded):
    code: Annotated[Code, fits(Zone, "code")]
    name: Annotated[Both, fits(Zone, "name")]
    verification: Sure


class PlaceShape(Coded):
    code: Annotated[Code, fits(Place, "code")]
    name: Annotated[Both, fits(Place, "name")]
    level: Annotated[str, one_of(PlaceLevel.values)]
    parent: str | None = None
    zone: str
    tile: Tile | None = None
    verification: Sure


class AuthorityShape(Coded):
    code: Annotated[Code, fits(Authority, "code")]
    name: Annotated[Both, fits(Authority, "name")]
    tree: Annotated[str, one_of(Tree.values)]
    level: Annotated[str, one_of(AuthorityLevel.values)]
    parent: str | None = None
    path: Annotated[Words, fits(Authority, "path")]
    place: str | None = None


class GeographyShape(Shape):
    zones: list[ZoneShape] = []
    places: list[PlaceShape] = []
    authorities: list[AuthorityShape] = []


@dataclass(frozen=True)
class KnownGeography:
    """What stands in the database already, for files that are loaded by themselves."""

    zones: frozenset[str] = frozenset()
    place_levels: Mapping[str, str] = field(default_factory=dict)
    authority_paths: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Geography:
    """The zones, places and authorities of one load, and those that were known before."""

    zones: Sequence[Entry[ZoneShape]] = ()
    places: Sequence[Entry[PlaceShape]] = ()
    authorities: Sequence[Entry[AuthorityShape]] = ()
    known: KnownGeography = field(default_factory=KnownGeography)

    @property
    def zone_codes(self) -> frozenset[str]:
        return self.known.zones | {zone.shape.code for zone in self.zones}

    @property
    def place_levels(self) -> dict[str, str]:
        new = {place.shape.code: place.shape.level for place in self.places}
        return {**self.known.place_levels, **new}

    @property
    def prefectures(self) -> frozenset[str]:
        levels = self.place_levels.items()
        return frozenset(code for code, level in levels if level == PlaceLevel.PREFECTURE)

    @property
    def authority_paths(self) -> dict[str, str]:
        new = {a.shape.code: a.shape.path for a in self.authorities}
        return {**self.known.authority_paths, **new}


def parse_geography(
    seeds: Iterable[SeedFile], known: KnownGeography = KnownGeography(), *, whole: bool = True
) -> tuple[Geography, list[Fault]]:
    """Check the files' shapes and that everything named in them exists. Pure.

    `whole` is False when some file could not be read: what it may name is then not missed.
    """
    zones: list[Entry[ZoneShape]] = []
    places: list[Entry[PlaceShape]] = []
    authorities: list[Entry[AuthorityShape]] = []
    faults: list[Fault] = []
    for seed in seeds:
        shape, wrong = check_shape(seed, GeographyShape)
        faults += wrong
        if shape is None:
            known = _with_codes_of(seed, known)
        else:
            zones += entries(seed, "zones", shape.zones)
            places += entries(seed, "places", shape.places)
            authorities += entries(seed, "authorities", shape.authorities)
    geography = Geography(zones, places, authorities, known)
    if whole and not faults:
        faults += _cross_check(geography)
    return geography, faults


def load_geography(geography: Geography) -> SeedReport:
    """Bring zones, places and authorities into line; runs in the caller's transaction.

    A place or authority that left the file stays: plants and people hang on it.
    """
    report = SeedReport()
    zones = {zone.code: zone for zone in Zone.objects.all()}
    for zone in geography.zones:
        code = zone.shape.code
        zones[code] = report.sync(Zone, zones.get(code), {"code": code}, _zone_values(zone.shape))
    places = {place.code: place for place in Place.objects.all()}
    for place in sorted(geography.places, key=lambda entry: entry.shape.parent is not None):
        code = place.shape.code
        values = _place_values(place.shape, zones, places)
        places[code] = report.sync(Place, places.get(code), {"code": code}, values)
    authorities = {authority.code: authority for authority in Authority.objects.all()}
    for entry in sorted(geography.authorities, key=lambda entry: entry.shape.path):
        code = entry.shape.code
        values = _authority_values(entry.shape, authorities, places)
        authorities[code] = report.sync(Authority, authorities.get(code), {"code": code}, values)
    return report


def known_geography() -> KnownGeography:
    """The codes in the database."""
    return KnownGeography(
        zones=frozenset(Zone.objects.values_list("code", flat=True)),
        place_levels=dict(Place.objects.values_list("code", "level")),
        authority_paths=dict(Authority.objects.values_list("code", "path")),
    )


def _cross_check(geography: Geography) -> list[Fault]:
    faults = twice(geography.zones, "zone") + twice(geography.places, "place")
    faults += twice(geography.authorities, "authority")
    for place in geography.places:
        faults += _place_faults(place, geography)
    tiles = Counter(tuple(p.shape.tile) for p in geography.places if p.shape.tile)
    for place in geography.places:
        if place.shape.tile and tiles[tuple(place.shape.tile)] > 1:
            faults.append(place.fault("tile", "is the tile of another place, too"))
    for authority in geography.authorities:
        faults += _authority_faults(authority, geography)
    return faults


def _place_faults(place: Entry[PlaceShape], geography: Geography) -> list[Fault]:
    faults = []
    shape, zones, prefectures = place.shape, geography.zone_codes, geography.prefectures
    if shape.zone not in zones:
        faults.append(place.fault("zone", unknown("zone", shape.zone, zones)))
    if shape.level == PlaceLevel.PREFECTURE:
        if shape.parent is not None:
            faults.append(place.fault("parent", "remove it: this is a prefecture-level place"))
    elif shape.parent is None:
        faults.append(place.fault("parent", "is missing: name the prefecture-level place"))
    elif shape.parent not in prefectures:
        message = unknown("prefecture-level place", shape.parent, prefectures)
        faults.append(place.fault("parent", message))
    return faults


def _authority_faults(authority: Entry[AuthorityShape], geography: Geography) -> list[Fault]:
    faults = []
    shape, paths, places = authority.shape, geography.authority_paths, geography.place_levels
    levels = LEVELS_IN_TREE[Tree(shape.tree)]
    if shape.level not in levels:
        known = ", ".join(levels)
        message = f"must be one of {known} in the tree '{shape.tree}'; got '{shape.level}'"
        faults.append(authority.fault("level", message))
    if shape.place is not None and shape.place not in places:
        faults.append(authority.fault("place", unknown("place", shape.place, places)))
    if (shape.parent is None) != (shape.level == levels[0]):
        faults.append(authority.fault("parent", f"only the level '{levels[0]}' has no parent"))
    elif shape.parent is not None and shape.parent not in paths:
        faults.append(authority.fault("parent", unknown("authority", shape.parent, paths)))
    else:
        above = paths[shape.parent] if shape.parent is not None else ""
        step = shape.path.removeprefix(above)
        if not shape.path.startswith(above) or step.count("/") != 1 or not step[:-1]:
            message = f"must be '{above}' and one step, such as '{above}name/'; got '{shape.path}'"
            faults.append(authority.fault("path", message))
    return faults


def _with_codes_of(seed: SeedFile, known: KnownGeography) -> KnownGeography:
    """A faulty file's codes, too, so that its slip is not reported wherever they are named."""

    def codes(key: str, what: str) -> dict[str, str]:
        listed = seed.data.get(key) if isinstance(seed.data, dict) else None
        rows = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
        return {str(row.get("code")): str(row.get(what)) for row in rows}

    return KnownGeography(
        zones=known.zones | codes("zones", "code").keys(),
        place_levels={**known.place_levels, **codes("places", "level")},
        authority_paths={**known.authority_paths, **codes("authorities", "path")},
    )


def _zone_values(shape: ZoneShape) -> dict[str, object]:
    return {**_name(shape.name), "verification": shape.verification}


def _place_values(
    shape: PlaceShape, zones: Mapping[str, Zone], places: Mapping[str, Place]
) -> dict[str, object]:
    row, column = shape.tile if shape.tile else (None, None)
    return {
        **_name(shape.name),
        "level": shape.level,
        "parent_id": places[shape.parent].pk if shape.parent else None,
        "zone_id": zones[shape.zone].pk,
        "tile_row": row,
        "tile_column": column,
        "verification": shape.verification,
    }


def _authority_values(
    shape: AuthorityShape, authorities: Mapping[str, Authority], places: Mapping[str, Place]
) -> dict[str, object]:
    return {
        **_name(shape.name),
        "tree": shape.tree,
        "level": shape.level,
        "parent_id": authorities[shape.parent].pk if shape.parent else None,
        "path": shape.path,
        "place_id": places[shape.place].pk if shape.place else None,
    }


def _name(name: Both) -> dict[str, object]:
    return {"name_zh": name.zh, "name_en": name.en}
