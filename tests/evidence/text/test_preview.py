"""How the text of each kind reads in a page."""

import pytest

from tracker.evidence.preview import CSV, MOST_COLUMNS, MOST_ROWS, Section, sections_of
from tracker.evidence.types import EXCEL, WORD


@pytest.mark.parametrize(
    ("text", "media_type", "sections"),
    [
        ("一页\n\f二页\n\f\n", WORD, [Section(text="一页"), Section(text="二页")]),
        ("甲\na\tb\nc\n\f乙", EXCEL, [Section("甲", [["a", "b"], ["c", ""]]), Section("乙")]),
        ("a,b\n1,2,3", CSV, [Section(rows=[["a", "b", ""], ["1", "2", "3"]])]),
        ("a\tb,c\td", CSV, [Section(rows=[["a", "b,c", "d"]])]),
        ('甲，乙\n"丙，丁"，戊', CSV, [Section(rows=[["甲", "乙"], ["丙，丁", "戊"]])]),
        ('a,"never closed\nb', CSV, [Section(rows=[["a", "never closedb"]])]),
    ],
)
def test_sections(text: str, media_type: str, sections: list[Section]) -> None:
    assert sections_of(text, media_type).sections == sections


@pytest.mark.parametrize(
    ("text", "is_cut"),
    [
        ("a,b\n" * MOST_ROWS, False),
        ("a,b\n" * (MOST_ROWS + 1), True),
        ("x," * MOST_COLUMNS + "y", True),
    ],
)
def test_large_table_is_cut(text: str, is_cut: bool) -> None:
    told = sections_of(text, CSV)

    assert told.is_cut is is_cut
    assert len(told.sections[0].rows) <= MOST_ROWS
    assert len(told.sections[0].rows[0]) <= MOST_COLUMNS
