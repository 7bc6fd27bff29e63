"""An annex of the region's plan that waits to be looked over: a few plants, a few slips."""

from datetime import date, datetime
from io import BytesIO

import xlsxwriter
from django.conf import settings

from plants.models import Person, Plant
from tracker import audit
from tracker.annexes.arrange import receive_annex
from tracker.annexes.models import AnnexImport
from tracker.annexes.package import workbook_type_of
from tracker.demo.evidence_files import MADE_AT
from tracker.evidence.store import IncomingFile
from tracker.regulations.models import Document

PLAN = "region-117-2024"
FILE_NAME = "示例附表 水泥企业超低排放改造计划.xlsx"
LISTED = 12
HEADING = ("序号", "地州市", "企业名称", "统一社会信用代码")
DAYS = ("有组织", "无组织", "清洁运输")


def bring_annex(*, officer: Person, today: date, at: datetime) -> AnnexImport:
    """Let the officer bring the annex of the region's plan; nothing of it is applied yet."""
    plants = Plant.objects.filter(authority__tree="region").select_related("place__parent")
    incoming = IncomingFile(FILE_NAME, limit_bytes=settings.UPLOAD_LIMIT_BYTES)
    incoming.write(make_annex(list(plants.order_by("pk")[:LISTED]), today.year + 1))
    return receive_annex(
        document=Document.objects.get(code=PLAN),
        stored=incoming.keep(workbook_type_of).stored,
        original_name=FILE_NAME,
        verification="to_verify",
        by=audit.Actor(officer, "203.0.113.9"),
        at=at,
    )


def make_annex(plants: list[Plant], year: int) -> bytes:
    """Titles and a heading of two rows; one name written otherwise, one word that is no date."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": MADE_AT})
        bold = book.add_format({"bold": True, "align": "center", "valign": "vcenter", "border": 1})
        sheet = book.add_worksheet("附表")
        sheet.set_column(1, 6, 22)
        sheet.merge_range("A1:G1", "示例：水泥企业超低排放改造计划（虚构）", bold)
        for column, heading in enumerate(HEADING):
            sheet.merge_range(1, column, 2, column, heading, bold)
        sheet.merge_range("E2:G2", "完成时限", bold)
        sheet.write_row("E3", DAYS, bold)
        for number, plant in enumerate(plants):
            sheet.write_row(3 + number, 0, _row(number, plant, year))
        stranger = [len(plants) + 1, "", "示例未入册水泥厂", "", f"{year}年底", "", ""]
        sheet.write_row(3 + len(plants), 0, stranger)
    return out.getvalue()


def _row(number: int, plant: Plant, year: int) -> list[object]:
    name, code = plant.name_zh, plant.credit_code
    if number == 1:
        name, code = f"{name[:4]}集团{name[4:]}", ""
    fugitive = "已完成" if number == 2 else f"{year}年第三季度"
    place = plant.place.prefecture.name_zh
    return [number + 1, place, name, code, f"{year}年6月底", fugitive, f"{year + 1}年底前"]
