"""Days as departments write them, each read as the last day that still counts."""

from datetime import date, datetime, time, timedelta

import pytest

from tracker.annexes.days import is_completed, is_no_date, read_day, two_readings

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
        ("2026年6月份底", END_OF_JUNE),
        ("2026 / 6 / 30", END_OF_JUNE),
        ("2026 年 6 月 底 前", END_OF_JUNE),
    ],
)
def test_day_is_read(value: object, day: date) -> None:
    assert read_day(value, is_1904=False) == day  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026/6/3 00:00:00", date(2026, 6, 3)),
        ("2026/6/3 0:00:00", date(2026, 6, 3)),
        ("2026/6/1 00:00", date(2026, 6, 1)),
        ("2026/6/1 0:00", date(2026, 6, 1)),
        ("2026-6-2T00:00:00", date(2026, 6, 2)),
        ("2026-06-03T00:00:00.000", date(2026, 6, 3)),
        ("2026-06-03 17:30", date(2026, 6, 3)),
        ("2026/6/3  24:00", date(2026, 6, 3)),
        ("2026.6.3 08:00:00", date(2026, 6, 3)),
        ("２０２６／６／３　００：００", date(2026, 6, 3)),
        ("2026年6月3日 00:00", date(2026, 6, 3)),
        ("2026-06-30 00:00:00", END_OF_JUNE),
    ],
)
def test_time_of_the_day_is_cut_off(text: str, day: date) -> None:
    assert read_day(text, is_1904=False) == day


@pytest.mark.parametrize(
    "text",
    [
        "2026/6/3 0",
        "2026/6/300:00",
        "2026/6/3 00",
        "2026/6/3 00:00:00:00",
        "2026/6/3 25:00",
        "2026/6/3 0:0",
        "2026年6月 00:00",
        "2026年6月30日24时",
        "2026-06-03 00:00:00前",
    ],
)
def test_what_is_left_of_a_time_is_never_a_day(text: str) -> None:
    assert read_day(text, is_1904=False) is None


@pytest.mark.parametrize(
    ("text", "earlier", "later"),
    [
        ("2026年12月前", date(2026, 11, 30), END_OF_YEAR),
        ("2026年 12 月之前", date(2026, 11, 30), END_OF_YEAR),
        ("2026年7月份以前", END_OF_JUNE, date(2026, 7, 31)),
        ("2026年第二季度前", date(2026, 3, 31), END_OF_JUNE),
        ("2026年Q1前", date(2025, 12, 31), date(2026, 3, 31)),
        ("2026年下半年前", END_OF_JUNE, END_OF_YEAR),
        ("2027年前", END_OF_YEAR, date(2027, 12, 31)),
    ],
)
def test_before_a_span_has_two_readings_and_is_no_day(
    text: str, earlier: date, later: date
) -> None:
    assert two_readings(text) == (earlier, later)
    assert read_day(text, is_1904=False) is None


@pytest.mark.parametrize(
    "text", ["2026年12月底前", "2026年12月31日前", "2026年12月", "2026年13月前"]
)
def test_other_words_have_one_reading_at_most(text: str) -> None:
    assert two_readings(text) is None


@pytest.mark.parametrize(
    "text", ["已完成", "已全部完成", " 已 完工（2025年）", "完成", "Completed"]
)
def test_what_is_completed_is_known(text: str) -> None:
    assert is_completed(text)
    assert read_day(text, is_1904=False) is None


@pytest.mark.parametrize("text", ["未完成", "2026年底完成", "待定", ""])
def test_what_is_not_completed_is_not_taken_for_it(text: str) -> None:
    assert not is_completed(text)


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
