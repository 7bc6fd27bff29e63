"""The empty ledger to download: one row for each way in each month, and columns found again."""

import io
from collections.abc import Iterable
from datetime import date

import xlsxwriter

from tracker.rounds.transport.kinds import MATERIALS, Direction, Goods, Mode, RoadClass

SHEET = "清洁运输台账"
HEADINGS = ("月份", "方向", "货物", "运输方式", "车辆类别", "运量（吨）")
WIDTHS = (12, 10, 12, 20, 14, 16)
DIRECTIONS = {Direction.IN: "进厂", Direction.OUT: "出厂"}
GOODS = {Goods.RAW_MATERIAL: "原料", Goods.FUEL: "燃料", Goods.PRODUCT: "产品"}
MODES = {
    Mode.RAIL: "铁路",
    Mode.WATER: "水路",
    Mode.PIPELINE: "管道",
    Mode.PIPE_CONVEYOR: "管状带式输送机",
    Mode.BELT_GALLERY: "皮带通廊",
    Mode.ROAD: "公路",
}
CLASSES = {RoadClass.NEW_ENERGY: "新能源", RoadClass.CHINA_VI: "国六", RoadClass.OTHER: "其他"}
NOTES = (
    "1. 每月、每个方向、每种货物、每种运输方式一行；公路按车辆类别（新能源、国六、其他）分行。",
    "2. 月份填 2026-03 或 2026年3月。运量以吨为单位，小数用小数点；没有运输的填 0，不要留空。",
    "3. 只有公路填车辆类别。整月没有运输的也要填一行 0，否则视为该月没有数据。",
    "4. 不要使用公式；列的次序可以调整，可以增加其他列和工作表。",
    "5. 再次导入同一行即为更正，原来的数值保留在历史中。",
)


def make_template(months: Iterable[date]) -> bytes:
    """An Excel workbook with the usual rows of these months, their tonnes still empty."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        head = book.add_format(
            {"bold": True, "align": "center", "border": 1, "bg_color": "#E3F0F5"}
        )
        text = book.add_format({"border": 1, "num_format": "@"})
        amount = book.add_format({"border": 1, "num_format": "#,##0.###"})
        sheet = book.add_worksheet(SHEET)
        for column, (heading, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, heading, head)
        row = 0
        for month in months:
            for words in _usual_rows():
                row += 1
                for column, word in enumerate((f"{month:%Y-%m}", *words)):
                    sheet.write_string(row, column, word, text)
                sheet.write_blank(row, len(HEADINGS) - 1, None, amount)
        lists = [list(each.values()) for each in (DIRECTIONS, GOODS, MODES, CLASSES)]
        for column, choices in enumerate(lists, start=1):
            sheet.data_validation(1, column, 5000, column, {"validate": "list", "source": choices})
        sheet.freeze_panes(1, 0)
        notes = book.add_worksheet("填写说明")
        notes.set_column(0, 0, 100)
        for number, note in enumerate(NOTES):
            notes.write_string(number, 0, note)
    return stream.getvalue()


def _usual_rows() -> list[tuple[str, str, str, str]]:
    """Materials and fuels come in and products go out, by rail and on the road."""
    ways = [(Direction.IN, goods) for goods in Goods if goods in MATERIALS]
    ways.append((Direction.OUT, Goods.PRODUCT))
    by_mode = [(Mode.RAIL, ""), *((Mode.ROAD, word) for word in CLASSES.values())]
    return [
        (DIRECTIONS[direction], GOODS[goods], MODES[mode], road_class)
        for direction, goods in ways
        for mode, road_class in by_mode
    ]
