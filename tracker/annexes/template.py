"""The empty annex to download: the plants that it is about, and columns that are found again."""

import io
from collections.abc import Iterable
from typing import NamedTuple

import xlsxwriter

SHEET = "附表"
TITLE = "水泥企业超低排放改造完成时限表"
HEADINGS = ("序号", "地州市（师市）", "企业名称", "统一社会信用代码", "排污许可证编号")
DAYS_HEADING = "计划完成时限"
DAYS = ("有组织", "无组织", "清洁运输", "全流程")
WIDTHS = (6, 20, 34, 22, 26, 14, 14, 14, 14)
NOTES = (
    "1. 每家企业一行；名称、统一社会信用代码、排污许可证编号至少填一项，优先按代码识别。",
    "2. 时限可填日期（2026-06-30、2026/6/30、2026.6.30），"
    "也可填“2026年6月底”“2026年底”“2026年上半年”“2026年第二季度”。",
    "3. 时限含当日；没有时限的填“/”或留空。不要使用公式。",
    "4. 同一企业同一环节只能有一个时限。",
    "5. 列的次序可以调整，可以增加其他列和工作表。",
)


class Listed(NamedTuple):
    """A plant as the template lists it."""

    locality: str
    name: str
    credit_code: str
    permit: str


def make_template(plants: Iterable[Listed]) -> bytes:
    """An Excel workbook in the style of departments, with these plants and no dates yet."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        bold = {"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True}
        title = book.add_format({**bold, "font_size": 16})
        head = book.add_format({**bold, "border": 1, "bg_color": "#E3F0F5"})
        text = book.add_format({"border": 1, "num_format": "@"})
        day = book.add_format({"border": 1, "num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet(SHEET)
        sheet.merge_range(0, 0, 0, len(WIDTHS) - 1, TITLE, title)
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        for column, heading in enumerate(HEADINGS):
            sheet.merge_range(1, column, 2, column, heading, head)
        first = len(HEADINGS)
        sheet.merge_range(1, first, 1, first + len(DAYS) - 1, DAYS_HEADING, head)
        for offset, heading in enumerate(DAYS):
            sheet.write_string(2, first + offset, heading, head)
        for number, plant in enumerate(plants, start=1):
            row = number + 2
            sheet.write_number(row, 0, number, text)
            for column, value in enumerate(plant, start=1):
                sheet.write_string(row, column, value, text)
            for offset in range(len(DAYS)):
                sheet.write_blank(row, first + offset, None, day)
        sheet.freeze_panes(3, 3)
        notes = book.add_worksheet("填写说明")
        notes.set_column(0, 0, 100)
        for row, note in enumerate(NOTES):
            notes.write_string(row, 0, note)
    return stream.getvalue()
