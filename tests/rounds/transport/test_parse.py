"""A ledger is read whole or its faults are told, each by its cell."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.annexes.books import book, written
from tests.rounds.transport.law import MONTH, haul
from tracker.annexes.sheets import read_workbook
from tracker.rounds.transport.kinds import Direction, Goods, Mode, RoadClass
from tracker.rounds.transport.parse import ParsedLedger, parse_ledger, parse_pasted
from tracker.rounds.transport.share import Period
from tracker.rounds.transport.template import HEADINGS, make_template

YEAR = Period(date(2026, 1, 1), date(2026, 12, 1))
HEADING = list(HEADINGS)
GOOD: list[object] = ["2026-03", "进厂", "原料", "铁路", "", 1234.5]
Rows = Sequence[Sequence[object]]


def parsed(tmp_path: Path, *rows: Sequence[object], heading: Rows = (HEADING,)) -> ParsedLedger:
    """As a workbook is read."""
    content = book(("台账", [*heading, *rows]))
    workbook = read_workbook(written(tmp_path, content, "台账.xlsx"), "台账.xlsx")
    return parse_ledger(workbook.sheets, asked=YEAR)


def faults(ledger: ParsedLedger) -> list[tuple[str, str]]:
    return [(fault.place, fault.sentence) for fault in ledger.faults]


def test_rows_are_read(tmp_path: Path) -> None:
    ledger = parsed(
        tmp_path,
        GOOD,
        [date(2026, 3, 31), "出厂", "产品", "公路", "国六", "1,200.5"],
        [date(2026, 4, 1), "in", "Fuel", "Pipe conveyor", "/", 0],
        ["2026年5月", "运入", "燃料", "公路", "新能源", "７吨"],
        [202606, "进厂", "原料", "皮带廊", None, 0.1 + 0.2],
    )

    april, may, june = date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)
    product = haul("1200.5", direction=Direction.OUT, goods=Goods.PRODUCT, by=RoadClass.CHINA_VI)
    assert faults(ledger) == []
    assert [line.haul for line in ledger.lines] == [
        haul("1234.5"),
        product,
        haul(0, goods=Goods.FUEL, mode=Mode.PIPE_CONVEYOR, month=april),
        haul(7, goods=Goods.FUEL, by=RoadClass.NEW_ENERGY, month=may),
        haul("0.3", mode=Mode.BELT_GALLERY, month=june),
    ]
    assert [line.place for line in ledger.lines][:2] == ["台账!A2", "台账!A3"]


def test_columns_may_stand_in_any_order_under_a_title(tmp_path: Path) -> None:
    order = [5, 0, 4, 3, 2, 1]
    heading = [["2026年清洁运输台账"], [HEADING[at] for at in order]]

    ledger = parsed(tmp_path, [GOOD[at] for at in order], ["合计"], heading=heading)

    assert [line.haul for line in ledger.lines] == [haul("1234.5")]
    assert faults(ledger) == []


def test_column_in_ten_thousand_tonnes(tmp_path: Path) -> None:
    heading = [[*HEADING[:5], "运量（万吨）"]]

    ledger = parsed(
        tmp_path, [*GOOD[:5], 1.25], [*GOOD[:2], "燃料", "铁路", "", "2万吨"], heading=heading
    )

    assert [line.haul.tonnes for line in ledger.lines] == [Decimal(12500), Decimal(20000)]


@pytest.mark.parametrize(
    ("tonnes", "sentence"),
    [
        ("1.2万吨", "is in 万吨 (10⁴ t), but its column is in 吨 (t): use one unit."),
        ("12,5", "has a decimal comma: write a point instead."),
        ("1234,56", "has a decimal comma: write a point instead."),
        ("约100", "is no number of tonnes."),
        (True, "is no number of tonnes."),
        (-5, "is negative: tonnes are 0 or more."),
        ("-0.1", "is negative: tonnes are 0 or more."),
        (9999.99, "is what stands for a missing value: write the tonnes, or 0."),
        (-9999.99, "is what stands for a missing value: write the tonnes, or 0."),
        ("99999", "is what stands for a missing value: write the tonnes, or 0."),
        (10000000.5, "is more than a plant can carry in a month: look at the unit."),
        ("1.2345", "is finer than a kilogram: write at most that."),
    ],
)
def test_tonnes_that_can_not_be_are_told(tmp_path: Path, tonnes: object, sentence: str) -> None:
    [(place, said)] = faults(parsed(tmp_path, GOOD, [*GOOD[:2], "燃料", "铁路", "", tonnes]))

    assert place == "台账!F3"
    assert said.endswith(sentence)


@pytest.mark.parametrize("empty", ["", None, "/", "—"])
def test_empty_tonnes_are_not_nought(tmp_path: Path, empty: object) -> None:
    assert faults(parsed(tmp_path, [*GOOD[:5], empty])) == [
        ("台账!F2", "There are no tonnes here: write 0 where nothing was carried.")
    ]


@pytest.mark.parametrize(
    "month",
    ["三月", "2026年三月", "上月", "第一季度", "2026-13", "2026.1", 2026.1, 46082, "1926-03", ""],
)
def test_month_in_words_is_told(tmp_path: Path, month: object) -> None:
    [(place, said)] = faults(parsed(tmp_path, [month, *GOOD[1:]]))

    assert place == "台账!A2"
    assert said.endswith("is read as no month: write it as 2026-03 or 2026年3月.")


@pytest.mark.parametrize("day", [date(2026, 3, 15), "2026-03-15", "2026年3月15日"])
def test_row_of_a_day_is_told(tmp_path: Path, day: object) -> None:
    assert faults(parsed(tmp_path, [day, *GOOD[1:]])) == [
        (
            "台账!A2",
            "2026-03-15 is a day: the ledger has one row for a month, so add its days up.",
        )
    ]


@pytest.mark.parametrize("month", ["2025-12", "2027-01"])
def test_month_that_was_not_asked_for_is_told(tmp_path: Path, month: str) -> None:
    assert faults(parsed(tmp_path, [month, *GOOD[1:]])) == [
        ("台账!A2", "The month lies outside of 2026-01 to 2026-12.")
    ]


def test_every_fault_of_every_row_is_told(tmp_path: Path) -> None:
    ledger = parsed(
        tmp_path,
        ["三月", "往返", "石头", "飞机", "国六", -1],
        GOOD,
        ["2026-03", "进厂", "原料", "公路", "", 1],
        ["2026-03", "进厂", "原料", "铁路", "国六", 1],
        GOOD,
    )

    assert [place for place, _said in faults(ledger)] == [
        *("台账!A2", "台账!B2", "台账!C2", "台账!D2", "台账!F2"),
        "台账!E4",
        "台账!E5",
        "台账!A6",
    ]
    said = dict(faults(ledger))
    assert said["台账!D2"] == (
        "“飞机” is not known: write one of "
        "rail, water, pipeline, pipe conveyor, belt gallery, road."
    )
    assert said["台账!E4"] == "The cell is empty: write one of new energy, China VI, other."
    assert said["台账!E5"] == "“国六” stands beside rail: only the road has a class of vehicle."
    assert said["台账!A6"] == "The row is there already, at 台账!A3: keep one of them."


def test_formula_is_told(tmp_path: Path) -> None:
    assert faults(parsed(tmp_path, [*GOOD[:5], "=1+1"])) == [
        ("台账!F2", "The cell holds a formula: enter the value itself.")
    ]


@pytest.mark.parametrize("heading", ["运量", "运量（吨/万吨）"])
def test_heading_without_one_unit_is_told_once(tmp_path: Path, heading: str) -> None:
    ledger = parsed(tmp_path, GOOD, GOOD, heading=[[*HEADING[:5], heading]])

    assert faults(ledger) == [
        (
            "台账!F1",
            f"“{heading}” does not say in which unit: write 吨 (t) or 万吨 into the heading.",
        )
    ]


def test_sheet_without_a_heading_is_told(tmp_path: Path) -> None:
    [(place, said)] = faults(parsed(tmp_path, GOOD, heading=[HEADING[:5]]))

    assert place == "台账"
    assert said.startswith("No row of headings names all of month, direction, goods, mode,")


def test_pasted_table_is_read_by_its_cells() -> None:
    lines = [
        "\t".join(HEADING),
        "2026-03\t进厂\t原料\t铁路\t\t80",
        "2026-03\t进厂\t原料\t公路\t国五\t20",
    ]

    good = parse_pasted("\r\n".join(lines[:2]) + "\r\n", asked=YEAR)
    bad = parse_pasted("\n".join(lines), asked=YEAR)

    assert [line.haul for line in good.lines] == [haul(80)]
    assert good.lines[0].place == "pasted table!A2"
    assert [place for place, _said in faults(bad)] == ["pasted table!E3"]


@pytest.mark.parametrize("text", ["", "\n\n", "无表头", '"', "\t\t\t", "\x00"])
def test_pasted_text_that_is_no_table_is_told(text: str) -> None:
    ledger = parse_pasted(text, asked=YEAR)

    assert ledger.lines == ()
    assert len(ledger.faults) == 1


@given(st.text(max_size=200))
def test_whatever_is_pasted_is_answered(text: str) -> None:
    ledger = parse_pasted("\t".join(HEADING) + "\n" + text, asked=YEAR)

    assert ledger.lines or ledger.faults


def test_template_is_found_again_once_filled(tmp_path: Path) -> None:
    path = written(tmp_path, make_template([MONTH, date(2026, 4, 1)]), "模板.xlsx")
    blank = parse_ledger(read_workbook(path, "模板.xlsx").sheets, asked=YEAR)
    made = openpyxl.load_workbook(path)
    for row in range(2, made.worksheets[0].max_row + 1):
        made.worksheets[0].cell(row, 6).value = row
    made.save(path)

    filled = parse_ledger(read_workbook(path, "模板.xlsx").sheets, asked=YEAR)

    assert {fault.place[-2] for fault in blank.faults[:8]} == {"F"}
    assert (len(filled.lines), filled.faults) == (24, ())
    assert sum(line.haul.tonnes for line in filled.lines) == sum(range(2, 26))
