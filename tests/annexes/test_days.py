"""Days as departments write them, each read as the last day that still counts."""

from datetime import date, datetime, time, timedelta

import pytest

from tracker.annexes.days import is_no_date, read_day

END_OF_JUNE, END_OF_YEAR = date(2026, 6, 30), date(2026, 12, 31)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (date(2026, 6, 30), END_OF_JUNE),
        (datetime.combine(END_OF_JUNE, time(17, 5)), END_OF_JUNE),
        (46203.0, END_OF_JUNE),
        (46203.75, END_OF_JUNE),
        ("2026-06-30", END_OF_JUNE),
        ("2026-6-30 00:00:00", END_OF_JUNE),
        ("2026/6/30", END_OF_JUNE),
        ("2026.6.30", END_OF_JUNE),
        ("２０２６．６．３０", END_OF_JUNE),
        (" 2026年 6月30日 ", END_OF_JUNE),
        ("2026年6月30号", END_OF_JUNE),
        ("2026年6月底", END_OF_JUNE),
        ("2026年6月底前", END_OF_JUNE),
        ("2026年6月末", END_OF_JUNE),
        ("2026年6月", END_OF_JUNE),
        ("2026年06月份", END_OF_JUNE),
        ("2026年上半年", END_OF_JUNE),
        ("2026年第二季度", END_OF_JUNE),
        ("2026年二季度末", END_OF_JUNE),
        ("2026年2季度", END_OF_JUNE),
        ("2026年Q2", END_OF_JUNE),
        ("2026年下半年", END_OF_YEAR),
        ("2026年第四季度", END_OF_YEAR),
        ("2026年底", END_OF_YEAR),
        ("2026年末", END_OF_YEAR),
        ("2026年年底前", END_OF_YEAR),
        ("2026年12月31日前", END_OF_YEAR),
        ("2026年12月31日之前", END_OF_YEAR),
        ("2026年12月31日以前", END_OF_YEAR),
        ("2028年2月底", date(2028, 2, 29)),
        ("2027年2月", date(2027, 2, 28)),
    ],
)
def test_day_is_read(value: object, day: date) -> None:
    assert read_day(value, is_1904=False) == day  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value",
    [
        "已完成",
        "2026",
        2026.0,
        20260630.0,
        "2026年",
        "2026.10",
        "2026年6月中旬",
        "2026年6月31日",
        "2026年13月",
        "26年6月底",
        "6月底",
        "2026年第五季度",
        "2026-06-30至2026-12-31",
        "2026年6月底、2027年6月底",
        "1926-06-30",
        "2126年底",
        True,
        time(12, 0),
        timedelta(days=3),
        -5.0,
        float("inf"),
        float("nan"),
    ],
)
def test_anything_else_is_no_day(value: object) -> None:
    assert read_day(value, is_1904=False) is None  # type: ignore[arg-type]


def test_serial_number_counts_in_the_calendar_of_its_workbook() -> None:
    number = float((END_OF_JUNE - date(1904, 1, 1)).days)

    assert read_day(number, is_1904=True) == END_OF_JUNE
    assert read_day(number, is_1904=False) == date(2022, 6, 29)


@pytest.mark.parametrize("value", ["", "  ", "/", "—", "——", "-", "无", "不涉及", "－"])
def test_sign_for_nothing_is_no_date(value: str) -> None:
    assert is_no_date(value)


def test_word_is_not_taken_for_nothing() -> None:
    assert not is_no_date("待定")
