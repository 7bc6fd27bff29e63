"""Tables of samples: what is read, and what is told by cell, title, found and wanted."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from tests.rounds.samples.tables import (
    CREDIT_CODE,
    FOREIGN_MN_CODE,
    GOOD,
    HEADING,
    MN_CODE,
    known,
    sheet,
    with_cell,
    workbook,
)
from tracker.annexes.sheets import Value, Workbook
from tracker.rounds.samples.columns import Column, find_heading
from tracker.rounds.samples.parse import parse_pasted, parse_typed, parse_workbook
from tracker.rounds.samples.rows import ReadSample

D = Decimal
NINE_THIRTY = datetime(2026, 9, 5, 1, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


def only_sample(row: list[Value], *, is_1904: bool = False) -> ReadSample:
    parsed = parse_workbook(workbook(HEADING, row, is_1904=is_1904), known())
    assert list(map(str, parsed.faults)) == []
    (sample,) = parsed.samples
    return sample


def test_good_row_is_read_whole() -> None:
    assert only_sample(list(GOOD)) == ReadSample(
        place="样品!A2",
        outlet=1,
        pollutant="NOx",
        taken_from_at=NINE_THIRTY,
        taken_to_at=datetime(2026, 9, 5, 2, 30, tzinfo=UTC),
        load_percent=D(85),
        oxygen_percent=D("9.8"),
        measured=D("40.5"),
        laboratory_number="Y-1",
        cems_measured=None,
    )


@pytest.mark.parametrize(
    "start",
    [
        datetime(2026, 9, 5, 9, 30),  # noqa: DTZ001 - a cell knows no zone
        46270 + 9.5 / 24,  # Excel's day number, where the format was lost
        "2026-9-5 9:30",
        "2026/09/05 09:30:00",
        "2026.9.5 9:30",
        "2026-09-05T09:30",
        "2026年9月5日 9时30分",
        "2026年9月5日9:30",
        "２０２６－０９－０５　０９：３０",
    ],
)
def test_start_in_forms_that_have_one_reading(start: Value) -> None:
    assert only_sample(with_cell(2, start)).taken_from_at == NINE_THIRTY


def test_day_number_of_the_other_calendar() -> None:
    number = (date(2026, 9, 5) - date(1904, 1, 1)).days + 9.5 / 24

    assert only_sample(with_cell(2, number), is_1904=True).taken_from_at == NINE_THIRTY


@pytest.mark.parametrize("end", [time(10, 30), "10:30", "10时30分", 10.5 / 24])
def test_end_may_be_a_time_of_the_same_day(end: Value) -> None:
    assert only_sample(with_cell(3, end)).taken_to_at == datetime(2026, 9, 5, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("column", "value", "field", "wanted"),
    [
        (0, MN_CODE.lower(), "outlet", 1),
        (0, "ＤＡ００１ 窑尾", "outlet", 1),
        (1, "NOₓ", "pollutant", "NOx"),
        (1, "SO₂", "pollutant", "SO2"),
        (1, "汞及其化合物", "pollutant", "Hg"),
        (1, " 颗粒物 ", "pollutant", "PM"),
        (6, "４０．５", "measured", D("40.5")),
        (6, "40.5 ㎎/㎥", "measured", D("40.5")),
        (6, 0.1 + 0.2, "measured", D("0.3")),
        (6, 0, "measured", D(0)),
        (5, "9.8%", "oxygen_percent", D("9.8")),
        (5, 21, "oxygen_percent", D(21)),  # it is stored, and its verdict is invalid
        (7, 20260905.0, "laboratory_number", "20260905"),
        (8, "41", "cems_measured", D(41)),
        (4, "", "load_percent", None),
    ],
)
def test_cell_read(column: int, value: Value, field: str, wanted: object) -> None:
    assert getattr(only_sample(with_cell(column, value)), field) == wanted


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        # units mixed up
        (6, "40500 µg/m³", "Wanted is mg/m³: µg/m³ are a thousand times as many"),
        (6, "40500微克/立方米", "Wanted is mg/m³: µg/m³ are a thousand times as many"),
        (6, "0.0405 g/m3", "Wanted is mg/m³: multiply g/m³ by 1,000."),
        (6, "20 ppm", "Wanted is mg/m³: a share of the volume"),
        (6, "40 kg/h", "Wanted is the unit mg/m³."),
        (4, 0.85, "This looks like a fraction: write 85 for 85 percent."),
        (5, 0.098, "This looks like a fraction: write 8.5 for 8.5 percent."),
        # decimal commas
        (6, "40,5", "write a point (40.5) or no comma."),
        (6, "４０，５", "write a point (40.5) or no comma."),
        (6, "1,234.5", "Write the number without commas."),
        # no numbers, sentinels, negatives
        (6, "未检出", "the number that the report counts with below the detection limit"),
        (6, "<3", "the number that the report counts with below the detection limit"),
        (6, "约40", "Wanted is a number, such as 12.5."),
        (6, "40-42", "Wanted is a number, such as 12.5."),
        (6, True, "Wanted is a number; Excel holds something else here"),
        (6, date(2026, 9, 5), "Wanted is a number; Excel holds something else here"),
        (6, 9999.99, "An instrument writes this for “no value”"),
        (8, "-9999", "An instrument writes this for “no value”"),
        (6, -0.1, "It can't be negative."),
        (5, "−3", "It can't be negative."),
        (6, 1000000, "This is more than any concentration in mg/m³ can be."),
        (6, "40.12345", "At most 4 decimals"),
        (5, 101, "Oxygen is a percentage: it can't be more than 100."),
        (5, "", "It is empty."),  # a kiln's can't be converted without it
        (4, 0, "At no load there is nothing to sample"),
        (6, "", "It is empty."),
        (7, "Y" * 61, "At most 60 characters."),
        # dates in words or in another form
        (2, "九月五日上午九点半", "It is read as no day and time: write day and time as"),
        (2, "5 September 2026 09:30", "It is read as no day and time: write day and time as"),
        (2, "05/09/2026 09:30", "It is not certain which is the day"),
        (2, "2026-02-30 09:30", "There is no such day or time"),
        (2, "2026-09-05 25:00", "There is no such day or time"),
        (2, "2026-09-05", "The time is missing"),
        (2, date(2026, 9, 5), "The time is missing"),
        (2, 46270, "The time is missing"),
        (2, "09:30", "The day is missing"),
        (2, 123456789, "It is read as no day and time"),
        (2, "", "It is empty."),
        (3, "2026-09-05 09:30", "The sampling ends before it starts, or at once."),
        (3, "08:00", "The sampling ends before it starts, or at once."),
        # outside the round
        (2, "2026-08-31 23:59", "The round's monitoring days are 2026-09-01 to 2026-09-30."),
        (3, "2026-10-01 00:00", "The round's monitoring days are 2026-09-01 to 2026-09-30."),
        (3, "2026-09-20 10:01", "This lies in the future."),
        # outlets and pollutants
        (0, "DA099", "The plant has no outlet with this code."),
        (0, FOREIGN_MN_CODE, "This is an outlet of another plant."),
        (0, "DA003", "The outlet's line is no part of this round."),
        (0, "", "It is empty."),
        (1, "臭气", "Wanted is one of:"),
    ],
)
def test_fault_is_named_by_its_cell(column: int, value: Value, sentence: str) -> None:
    table = workbook(("某监测公司",), HEADING, GOOD[:2] + ("",) * 7, with_cell(column, value))

    parsed = parse_workbook(table, known())

    assert parsed.samples == ()
    (fault,) = parsed.faults
    assert fault.place == f"样品!{'ABCDEFGHI'[column]}4"
    assert fault.column == HEADING[column]
    assert sentence in fault.wanted


def test_fault_as_a_sentence_in_both_languages() -> None:
    table = workbook(HEADING, with_cell(6, "40,5"))

    english = str(parse_workbook(table, known()).faults[0])
    with override("zh-hans"):
        chinese = str(parse_workbook(table, known()).faults[0])

    assert english == (
        "样品!G2 实测浓度（mg/m³）: found “40,5”. A comma may part decimals or thousands: "
        "write a point (40.5) or no comma."
    )
    assert chinese == (
        "样品!G2 实测浓度（mg/m³）：填写的是“40,5”。"
        "逗号可能是小数点，也可能是千位分隔符：请改用小数点（40.5）或去掉逗号。"
    )


def test_all_faults_of_all_rows_at_once() -> None:
    bad: list[Value] = ["DA099", "臭气", "昨天", "今天", "-1", "101", "9999", "", "1,5"]

    parsed = parse_workbook(workbook(HEADING, GOOD, bad, with_cell(6, "x")), known())

    assert [fault.place for fault in parsed.faults] == [
        *(f"样品!{letter}3" for letter in "ABCDEFGI"),
        "样品!G4",
        "样品!C4",
    ]


def test_duplicates_within_the_table_and_against_what_is_stored() -> None:
    later = with_cell(2, "2026-09-05 09:45")
    stored = frozenset({(1, "NOx", datetime(2026, 9, 5, 1, 45, tzinfo=UTC))})

    parsed = parse_workbook(
        workbook(HEADING, GOOD, with_cell(6, "39"), later), known(stored=stored)
    )

    assert [(fault.place, fault.wanted) for fault in parsed.faults] == [
        ("样品!C3", "The same outlet, pollutant and start stand at 样品!C2, too."),
        ("样品!C4", "A sample of this outlet, pollutant and start is there already."),
    ]


def test_duplicates_across_sheets() -> None:
    book = Workbook((sheet(HEADING, GOOD, name="一"), sheet(HEADING, GOOD, name="二")), (), False)

    (fault,) = parse_workbook(book, known()).faults

    assert (fault.place, fault.wanted[-8:]) == ("二!C2", "C2, too.")


def test_outlet_without_fire_needs_no_oxygen() -> None:
    assert only_sample(with_cell(0, "DA002", with_cell(5, ""))).oxygen_percent is None


def test_columns_in_any_order_and_a_unit_for_each_row() -> None:
    heading = ("单位", "浓度", "折算浓度", "监测因子", "排口编号", "开始时间", "结束时间", "氧含量")
    row = ("mg/m3", 40, 50, "SO2", "DA001", "2026-09-05 09:30", "10:30", 9.8)

    fine = parse_workbook(workbook(heading, row), known())
    parsed = parse_workbook(workbook(heading, ("μg/m3", *row[1:]), ("", *row[1:])), known())

    assert [sample.measured for sample in fine.samples] == [D(40)]
    assert [(fault.place, fault.column) for fault in parsed.faults[:2]] == [
        ("样品!A2", "单位"),
        ("样品!A3", "单位"),
    ]


@pytest.mark.parametrize(
    ("heading", "place", "wanted"),
    [
        (with_cell(6, "实测浓度（ppm）", HEADING), "样品!G1", "Wanted is mg/m³: a share"),
        (with_cell(8, "CEMS（μg/m3）", HEADING), "样品!I1", "Wanted is mg/m³: µg/m³"),
        (with_cell(6, "实测浓度", HEADING), "样品!G1", "Name the unit: mg/m³."),
        (with_cell(6, "备注", HEADING), "样品!A1", "The table has no column for it."),
        (with_cell(7, "实测值（mg/m³）", HEADING), "样品!H1", "Two columns say the same"),
    ],
)
def test_fault_of_the_heading(heading: list[Value], place: str, wanted: str) -> None:
    (fault,) = parse_workbook(workbook(heading, GOOD), known()).faults

    assert fault.place == place
    assert fault.wanted.startswith(wanted)


def test_table_without_heading_or_without_samples() -> None:
    for rows, wanted in [
        ([GOOD], "No heading was found"),
        ([HEADING], "There is no sample in the table."),
        ([], "No heading was found"),
    ]:
        (fault,) = parse_workbook(workbook(*rows), known()).faults
        assert wanted in fault.wanted


def test_rows_that_nobody_filled_in_are_counted() -> None:
    empty = ("DA001", "SO2", *[""] * 7)

    parsed = parse_workbook(workbook(HEADING, GOOD, empty, [""] * 9, empty), known())

    assert (len(parsed.samples), parsed.untouched, parsed.faults) == (1, 2, ())


def test_table_of_another_plant_by_the_code_above_it() -> None:
    ours, other = f"企业：示例（{CREDIT_CODE}）", "统一社会信用代码：91650000MA00000002"

    fine = parse_workbook(workbook((ours,), HEADING, GOOD), known())
    parsed = parse_workbook(workbook((other,), HEADING, GOOD), known())

    assert fine.faults == ()
    assert [(fault.place, fault.found) for fault in parsed.faults] == [
        ("样品!A1", "91650000MA00000002")
    ]


def test_formula_is_refused() -> None:
    book = Workbook((sheet(HEADING, GOOD, formulas=[(1, 6)]),), (), False)

    (fault,) = parse_workbook(book, known()).faults

    assert (fault.place, fault.wanted) == (
        "样品!G2",
        "The cell holds a formula: enter the value itself.",
    )


def test_pasted_table_has_cells_without_a_sheet() -> None:
    text = "\r\n".join("\t".join(row) for row in (HEADING, GOOD, with_cell(6, "40,5")))  # type: ignore[arg-type]
    quoted = "\t".join(f'"{title}"' for title in HEADING).replace("污染", "污\n染")

    parsed = parse_pasted(text, known())

    assert [(fault.place, fault.found) for fault in parsed.faults[:1]] == [("G3", "40,5")]
    assert len(parse_pasted(f"{quoted}\n" + "\t".join(GOOD), known()).samples) == 1


def test_too_much_at_once() -> None:
    (long,) = parse_pasted("x" * 4_000_001, known()).faults
    (many,) = parse_pasted("\n" * 20_001, known()).faults

    (unclosed,) = parse_pasted('"' + "x" * 200_000, known()).faults

    assert "as an Excel file" in long.wanted
    assert "copy it anew out of Excel" in unclosed.wanted
    assert many.wanted == "20001 rows are too many at once: at most 20000."


def test_typed_sample_has_faults_by_field() -> None:
    columns = [
        *(Column.OUTLET, Column.POLLUTANT, Column.FROM, Column.TO, Column.LOAD, Column.OXYGEN),
        *(Column.MEASURED, Column.NUMBER, Column.CEMS),
    ]
    values = dict(zip(columns, GOOD, strict=True))

    fine = parse_typed(values, known())
    wrong = parse_typed({**values, Column.MEASURED: "4,5", Column.TO: ""}, known())

    assert [sample.place for sample in fine.samples] == [""]
    assert [(fault.place, fault.kind) for fault in wrong.faults] == [("", "to"), ("", "measured")]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_columns_are_found_by_their_own_names(language: str) -> None:
    with override(language):
        titles = [str(column.label) for column in Column]

    heading = find_heading([titles])

    assert heading is not None
    assert list(heading.columns) == list(Column)
    assert heading.twice == ()


CELLS = st.one_of(
    st.text(max_size=20),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.times(),
    st.datetimes(),
    st.timedeltas(),
    st.sampled_from([str(cell) for cell in (*GOOD, *HEADING, "12,5", "9999.99", "5 ppm")]),
)


@given(st.lists(st.lists(CELLS, min_size=9, max_size=9), min_size=1, max_size=4))
def test_whatever_stands_in_the_cells_each_row_is_read_or_told(rows: list[list[Value]]) -> None:
    parsed = parse_workbook(workbook(HEADING, *rows), known())

    told = {fault.place.split("!")[1].lstrip("ABCDEFGHI") for fault in parsed.faults}
    read = {sample.place.split("!")[1].lstrip("A") for sample in parsed.samples}
    assert not told & read
    assert parsed.faults or len(read) + parsed.untouched <= len(rows)
    assert all(
        fault.place and str(fault).startswith(fault.place) and fault.wanted
        for fault in parsed.faults
    )


@given(st.text(max_size=200))
def test_whatever_is_pasted_is_told(text: str) -> None:
    assert parse_pasted(text, known()).faults
