"""Which column of a sheet says what: found by the words that departments use, in any order."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from django.db import models
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from tracker.annexes.days import is_no_date, looks_like_day, plain
from tracker.annexes.sheets import EMPTY, Sheet, Value
from tracker.regulations.models import AnnexPart

HEADINGS_WITHIN_ROWS = 30
MOST_HEADING_ROWS = 3
SAMPLE_ROWS = 40


class Column(models.TextChoices):
    """What a column holds; the last four are days for a part.

    Where a heading names several parts its column's kind is theirs together: organised+fugitive.
    """

    NAME = "name", _("plant's name")
    CREDIT_CODE = "credit_code", _("credit code")
    PERMIT = "permit", _("permit number")
    PLACE = "place", _("place")
    PARTS = "parts", _("parts that the row's date is for")
    ORGANISED = AnnexPart.ORGANISED.value, _("date: organised emissions")
    FUGITIVE = AnnexPart.FUGITIVE.value, _("date: fugitive emissions")
    CLEAN_TRANSPORT = AnnexPart.CLEAN_TRANSPORT.value, _("date: clean transport")
    WHOLE = AnnexPart.WHOLE.value, _("date: whole plant")


KEYS = (Column.CREDIT_CODE, Column.PERMIT, Column.NAME)
DAYS = (Column.ORGANISED, Column.FUGITIVE, Column.CLEAN_TRANSPORT, Column.WHOLE)
TOGETHER = "+"
_DAY_KINDS = {
    TOGETHER.join(parts): [AnnexPart(part) for part in parts]
    for number in range(1, len(DAYS) + 1)
    for parts in combinations([kind.value for kind in DAYS], number)
}
# Beside a part these say "all of it": in 全厂有组织 or 无组织全部完成 they are no second part.
_ALL = re.compile("全厂|整体|全部")
_ITEMS = re.compile("[、,;/+&和及与]")
_PART_WORDS = (
    (AnnexPart.FUGITIVE, re.compile("无组织")),
    (AnnexPart.ORGANISED, re.compile("有组织")),
    (AnnexPart.CLEAN_TRANSPORT, re.compile("清洁(?:运输|方式)")),
    (AnnexPart.WHOLE, re.compile("全流程|全过程")),
)
_KEY_WORDS = (
    (Column.CREDIT_CODE, re.compile("信用代码|社会信用")),
    (Column.PERMIT, re.compile("许可证")),
    (Column.PARTS, re.compile("改造(?:内容|类别|环节|类型)|完成内容")),
    (
        Column.NAME,
        re.compile("(?:企业|单位|公司|工厂)(?:名称|全称)|排污单位|^水泥企业$|^企业$|^名称$"),
    ),
    (Column.PLACE, re.compile("地州|州市|师市|地市|所在地|行政区|辖区")),
)
_NOT_A_KEY = re.compile("责任|监测|评估|集团|联系|有效期")
_TIME = re.compile("完成(?:时限|时间|日期|期限|年限)|时限|期限|时间|日期")
_OTHER_TIME = re.compile("开工|开始|启动|完工|实际|批复|报告|公示|监测|评估|有效|投产|备注|报送")


@dataclass(frozen=True)
class Layout:
    """Where a sheet's heading stands (rows from nought, both inclusive) and what its columns hold.

    Without a heading the sheet is left out: ``first`` is None.
    """

    first: int | None = None
    last: int | None = None
    kinds: dict[int, str] = field(default_factory=dict)

    @property
    def is_table(self) -> bool:
        """Whether rows can be read: something that names the plant, and some day."""
        held = set(self.kinds.values())
        return self.last is not None and bool(held & set(KEYS)) and any(map(parts_of, held))


def parts_of(kind: str) -> list[AnnexPart]:
    """The parts that a column of this kind dates; none for one that holds no days."""
    return _DAY_KINDS.get(kind, [])


def is_kind(kind: str) -> bool:
    return kind in Column.values or kind in _DAY_KINDS


def label_of(kind: str) -> str:
    """A kind in words: date: organised emissions, fugitive emissions."""
    if kind in Column.values:
        return str(Column(kind).label)
    parts = pgettext("between names", ", ").join(str(part.label) for part in parts_of(kind))
    return gettext("date: %(parts)s") % {"parts": parts}


def kind_choices(in_use: Iterable[str] = ()) -> list[tuple[str, str]]:
    """The kinds to choose from: each thing alone, and parts together where no whole is among them.

    Other kinds are there if a heading of the file asks for them.
    """
    together = [kind for kind, parts in _DAY_KINDS.items() if len(parts) > 1]
    offered = {kind for kind in together if AnnexPart.WHOLE not in parts_of(kind)}
    shown = [kind for kind in together if kind in offered.union(in_use)]
    return [(kind, label_of(kind)) for kind in [*Column.values, *shown]]


def parts_named(text: str) -> list[AnnexPart]:
    """The parts that a cell speaks of, each once."""
    named = {part for item in _ITEMS.split(plain(text)) for part in _named_in(item)}
    return [part for part in AnnexPart if part in named]


def _named_in(item: str) -> list[AnnexPart]:
    found = [part for part, words in _PART_WORDS if words.search(item)]
    return found or ([AnnexPart.WHOLE] if _ALL.search(item) else [])


def is_banner(row: Sequence[Value]) -> bool:
    """Whether a row says only one thing: a title, a section's name, a note, or nothing."""
    return len({value for value in row if value != EMPTY}) <= 1


