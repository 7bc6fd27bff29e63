"""Workbooks that are refused before their cells are read, each with its own reason."""

import datetime
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from django.utils import translation

from tests.annexes.books import book, rewritten, with_part, written
from tracker.annexes.sheets import read_workbook
from tracker.evidence.types import FileRefused

LIST = book(("附表", [["企业名称", "完成时限"], ["示例水泥", "2026年6月底"]]))
DAMAGED = "“附表.xlsx” is damaged: open it in Excel or WPS and save it anew as .xlsx."
MACROS = "is a workbook with macros: save it as .xlsx, without macros."


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def refusal_of(folder: Path, content: bytes, name: str = "附表.xlsx") -> str:
    path = written(folder, content, "file")
    with pytest.raises(FileRefused) as refused:
        read_workbook(path, name)
    return str(refused.value)


def in_sheet(old: str, new: str) -> bytes:
    """The list with its sheet's XML changed."""
    return rewritten(
        LIST,
        lambda name, part: (
            part.replace(old.encode(), new.encode()) if name.endswith("sheet1.xml") else part
        ),
    )


def test_macro_file_is_refused_by_name_and_by_content(tmp_path: Path) -> None:
    inside = with_part(LIST, "xl/vbaProject.bin", b"macro")

    assert refusal_of(tmp_path, inside, "附表.xlsm") == f"“附表.xlsm” {MACROS}"
    assert refusal_of(tmp_path, inside) == f"“附表.xlsx” {MACROS}"


def test_old_and_sealed_files_say_what_to_do(tmp_path: Path) -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    sealed = old + "EncryptedPackage".encode("utf-16-le")

    assert refusal_of(tmp_path, old, "附表.xls") == (
        "“附表.xls” is in the old Excel format (.xls): save it as .xlsx."
    )
    assert refusal_of(tmp_path, sealed) == (
        "“附表.xlsx” is protected by a password: save it without one."
    )


def test_other_files_are_refused(tmp_path: Path) -> None:
    assert refusal_of(tmp_path, b"%PDF-1.7", "附表.pdf") == (
        "“附表.pdf” is no Excel workbook (.xlsx)."
    )
    assert refusal_of(tmp_path, "企业,时限".encode(), "附表.csv") == (
        "“附表.csv” is no Excel workbook (.xlsx)."
    )
    assert refusal_of(tmp_path, LIST, "附表.et") == "“附表.et” is no Excel workbook (.xlsx)."
    assert refusal_of(tmp_path, LIST[:300]) == "“附表.xlsx” is no Excel workbook (.xlsx)."


def test_zip_bomb_is_refused_unopened(tmp_path: Path) -> None:
    flood = b"<a>" + b" " * (90 * 1024 * 1024) + b"</a>"
    bomb = with_part(LIST, "xl/sharedStrings.xml", flood)

    assert len(bomb) < 200_000
    assert refusal_of(tmp_path, bomb) == (
        "“附表.xlsx” unpacks to 90 MB: more than a plant list can be. "
        "Copy the table into a new workbook."
    )


def test_bomb_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    """The directory says 100 bytes; what unpacks is cut there and is no XML to its end."""
    honest = with_part(LIST, "xl/sharedStrings.xml", b"<sst>" + b" " * 5_000_000 + b"</sst>")
    size = (5_000_011).to_bytes(4, "little")
    lying = honest.replace(size, (100).to_bytes(4, "little"))

    assert lying != honest
    assert refusal_of(tmp_path, lying) == DAMAGED


def test_sheet_far_beyond_a_list_is_refused(tmp_path: Path) -> None:
    """One far cell would make a reader hold every cell before it."""
    for far in ("XFD2", "B1048576"):
        assert refusal_of(tmp_path, in_sheet('r="B2"', f'r="{far}"')) == (
            "Sheet “附表” goes beyond 20000 rows or 100 columns: keep only the plant list in it."
        )


def test_formats_far_below_the_list_are_no_cells(tmp_path: Path) -> None:
    made = openpyxl.load_workbook(io.BytesIO(LIST))
    made.active["ZZ99999"].font = openpyxl.styles.Font(bold=True)
    stream = io.BytesIO()
    made.save(stream)

    read = read_workbook(written(tmp_path, stream.getvalue()), "附表.xlsx")

    assert len(read.sheets[0].rows) == 2


@pytest.mark.parametrize(
    "broken",
    [
        in_sheet("</sheetData>", ""),
        in_sheet("<worksheet", '<!DOCTYPE x [<!ENTITY a "b">]><worksheet'),
        in_sheet('r="B2"', 'r="B"'),
        rewritten(LIST, lambda name, part: None if name.endswith("workbook.xml.rels") else part),
        rewritten(LIST, lambda name, part: b"<a" if name.endswith("styles.xml") else part),
    ],
)
def test_damaged_workbook_is_refused(tmp_path: Path, broken: bytes) -> None:
    assert refusal_of(tmp_path, broken) == DAMAGED


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused(tmp_path: Path) -> None:
    assert refusal_of(tmp_path, with_part(LIST, "xl/worksheets/sheet1.xml", b"<a/>")) == DAMAGED


def test_overlapping_merged_ranges_are_refused(tmp_path: Path) -> None:
    wide = '<mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="A1:B2"/></mergeCells>'

    assert refusal_of(tmp_path, in_sheet("</sheetData>", f"</sheetData>{wide}")) == DAMAGED


def test_too_many_parts_are_refused(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for number in range(10_001):
            package.writestr(f"{number}", b"")

    assert refusal_of(tmp_path, stream.getvalue()) == "“附表.xlsx” is no Excel workbook (.xlsx)."


def test_merged_cells_are_filled_and_formulas_are_known(tmp_path: Path) -> None:
    content = book(
        ("附表", [["昌吉州", "甲", "=1+1"], [None, "乙", None], [None, "丙", 46203]]),
        merge=["A1:A3", "C1:C2"],
    )

    [sheet] = read_workbook(written(tmp_path, content), "附表.xlsx").sheets

    assert [row[:2] for row in sheet.rows] == [["昌吉州", "甲"], ["昌吉州", "乙"], ["昌吉州", "丙"]]
    assert sheet.formulas == {(0, 2), (1, 2)}


def test_hidden_sheets_are_named_and_left_out(tmp_path: Path) -> None:
    def hide(made: openpyxl.Workbook) -> None:
        made.worksheets[1].sheet_state = "hidden"

    content = book(("附表", [["甲"]]), ("旧表", [["乙"]]), dress=hide)

    read = read_workbook(written(tmp_path, content), "附表.xlsx")

    assert ([sheet.name for sheet in read.sheets], read.hidden) == (["附表"], ("旧表",))


def test_calendar_of_1904_is_taken_from_the_workbook(tmp_path: Path) -> None:
    def old_mac(made: openpyxl.Workbook) -> None:
        made.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        made.active["A1"] = datetime.date(2026, 6, 30)

    read = read_workbook(written(tmp_path, book(("附表", []), dress=old_mac)), "附表.xlsx")

    assert read.is_1904
    assert read.sheets[0].rows == [[datetime.date(2026, 6, 30)]]
