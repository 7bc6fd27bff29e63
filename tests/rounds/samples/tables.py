"""Tables of samples to be read, and what is known of the round that they are of."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from tracker.annexes.sheets import Sheet, Value, Workbook
from tracker.rounds.samples.known import Known, KnownOutlet

CREDIT_CODE = "91650000MA00000001"
NOW = datetime(2026, 9, 20, 2, 0, tzinfo=UTC)
HEADING = (
    *("排放口编号", "污染物", "采样开始时间", "采样结束时间", "工况负荷（%）", "含氧量（%）"),
    *("实测浓度（mg/m³）", "样品编号", "同时段CEMS实测值（mg/m³）"),
)
GOOD = ("DA001", "氮氧化物", "2026-09-05 09:30", "2026-09-05 10:30", "85", "9.8", "40.5", "Y-1", "")
KILN, HEAD, OTHER_LINE = (
    KnownOutlet(1, "DA001", burns=True, in_round=True),
    KnownOutlet(2, "DA002", burns=False, in_round=True),
    KnownOutlet(3, "DA003", burns=False, in_round=False),
)
MN_CODE, FOREIGN_MN_CODE = "65DEMO000000000000000001", "65DEMO000000000000000002"


def known(**fields: Any) -> Known:
    values: dict[str, Any] = {
        "outlets": {"DA001": KILN, MN_CODE: KILN, "DA002": HEAD, "DA003": OTHER_LINE},
        "foreign": frozenset({FOREIGN_MN_CODE}),
        "credit_code": CREDIT_CODE,
        "first_on": date(2026, 9, 1),
        "last_on": date(2026, 9, 30),
        "stored": frozenset(),
        "now": NOW,
    }
    return Known(**values | fields)


def workbook(*rows: Sequence[Value], name: str = "样品", is_1904: bool = False) -> Workbook:
    return Workbook((sheet(*rows, name=name),), (), is_1904)


def sheet(
    *rows: Sequence[Value], name: str = "样品", formulas: Sequence[tuple[int, int]] = ()
) -> Sheet:
    return Sheet(name, [list(row) for row in rows], frozenset(formulas))


def with_cell(column: int, value: Value, row: Sequence[Value] = GOOD) -> list[Value]:
    """A row with one cell changed."""
    return [value if at == column else each for at, each in enumerate(row)]