def heading_texts(sheet: Sheet, first: int, last: int) -> list[str]:
    """Each column's heading, its rows put together without what is said twice."""
    rows = sheet.rows[first : last + 1]
    columns = zip(*rows, strict=True)
    return [" ".join(dict.fromkeys(plain(str(text)) for text in each if text)) for each in columns]


def guess_layout(sheet: Sheet) -> Layout:
    """The heading of one to three rows that tells most, the shortest and topmost of its equals.

    Words that say outright that a column holds dates tell more than dates under a part's name.
    """
    best, most = Layout(), 0
    for first in range(min(HEADINGS_WITHIN_ROWS, len(sheet.rows))):
        for last in range(first, min(first + MOST_HEADING_ROWS, len(sheet.rows))):
            if not _may_be_heading(sheet.rows[last]):
                break
            layout = Layout(first, last, guess_kinds(sheet, first, last))
            score = len(layout.kinds) * 10 + 2 * _outright(sheet, layout) - (last - first)
            if layout.is_table and score > most:
                best, most = layout, score
    return best


def _outright(sheet: Sheet, layout: Layout) -> int:
    """How many columns of days have a heading that speaks of a time."""
    assert layout.first is not None  # noqa: S101 (it is a heading that is being weighed)
    assert layout.last is not None  # noqa: S101
    texts = heading_texts(sheet, layout.first, layout.last)
    timed = [at for at, kind in layout.kinds.items() if parts_of(kind)]
    return sum(bool(_TIME.search(texts[at])) for at in timed)


def _may_be_heading(row: Sequence[Value]) -> bool:
    """Words only: a number or a day stands in the rows below."""
    words = all(isinstance(value, str) for value in row)
    return words and not is_banner(row) and not any(map(looks_like_day, row))


def guess_kinds(sheet: Sheet, first: int, last: int) -> dict[int, str]:
    """What each column holds; of two columns for the same thing the first counts."""
    kinds: dict[int, str] = {}
    for column, text in enumerate(heading_texts(sheet, first, last)):
        sample = [row[column] for row in sheet.rows[last + 1 : last + 1 + SAMPLE_ROWS]]
        parts = _parts_headed([row[column] for row in sheet.rows[first : last + 1]])
        kind = _kind_of(text, parts, [value for value in sample if not is_no_date(value)])
        if kind and kind not in kinds.values():
            kinds[column] = kind
    return kinds


def _parts_headed(cells: list[Value]) -> list[AnnexPart]:
    """The parts that a heading names: its lowest row that names any, those above span columns."""
    named = [parts_named(str(cell)) for cell in reversed(cells)]
    return next(filter(None, named), [])


def _kind_of(text: str, parts: list[AnnexPart], sample: list[Value]) -> str:
    if not text:
        return ""
    day = _day_kind(text, parts, sample)
    if day:
        return day
    if _NOT_A_KEY.search(text):
        return ""
    kind = next((kind for kind, words in _KEY_WORDS if words.search(text)), None)
    if kind == Column.PARTS and not _mostly([bool(parts_named(str(value))) for value in sample]):
        return ""
    return kind.value if kind else ""


def _day_kind(text: str, parts: list[AnnexPart], sample: list[Value]) -> str:
    """Which parts' date a heading announces; a part's name alone needs dates below it."""
    if _OTHER_TIME.search(text):
        return ""
    is_timed = bool(_TIME.search(text))
    if not is_timed and not (parts and _mostly([looks_like_day(value) for value in sample])):
        return ""
    return TOGETHER.join(parts or [AnnexPart.WHOLE])


def _mostly(found: list[bool]) -> bool:
    return bool(found) and sum(found) * 2 >= len(found)


def relaid(
    sheet: Sheet, present: Layout, first: int, last: int, kinds: dict[int, str]
) -> Layout | None:
    """The sheet's layout with these columns; guessed anew where the heading's rows are others.

    None for rows that the sheet does not have, or for more than a heading can be.
    """
    if not (0 <= first <= last < len(sheet.rows) and last - first < MOST_HEADING_ROWS):
        return None
    if (first, last) == (present.first, present.last):
        return Layout(first, last, kinds)
    return Layout(first, last, guess_kinds(sheet, first, last))
