"""Makes the demo's evidence: small real PDF, PNG and XLSX files, the same bytes each time."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from random import Random

import xlsxwriter
from PIL import Image, ImageDraw

MADE_AT = datetime(2026, 1, 1)  # noqa: DTZ001 (Excel's dates have no zone)
PICTURE_SIZE = (640, 420)
MONTHS = range(1, 13)


def make_pdf(number: int) -> bytes:
    """A page of Chinese text in a font that every reader of PDFs brings or replaces."""
    rng = Random(f"pdf-{number}")  # noqa: S311 (figures of a picture book)
    lines = [
        ("演示材料，非真实数据", 12),
        (f"示例检测报告 第{number:03d}号", 22),
        ("一、监测项目：颗粒物、二氧化硫、氮氧化物、氨", 12),
        *(
            (
                f"第{row}次　颗粒物 {rng.uniform(2, 9):.1f}　二氧化硫 {rng.uniform(5, 30):.1f}　"
                f"氮氧化物 {rng.uniform(28, 49):.1f}　毫克/立方米",
                12,
            )
            for row in range(1, 10)
        ),
        ("二、结论：本页仅用于演示系统功能。", 12),
    ]
    text = b"BT 60 760 Td 24 TL\n"
    for line, size in lines:
        shown = line.encode("utf-16-be").hex().upper()
        text += f"/F1 {size} Tf <{shown}> Tj T*\n".encode()
    return _pdf(text + b"ET")


def _pdf(content: bytes) -> bytes:
    """One A4 page around a content stream."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
        b" /DescendantFonts [6 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 7 0 R"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000"
        b" /W [1 95 500] >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880]"
        b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    ]
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%s"
        b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (size, table, size, len(out))
    )


def make_picture(number: int) -> bytes:
    """A drawn cement plant: hills, silos, a kiln and its stack, in the light of some hour."""
    rng = Random(f"png-{number}")  # noqa: S311
    width, height = PICTURE_SIZE
    sky = (rng.randrange(150, 215), rng.randrange(190, 225), rng.randrange(225, 250))
    image = Image.new("RGB", PICTURE_SIZE, sky)
    draw = ImageDraw.Draw(image)
    hills = [(0, 260)]
    hills += [(x, rng.randrange(150, 240)) for x in range(0, width + 80, 80)]
    draw.polygon([*hills, (width, height), (0, height)], fill=(140, 132, 118))
    draw.rectangle((0, 300, width, height), fill=(168, 158, 140))
    for silo in range(rng.randrange(2, 5)):
        left = 40 + silo * 70
        top = rng.randrange(150, 190)
        draw.rectangle((left, top, left + 56, 320), fill=(206, 208, 210), outline=(120, 120, 125))
        draw.ellipse((left, top - 12, left + 56, top + 12), fill=(222, 224, 226))
    draw.polygon([(330, 262), (590, 290), (590, 312), (330, 284)], fill=(112, 94, 84))
    stack = rng.randrange(560, 600)
    draw.rectangle((stack, 90, stack + 20, 300), fill=(214, 214, 214))
    for band in range(90, 170, 40):
        draw.rectangle((stack, band, stack + 20, band + 20), fill=(190, 70, 60))
    draw.text((14, height - 26), f"DEMO PICTURE {number:03d}", fill=(60, 60, 60))
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def make_table(number: int) -> bytes:
    """A ledger of a year in an Excel file."""
    rng = Random(f"xlsx-{number}")  # noqa: S311
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"title": f"示例台账{number:03d}", "created": MADE_AT})
    sheet = book.add_worksheet("示例台账")
    sheet.set_column(0, 4, 16)
    bold = book.add_format({"bold": True})
    sheet.write_row(0, 0, ["演示材料，非真实数据", f"第{number:03d}号"], bold)
    sheet.write_row(1, 0, ["月份", "生产小时", "达标小时", "清洁运输量（吨）", "备注"], bold)
    for month in MONTHS:
        hours = rng.randrange(300, 740)
        met = hours - rng.randrange(0, hours // 25)
        sheet.write_row(month + 1, 0, [f"{month}月", hours, met, rng.randrange(20000, 90000)])
    book.close()
    return out.getvalue()


MAKERS: dict[str, tuple[Callable[[int], bytes], int]] = {
    ".pdf": (make_pdf, 96),
    ".png": (make_picture, 32),
    ".xlsx": (make_table, 64),
}
"""By ending: who makes such a file, and how many different ones the demo has."""

ENDINGS = {"photo": ".png", "ledger": ".xlsx", "data": ".xlsx"}


def ending_of(kind: str) -> str:
    """The ending that the demo gives to a kind of evidence asked for."""
    return ENDINGS.get(kind, ".pdf")
