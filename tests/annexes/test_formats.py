"""What a date cell shows of its day, by its number format: a month alone means the month's end."""

import io
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import pytest
import xlsxwriter
from django.utils import translation

from tests.annexes.books import written
from tracker.annexes.columns import guess_layout
from tracker.annexes.formats import BUILT_IN, Shows, read_format
from tracker.annexes.rows import Row, read_rows
from tracker.annexes.sheets import Workbook, read_workbook

FIRST_OF_JUNE, END_OF_JUNE = date(2026, 6, 1), date(2026, 6, 30)
MONTHS = {
    'yyyy"年"m"月"': "2026年6月",
    '[$-804]yyyy"年"m"月";@': "2026年6月",
    '[DBNum1][$-804]yyyy"年"m"月"': "2026年6月",
    "yyyy年mm月": "2026年06月",
    'e"年"m"月"': "2026年6月",
    "yyyy-mm": "2026-06",
    "yyyy\\.m": "2026.6",
    "yyyymm": "202606",
    "mmm-yy": "Jun-26",
    "yyyy-mm;;;@": "2026-06",
}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(("code", "text"), MONTHS.items())
def test_month_is_all_that_is_shown(code: str, text: str) -> None:
    form = read_format(code)

    assert (form.shows, form.text_of(FIRST_OF_JUNE)) == (Shows.MONTH, text)


@pytest.mark.parametrize(
    "code",
    [
        "yyyy/m/d",
        "yyyy-mm-dd hh:mm:ss",
        'yyyy"年"m"月"d"日"',
        "m/d/yy h:mm",
        "[$-409]d-mmm-yyyy;@",
        "mmmm d, yyyy",
        "dd\\.mm\\.yyyy",
        BUILT_IN[14],
        BUILT_IN[31],
    ],
)
def test_day_is_shown(code: str) -> None:
    assert read_format(code).shows == Shows.DAY


@pytest.mark.parametrize(
    ("code", "shows", "text"),
    [
        ('m"月"d"日"', Shows.NO_YEAR, "6月1日"),
        ("dd-mmm", Shows.NO_YEAR, "01-Jun"),
        ("mmmm", Shows.NO_YEAR, "Jun"),
        ("h:mm", Shows.NO_YEAR, "0:00"),
        ("[h]:mm:ss", Shows.NO_YEAR, "0:00:00"),
        ("mm:ss", Shows.NO_YEAR, "00:00"),
        ('yyyy"年"', Shows.YEAR, "2026年"),
        ("yyyy hh:mm", Shows.YEAR, "2026 0:00"),
    ],
)
def test_part_of_a_date_is_hidden(code: str, shows: Shows, text: str) -> None:
    form = read_format(code)

    assert (form.shows, form.text_of(FIRST_OF_JUNE)) == (shows, text)


@pytest.mark.parametrize(
    "code",
    [
        "General",
        "",
        "@",
        "0",
        "0.00E+00",
        "#,##0;[Red]-#,##0",
        '0"年"',
        "_-* #,##0_-",
        '"yyyy"0',
        "General" + "d" * 300,
    ],
)
def test_number_hides_nothing(code: str) -> None:
    assert read_format(code).shows == Shows.NUMBER


def workbook_of(
    folder: Path, days: list[tuple[date, str | int]], *, is_1904: bool = False, across: int = 0
) -> Workbook:
    """A list of plants with one date cell each, in the format given by its code or number."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "date_1904": is_1904}) as book:
        sheet = book.add_worksheet("附表")
        sheet.write_row(0, 0, ["企业名称", "有组织完成时限", "无组织完成时限"])
        for row, (day, code) in enumerate(days, start=1):
            form = book.add_format({"num_format": code})
            sheet.write(row, 0, f"示例{row}厂")
            cell = datetime.combine(day, time())
            if across:
                sheet.merge_range(row, 1, row, across, cell, form)
            else:
                sheet.write_datetime(row, 1, cell, form)
    return read_workbook(written(folder, stream.getvalue()), "附表.xlsx")


def rows_of(book: Workbook) -> list[Row]:
    return read_rows(book, {sheet.name: guess_layout(sheet) for sheet in book.sheets}).found


@pytest.mark.parametrize("is_1904", [False, True])
def test_cell_that_shows_its_month_is_read_as_the_months_end(tmp_path: Path, is_1904: bool) -> None:
    codes: list[str | int] = [*MONTHS, 17, 27, 36, 50, 52, 57]
    book = workbook_of(tmp_path, [(FIRST_OF_JUNE, code) for code in codes], is_1904=is_1904)

    days = [day for row in rows_of(book) for day in row.days]

    assert book.is_1904 == is_1904
    assert [(day.day, day.shows_month) for day in days] == [(END_OF_JUNE, True)] * len(codes)
    assert days[0].text == "2026年6月"


@pytest.mark.parametrize("is_1904", [False, True])
def test_cell_that_shows_its_day_is_read_as_it_stands(tmp_path: Path, is_1904: bool) -> None:
    codes: list[str | int] = ["yyyy-mm-dd", 14, 15, 22, 31, 0]
    book = workbook_of(tmp_path, [(FIRST_OF_JUNE, code) for code in codes], is_1904=is_1904)

    days = [day for row in rows_of(book) for day in row.days]

    assert [(day.day, day.shows_month) for day in days] == [(FIRST_OF_JUNE, False)] * len(codes)


def test_cell_without_its_year_or_month_is_a_problem(tmp_path: Path) -> None:
    codes: list[str | int] = ['m"月"d"日"', 16, 58, "h:mm", 'yyyy"年"']
    book = workbook_of(tmp_path, [(END_OF_JUNE, code) for code in codes])

    rows = rows_of(book)

    assert [row.days for row in rows] == [()] * len(codes)
    assert [row.problems[0].sentence for row in rows] == [
        "The cell shows “6月30日”, without the year: write the whole date.",
        "The cell shows “30-Jun”, without the year: write the whole date.",
        "The cell shows “6月30日”, without the year: write the whole date.",
        "The cell shows “0:00”, without the year: write the whole date.",
        "The cell shows “2026年”, no more than the year: write the whole date.",
    ]


def test_merged_cells_show_what_the_first_of_them_shows(tmp_path: Path) -> None:
    [row] = rows_of(workbook_of(tmp_path, [(FIRST_OF_JUNE, "yyyy-mm")], across=2))

    assert [(day.part.value, day.day) for day in row.days] == [
        ("organised", END_OF_JUNE),
        ("fugitive", END_OF_JUNE),
    ]
