"""The words that people write into a ledger, and what each means."""

import re
from typing import TypeVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tracker.annexes.days import plain
from tracker.rounds.transport.amounts import Wrong
from tracker.rounds.transport.kinds import Direction, Goods, Mode, RoadClass

C = TypeVar("C", bound=models.TextChoices)

DIRECTIONS = {
    "进": Direction.IN,
    "进厂": Direction.IN,
    "入厂": Direction.IN,
    "运入": Direction.IN,
    "in": Direction.IN,
    "出": Direction.OUT,
    "出厂": Direction.OUT,
    "运出": Direction.OUT,
    "out": Direction.OUT,
}
GOODS = {
    "原料": Goods.RAW_MATERIAL,
    "原辅料": Goods.RAW_MATERIAL,
    "原材料": Goods.RAW_MATERIAL,
    "rawmaterial": Goods.RAW_MATERIAL,
    "燃料": Goods.FUEL,
    "fuel": Goods.FUEL,
    "产品": Goods.PRODUCT,
    "product": Goods.PRODUCT,
}
MODES = {
    "铁路": Mode.RAIL,
    "rail": Mode.RAIL,
    "水路": Mode.WATER,
    "水运": Mode.WATER,
    "water": Mode.WATER,
    "管道": Mode.PIPELINE,
    "pipeline": Mode.PIPELINE,
    "管状带式输送机": Mode.PIPE_CONVEYOR,
    "管带机": Mode.PIPE_CONVEYOR,
    "pipeconveyor": Mode.PIPE_CONVEYOR,
    "皮带通廊": Mode.BELT_GALLERY,
    "皮带廊": Mode.BELT_GALLERY,
    "beltgallery": Mode.BELT_GALLERY,
    "公路": Mode.ROAD,
    "road": Mode.ROAD,
}
CLASSES = {
    "新能源": RoadClass.NEW_ENERGY,
    "newenergy": RoadClass.NEW_ENERGY,
    "国六": RoadClass.CHINA_VI,
    "国vi": RoadClass.CHINA_VI,
    "国6": RoadClass.CHINA_VI,
    "chinavi": RoadClass.CHINA_VI,
    "其他": RoadClass.OTHER,
    "国五及以下": RoadClass.OTHER,
    "other": RoadClass.OTHER,
}
NO_CLASS = frozenset({"", "/", "-", "—", "--", "无", "不适用"})


def read_word(text: str, words: dict[str, C]) -> C | Wrong:
    """What the word means; a word that nobody knows is answered with those that are known."""
    key = re.sub(r"[\s_\-]", "", plain(text).lower())
    if key in words:
        return words[key]
    known = pgettext("between names", ", ").join(
        dict.fromkeys(str(c.label) for c in words.values())
    )
    if not key:
        return Wrong(_("The cell is empty: write one of %(known)s.") % {"known": known})
    sentence = _("“%(text)s” is not known: write one of %(known)s.")
    return Wrong(sentence % {"text": text.strip()[:60], "known": known})


def read_class(text: str, mode: Mode) -> RoadClass | Wrong | None:
    """The class of vehicle: one on the road, none elsewhere."""
    empty = plain(text) in NO_CLASS
    if mode != Mode.ROAD:
        if empty:
            return None
        sentence = _("“%(text)s” stands beside %(mode)s: only the road has a class of vehicle.")
        return Wrong(sentence % {"text": text.strip()[:60], "mode": mode.label})
    return read_word("" if empty else text, CLASSES)
