"""Small whole files of each kind that is taken."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

import docx
import xlsxwriter
from PIL import Image

from tests.evidence.ole_files import old_document, old_slides, old_workbook, ole
from tracker.demo.evidence_files import make_pdf

XML = b'<?xml version="1.0" encoding="UTF-8"?>'
TYPES = XML + b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
OFD_ROOT = XML + b'<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0"/>'

Members = Mapping[str, bytes]


def pdf() -> bytes:
    return make_pdf(1)


def picture(kind: str, **more: object) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(stream, kind, **more)
    return stream.getvalue()


def scan_of_two_pages() -> bytes:
    stream = io.BytesIO()
    page = Image.new("1", (8, 8))
    page.save(stream, "TIFF", save_all=True, append_images=[page])
    return stream.getvalue()


def workbook() -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    book.add_worksheet("台账").write(0, 0, "氨水用量")
    book.close()
    return stream.getvalue()


def document() -> bytes:
    stream = io.BytesIO()
    made = docx.Document()
    made.add_paragraph("氨水台账")
    made.save(stream)
    return stream.getvalue()


def zipped(members: Members, *, packed: bool = True) -> bytes:
    stream = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=method)
    return stream.getvalue()


def added(package: bytes, members: Members) -> bytes:
    """The package with more members, or others under the same names."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    return zipped({**kept, **members})


def slides() -> bytes:
    return zipped({"[Content_Types].xml": TYPES, "ppt/presentation.xml": XML + b"<presentation/>"})


def ofd() -> bytes:
    return zipped({"OFD.xml": OFD_ROOT, "Doc_0/Document.xml": XML + b"<Document/>"})


def box(name: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I4s", 8 + len(content), name) + content


def video(brand: bytes = b"isom") -> bytes:
    return (
        box(b"ftyp", brand + bytes(4) + brand) + box(b"moov", bytes(40)) + box(b"mdat", b"x" * 90)
    )


def heic(width: int = 8, height: int = 8, brand: bytes = b"heic") -> bytes:
    size = box(b"ispe", bytes(4) + struct.pack(">II", width, height))
    meta = box(b"meta", bytes(4) + box(b"iprp", box(b"ipco", size)))
    return box(b"ftyp", brand + bytes(4) + b"mif1" + brand) + meta + box(b"mdat", b"x" * 40)


def png_claiming(width: int, height: int) -> bytes:
    """A whole PNG whose head speaks of many more pixels than there are."""

    def chunk(name: bytes, content: bytes) -> bytes:
        check = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def old_word(**more: bytes) -> bytes:
    return ole({"WordDocument": old_document(), **more})


def old_excel() -> bytes:
    return ole({"Workbook": old_workbook()})


def old_powerpoint() -> bytes:
    return ole({"PowerPoint Document": old_slides(), "Current User": bytes(20)})
