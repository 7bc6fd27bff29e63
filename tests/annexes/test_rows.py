"""From sheets to rows: headings found in any order, titles and sums passed over, cells named."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import translation

from tracker.annexes.columns import Column, Layout, guess_layout, heading_texts
from tracker.annexes.rows import Problem, Row, Rows, read_rows
from tracker.annexes.sheets import Sheet, Value, Workbook

COMPLETED = (
    "“已完成” is no date: the annex says by when a part is due; "
    "that it is completed is shown by evidence."
)
JUNE, DECEMBER = date(2026, 6, 30), date(2026, 12, 31)
PLAIN: list[list[Value]] = [
    ["序号", "企业名称", "完成时限"],
    [1.0, "示例一厂", "2026年6月底"],
]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def sheet_of(rows: list[list[Value]], name: str = "附表", formulas: object = ()) -> Sheet:
    return Sheet(name, rows, frozenset(formulas))  # type: ignore[call-overload]


def read(*sheets: Sheet) -> Rows:
    layouts = {sheet.name: guess_layout(sheet) for sheet in sheets}
    return read_rows(Workbook(tuple(sheets), (), is_1904=False), layouts)


def days_of(row: Row) -> dict[str, tuple[str, date]]:
    return {day.part.value: (day.place, day.day) for day in row.days}


def test_headings_are_found_in_any_order_under_titles() -> None:
    sheet = sheet_of(
        [
            ["附件2", "", "", "", "", "", "", "", ""],
            ["水泥企业超低排放改造完成时限表"] * 9,
            ["", "", "", "", "", "", "", "", "填表日期：2025-01-05"],
            [
                "清洁运输完成时间",
                "排污许可证编号",
                "备注",
                "地州市\n(师市)",
                "有组织完成时限",
                "统一社会信用代码",
                "企业 名称",
                "无组织完成时限",
                "责任单位",
            ],
            [46203.0, "9165A001P", "", "昌吉州", "2026.6.30", "9165A", "示例一厂", JUNE, "环境局"],
        ]
    )

    layout = guess_layout(sheet)

    assert layout == Layout(
        3,
        3,
        {
            0: Column.CLEAN_TRANSPORT,
            1: Column.PERMIT,
            3: Column.PLACE,
            4: Column.ORGANISED,
            5: Column.CREDIT_CODE,
            6: Column.NAME,
            7: Column.FUGITIVE,
        },
    )


def test_heading_of_two_rows_is_put_together() -> None:
    """Merged cells come filled: 企业名称 down over both rows, 完成时限 across its columns."""
    sheet = sheet_of(
        [
            ["序号", "企业名称", "计划完成时间", "计划完成时间", "计划完成时间", "计划完成时间"],
            ["序号", "企业名称", "有组织", "无组织", "清洁运输", "全流程"],
            [1.0, "示例一厂", JUNE, JUNE, DECEMBER, DECEMBER],
        ]
    )

    layout = guess_layout(sheet)

    assert set(layout.kinds.values()) == {
        Column.NAME,
        Column.ORGANISED,
        Column.FUGITIVE,
        Column.CLEAN_TRANSPORT,
        Column.WHOLE,
    }
    assert (layout.first, layout.last) == (0, 1)
    assert heading_texts(sheet, 0, 1)[3] == "计划完成时间 无组织"


@pytest.mark.parametrize(
    "heading",
    ["开工时间", "完工时间", "报告日期", "评估监测起止时间", "有组织投资", "实际完成时间"],
)
def test_other_dates_are_not_taken_for_the_completion(heading: str) -> None:
    rows: list[list[Value]] = [["企业名称", heading, "完成时限"], ["示例一厂", 3000.0, "2026年底"]]

    assert guess_layout(sheet_of(rows)).kinds == {0: Column.NAME, 2: Column.WHOLE}


def test_sheet_without_a_heading_is_left_out() -> None:
    notes: list[list[Value]] = [["填写说明"], ["1. 日期写作2026年6月底。"]]

    assert guess_layout(sheet_of(notes)) == Layout()
    assert read(sheet_of(notes)) == Rows()


def test_titles_sums_notes_and_repeated_headings_are_passed_over() -> None:
    rows: list[list[Value]] = [
        *PLAIN,
        ["一、昌吉州"] * 3,
        ["序号", "企业名称", "完成时限"],
        [2.0, "示例二厂", "/"],
        ["合计", "", "2026年底"],
        ["", "小计", "2026年底"],
        ["注：时限以公布为准", "", ""],
        ["", "", ""],
    ]

    found = read(sheet_of(rows))

    assert [row.name for row in found.found] == ["示例一厂"]
    assert found.without_day == {"附表": [5]}


def test_row_names_its_cells() -> None:
    [row] = read(sheet_of(PLAIN)).found

    assert (row.key, row.place) == ("0-2", "附表!B2")
    assert days_of(row) == {"whole": ("附表!C2", JUNE)}
    assert row.days[0].text == "2026年6月底"


def test_every_sheet_is_read_by_its_own_heading() -> None:
    other: list[list[Value]] = [["完成期限", "单位名称"], ["2026年底", "示例二厂"]]

    found = read(sheet_of(PLAIN, "昌吉"), sheet_of(other, "塔城")).found

    assert [(row.key, row.name, row.days[0].day) for row in found] == [
        ("0-2", "示例一厂", JUNE),
        ("1-2", "示例二厂", DECEMBER),
    ]


def test_column_of_parts_says_what_the_date_is_for() -> None:
    rows: list[list[Value]] = [
        ["企业名称", "改造内容", "完成时限"],
        ["示例一厂", "有组织、无组织改造", "2026年6月底"],
        ["示例一厂", "清洁运输", "2026年底"],
        ["示例二厂", "", "2026年底"],
        ["示例三厂", "其他", "2026年底"],
    ]

    found = read(sheet_of(rows)).found

    assert [days_of(row) for row in found] == [
        {"organised": ("附表!C2", JUNE), "fugitive": ("附表!C2", JUNE)},
        {"clean_transport": ("附表!C3", DECEMBER)},
        {"whole": ("附表!C4", DECEMBER)},
        {},
    ]
    assert found[3].problems == (Problem("附表!B5", "“其他” names no part."),)


def test_works_told_freely_are_no_column_of_parts() -> None:
    rows: list[list[Value]] = [
        ["企业名称", "改造内容", "完成时限"],
        ["示例一厂", "建设SCR脱硝", "2026年6月底"],
    ]

    assert Column.PARTS not in guess_layout(sheet_of(rows)).kinds.values()


def test_formula_and_no_date_are_problems_of_their_cells() -> None:
    rows: list[list[Value]] = [
        ["企业名称", "有组织完成时限", "无组织完成时限"],
        ["示例一厂", JUNE, "已完成"],
        ["示例二厂", 46203.0, 20260630.0],
    ]

    found = read(sheet_of(rows, formulas={(1, 1), (2, 0)})).found

    formula = "The cell holds a formula: enter the value itself."
    assert [row.problems for row in found] == [
        (Problem("附表!B2", formula), Problem("附表!C2", COMPLETED)),
        (Problem("附表!C3", "“20260630” is read as no date."), Problem("附表!A3", formula)),
    ]


def test_formula_without_a_value_is_no_title() -> None:
    rows: list[list[Value]] = [*PLAIN, ["", "示例二厂", ""]]

    found = read(sheet_of(rows, formulas={(2, 2)})).found

    assert [problem.place for row in found for problem in row.problems] == ["附表!C3"]


def test_formula_beside_the_columns_that_are_read_is_nobodys_problem() -> None:
    [row] = read(sheet_of(PLAIN, formulas={(1, 0)})).found

    assert row.problems == ()


@pytest.mark.parametrize(
    ("heading", "parts"),
    [
        ("有组织和无组织完成时限", {"organised", "fugitive"}),
        ("无组织、清洁运输完成时限", {"fugitive", "clean_transport"}),
        ("有组织、无组织及清洁运输改造完成时间", {"organised", "fugitive", "clean_transport"}),
        (
            "全流程（有组织、无组织、清洁运输）完成时限",
            {"organised", "fugitive", "clean_transport", "whole"},
        ),
        ("有组织、无组织全部完成时限", {"organised", "fugitive"}),
        ("全厂有组织完成时限", {"organised"}),
        ("整体完成时限", {"whole"}),
        ("完成时限", {"whole"}),
    ],
)
def test_heading_dates_every_part_that_it_names(heading: str, parts: set[str]) -> None:
    rows: list[list[Value]] = [["企业名称", heading], ["示例一厂", "2026年6月底"]]

    [row] = read(sheet_of(rows)).found

    assert days_of(row) == dict.fromkeys(parts, ("附表!B2", JUNE))


def test_lowest_row_of_a_heading_says_which_part_is_its_columns() -> None:
    above = "有组织、无组织完成时限"
    rows: list[list[Value]] = [
        ["企业名称", above, above],
        ["企业名称", "有组织", "无组织"],
        ["示例一厂", "2026年6月底", "2026年底"],
    ]

    [row] = read(sheet_of(rows)).found

    assert days_of(row) == {"organised": ("附表!B3", JUNE), "fugitive": ("附表!C3", DECEMBER)}


@pytest.mark.parametrize(
    "row",
    [
        ["", "", "2026年底"],
        ["", "2026年底", "2026年底"],
        ["2026年底", "2026年底", "2026年底"],
        ["", "2026年12月前", ""],
        ["", "待定", ""],
    ],
)
def test_row_with_a_date_alone_is_no_title(row: list[Value]) -> None:
    rows: list[list[Value]] = [
        ["企业名称", "有组织完成时限", "无组织完成时限"],
        ["示例一厂", "2026年6月底", "/"],
        row,
        ["一、塔城地区"] * 3,
        ["填表人：某某", "", ""],
    ]

    found = read(sheet_of(rows))

    assert [row.key for row in found.found] == ["0-2", "0-3"]
    assert found.without_day == {}


def test_plant_whose_name_begins_like_a_sum_is_read() -> None:
    rows: list[list[Value]] = [
        *PLAIN,
        [2.0, "合计水泥有限公司", "2026年底"],
        ["合计2家", "", "2027年底"],
    ]

    assert [row.name for row in read(sheet_of(rows)).found] == ["示例一厂", "合计水泥有限公司"]


def test_words_with_two_readings_name_both() -> None:
    rows: list[list[Value]] = [["企业名称", "完成时限"], ["示例一厂", "2026年12月前"]]

    [row] = read(sheet_of(rows)).found

    assert (row.days, row.problems) == (
        (),
        (
            Problem(
                "附表!B2",
                "“2026年12月前” may mean by 2026-11-30 or by 2026-12-31: write the day.",
            ),
        ),
    )
