"""Which column of a table of samples says what: by the words of laboratories. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext_lazy as _

from tracker.annexes.sheets import Value
from tracker.rounds.samples.values import plain

HEADING_WITHIN_ROWS = 20
FEWEST_COLUMNS = 3


class Column(models.TextChoices):
    """What a column holds, in the order of the template."""

    OUTLET = "outlet", _("outlet's code")
    NAME = "name", _("outlet's name")
    POLLUTANT = "pollutant", _("pollutant")
    FROM = "from", _("sampled from")
    TO = "to", _("sampled to")
    LOAD = "load", _("load (%)")
    OXYGEN = "oxygen", _("oxygen (%)")
    MEASURED = "measured", _("measured (mg/m³)")
    UNIT = "unit", _("unit")
    NUMBER = "number", _("laboratory's number")
    CEMS = "cems", _("CEMS at the same time (mg/m³)")


NEEDED = (Column.OUTLET, Column.POLLUTANT, Column.FROM, Column.TO, Column.MEASURED)
# A row of the template that nobody has filled in has these and no others.
PREPARED = frozenset({Column.OUTLET, Column.NAME, Column.POLLUTANT, Column.UNIT})
_OTHERS = re.compile("折算|限值|标准值|监测单位|检测单位|converted|limit", re.IGNORECASE)
_WORDS = (
    (Column.NAME, "(?:排放口|排口)名称|outlet.?s? name"),
    (Column.OUTLET, "(?:排放口|排口)(?:编号|编码|代码)?$|mn号?|数采仪|outlet"),
    (Column.NUMBER, "(?:样品|报告)(?:编)?号|laborator|sample no"),
    (Column.POLLUTANT, "污染物|监测项目|检测项目|监测因子|pollutant"),
    (Column.FROM, "(?:采样|监测)?(?:开始|起始)|sampled from|start"),
    (Column.TO, "(?:采样|监测)?(?:结束|终止|截止)|sampled to|end"),
    (Column.LOAD, "负荷|load"),
    (Column.OXYGEN, "含氧量|氧含量|(?<![a-z])o2|oxygen"),
    (Column.CEMS, "cems|在线|自动监测"),
    (Column.UNIT, "^(?:计量|浓度)?单位$|^units?$"),
    (Column.MEASURED, "实测|浓度|监测结果|检测结果|监测值|measured"),
)
# A Chinese heading that was wrapped in its cell.
_WRAPPED = re.compile(r"(?<=[^\x00-\x7f])\s|\s(?=[^\x00-\x7f])")
_PATTERNS = [(kind, re.compile(words)) for kind, words in _WORDS]


@dataclass(frozen=True)
class Heading:
    """Where the heading stands, which column holds what, and those that say one thing twice."""

    row: int
    columns: dict[Column, int] = field(default_factory=dict)
    titles: dict[Column, str] = field(default_factory=dict)
    twice: tuple[tuple[Column, int], ...] = ()

    @property
    def missing(self) -> list[Column]:
        return [kind for kind in NEEDED if kind not in self.columns]


def find_heading(rows: Sequence[Sequence[Value]]) -> Heading | None:
    """The first row of the top in which at least three columns are known by their words."""
    for number, row in enumerate(rows[:HEADING_WITHIN_ROWS]):
        heading = _heading(number, row)
        if len(heading.columns) >= FEWEST_COLUMNS:
            return heading
    return None


def _heading(number: int, row: Sequence[Value]) -> Heading:
    columns: dict[Column, int] = {}
    titles: dict[Column, str] = {}
    twice = []
    for at, value in enumerate(row):
        kind = _kind_of(value) if isinstance(value, str) else None
        if kind is None:
            continue
        if kind in columns:
            twice.append((kind, at))
        else:
            columns[kind], titles[kind] = at, " ".join(str(value).split())
    return Heading(number, columns, titles, tuple(twice))


def _kind_of(title: str) -> Column | None:
    text = _WRAPPED.sub("", " ".join(plain(title).lower().split()))
    bare = re.sub(r"[(\[].*?[)\]]", "", text).strip()
    if not bare or len(bare) > 40 or _OTHERS.search(bare):
        return None
    return next((kind for kind, pattern in _PATTERNS if pattern.search(bare)), None)
