"""Files with something to read in them."""

import io
from datetime import date, datetime

import docx
import xlsxwriter

from tests.evidence.good_files import OFD_ROOT, TYPES, XML, zipped

OFD_PAGE = (
    XML
    + (
        '<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Content><ofd:Layer>'
        '<ofd:TextObject><ofd:TextCode X="0">电子发票</ofd:TextCode></ofd:TextObject>'
        "<ofd:TextObject><ofd:TextCode>SNCR </ofd:TextCode><ofd:TextCode>氨水</ofd:TextCode>"
        "</ofd:TextObject></ofd:Layer></ofd:Content></ofd:Page>"
    ).encode()
)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


def document() -> bytes:
    made = docx.Document()
    made.add_heading("SNCR脱硝运行台账")
    made.add_paragraph("喷氨量与氨逃逸")
    table = made.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ["日期", "氨水", "2026-05-01", "3.5"], strict=True):
        cell.text = text
    made.add_paragraph("完")
    made.sections[0].header.paragraphs[0].text = "示例水泥有限公司"
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def document_of(body: str) -> bytes:
    part = XML + f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'.encode()
    return zipped({"[Content_Types].xml": TYPES, "word/document.xml": part})


def workbook() -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    first, second = book.add_worksheet("台账"), book.add_worksheet("说明")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    first.write_row(0, 0, ["日期", "氨水（吨）", "合格"])
    first.write_datetime(1, 0, datetime.combine(date(2026, 5, 1), datetime.min.time()), day)
    first.write_row(1, 1, [12, True])
    first.write_row(2, 1, [3.25])
    second.write(0, 0, "SNCR\n两行")
    book.close()
    return stream.getvalue()


def slides() -> bytes:
    def slide(text: str) -> bytes:
        inner = f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>"
        return XML + f'<p:sld xmlns:p="p" xmlns:a="{DRAWING}">{inner}</p:sld>'.encode()

    return zipped(
        {
            "[Content_Types].xml": TYPES,
            "ppt/presentation.xml": XML + b"<presentation/>",
            "ppt/slides/slide10.xml": slide("第十页"),
            "ppt/slides/slide2.xml": slide("第二页"),
        }
    )


def ofd(page: bytes = OFD_PAGE) -> bytes:
    return zipped({"OFD.xml": OFD_ROOT, "Doc_0/Pages/Page_0/Content.xml": page})
