"""The tile grid of places: a square for each prefecture-level place, no borders drawn."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from plants.text import Text
from tracker.reporting.home import PlaceLoad

_CHINESE_TAIL = re.compile(r"（.*）$|(回族|蒙古|柯尔克孜|哈萨克)(?=自治州)|自治(?=州)|地区$|市$")
# As everybody in Xinjiang calls the three with long names; a tile holds four characters.
_CHINESE_SHORT = {
    "博尔塔拉蒙古自治州": "博州",
    "巴音郭楞蒙古自治州": "巴州",
    "克孜勒苏柯尔克孜自治州": "克州",
}
_ENGLISH_TAIL = re.compile(r" \(.*\)$| Prefecture\b")


@dataclass(frozen=True, slots=True)
class Tile:
    """``tone`` is the worst that waits there; ``number`` how much of it."""

    code: str
    name: Text
    full_name: Text
    row: int
    column: int
    tone: str
    number: int
    plants: int


def short_name(name: Text) -> Text:
    """The name as people say it: 昌吉州 for 昌吉回族自治州, Changji for Changji Prefecture."""
    chinese = _CHINESE_SHORT.get(name.zh) or _CHINESE_TAIL.sub("", name.zh)
    return Text(chinese, _ENGLISH_TAIL.sub("", name.en))


def draw_tiles(places: Iterable[PlaceLoad]) -> list[Tile]:
    """Rows and columns start at 1, as the style sheet's classes do; north and west come first."""
    tiles = [_tile(load) for load in places]
    return sorted(tiles, key=lambda tile: (tile.row, tile.column))


def _tile(load: PlaceLoad) -> Tile:
    tone, number = _worst(load)
    return Tile(
        code=load.place.code,
        name=short_name(load.place.name),
        full_name=load.place.name,
        row=(load.place.tile_row or 0) + 1,
        column=(load.place.tile_column or 0) + 1,
        tone=tone,
        number=number,
        plants=load.plants,
    )


def _worst(load: PlaceLoad) -> tuple[str, int]:
    if not load.plants:
        return "none", 0
    for tone, number in (
        ("late", load.overdue),
        ("soon", load.due_soon),
        ("submitted", load.to_review),
        ("open", load.owed),
    ):
        if number:
            return tone, number
    return "accepted", 0
