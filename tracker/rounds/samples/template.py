"""The empty table of samples to download: a round's outlets, and columns that are found again."""

import io
from collections.abc import Iterable
from typing import NamedTuple

import xlsxwriter

from tracker.rounds.samples.values import POLLUTANT_NAMES

SHEET = "手工监测样品"
HEADINGS = (
    ("排放口编号", 12),
    ("排放口名称", 28),
    ("污染物", 12),
    ("采样开始时间", 18),
    ("采样结束时间", 18),
    ("工况负荷（%）", 12),
    ("含氧量（%）", 12),
    ("实测浓度（mg/m³）", 14),
    ("样品编号", 18),
    ("同时段CEMS实测值（mg/m³）", 16),
)
NOTES = (
    "1. 每个样品一行；同一排放口、同一污染物有多个样品的，复制该行后填写。没有样品的行留空即可。",
    "2. 浓度一律填标准状态、干基的实测值，单位mg/m³；不要填折算值，"
    "系统按限值的基准含氧量折算并列出算式。",
    "3. 时间填北京时间，如“2026-09-05 09:30”；结束时间可只填时刻，如“10:30”，与开始为同一日。",
    "4. 含氧量、负荷填百分数，如8.5、85；窑尾和独立热源烘干设备必须填含氧量。",
    "5. 小数点用“.”；不要使用公式，不要填“9999”等填充值。低于检出限的，填监测报告参与计算的数值。",
    "6. 表头上方的统一社会信用代码用于核对企业，请勿改动。"
    "列的次序可以调整，可以增加其他列和工作表。",
)
_HEADING_ROW = 2


class Prepared(NamedTuple):
    """A row to fill in."""

    code: str
    name: str
    pollutant: str


def make_template(plant_name: str, credit_code: str, rows: Iterable[Prepared]) -> bytes:
    """A workbook with a row for each outlet and pollutant, and notes on a second sheet."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        bold = {"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True}
        title = book.add_format({**bold, "font_size": 16})
        head = book.add_format({**bold, "border": 1, "bg_color": "#E3F0F5"})
        text = book.add_format({"border": 1, "num_format": "@"})
        number = book.add_format({"border": 1})
        instant = book.add_format({"border": 1, "num_format": "yyyy-mm-dd hh:mm"})
        forms = (text, text, text, instant, instant, number, number, number, text, number)
        sheet = book.add_worksheet(SHEET)
        sheet.merge_range(0, 0, 0, len(HEADINGS) - 1, "评估监测手工监测样品表", title)
        sheet.write_string(1, 0, f"{plant_name}　统一社会信用代码：{credit_code}")
        for column, (heading, width) in enumerate(HEADINGS):
            sheet.set_column(column, column, width)
            sheet.write_string(_HEADING_ROW, column, heading, head)
        row = _HEADING_ROW
        for row, prepared in enumerate(rows, start=_HEADING_ROW + 1):
            for column, form in enumerate(forms):
                if column < len(prepared):
                    sheet.write_string(row, column, prepared[column], form)
                else:
                    sheet.write_blank(row, column, None, form)
        names = {"validate": "list", "source": list(POLLUTANT_NAMES.values())}
        sheet.data_validation(_HEADING_ROW + 1, 2, row + 1000, 2, names)
        sheet.freeze_panes(_HEADING_ROW + 1, 3)
        notes = book.add_worksheet("填写说明")
        notes.set_column(0, 0, 110)
        for at, note in enumerate(NOTES):
            notes.write_string(at, 0, note)
    return stream.getvalue()
