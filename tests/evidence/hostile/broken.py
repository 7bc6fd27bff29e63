"""Files that are broken, and files that are two in one."""

import struct

from tests.evidence import good_files as good
from tests.evidence import pdf_files as pdfs
from tests.evidence.good_files import TYPES, XML, added, zipped
from tests.evidence.hostile.case import (
    AROUND,
    BEFORE_PDF,
    BEHIND,
    BROKEN,
    EMPTY,
    EXE,
    HIDDEN_ZIP,
    JAVA,
    WORD_SAID,
    Hostile,
    document_with,
    maybe,
)
from tests.evidence.ole_files import ole


def bad_checksum() -> bytes:
    return zipped({"a.txt": b"aaaa-bbbb"}, packed=False).replace(b"aaaa-bbbb", b"aaaa-bbbc")


def tall_tiff() -> bytes:
    entries = [(256, 4, 1, 60_000), (257, 4, 1, 60_000)]
    page = struct.pack("<H", len(entries))
    page += b"".join(struct.pack("<HHII", *entry) for entry in entries) + bytes(4)
    return b"II*\0\x08\0\0\0" + page


def looping_tiff() -> bytes:
    return tall_tiff()[:-4].replace(struct.pack("<I", 60_000), struct.pack("<I", 6)) + (
        b"\x08\0\0\0"
    )


FILES = [
    # Broken.
    Hostile("empty PDF", "空.pdf", lambda: b"", EMPTY),
    Hostile("empty text", "空.txt", lambda: b"", EMPTY),
    Hostile("cut PDF", "报告.pdf", lambda: good.pdf()[:400], BROKEN),
    Hostile("PDF of a head only", "报告.pdf", lambda: b"%PDF-1.7\n%%EOF", BROKEN),
    Hostile(
        "PDF without pages",
        "报告.pdf",
        lambda: pdfs.pdf_of().replace(b"/Kids [3 0 R] /Count 1", b"/Kids [] /Count 0"),
        BROKEN,
    ),
    Hostile("cut PNG", "现场.png", lambda: good.picture("PNG")[:-8], BROKEN),
    Hostile("PNG of a head only", "现场.png", lambda: b"\x89PNG\r\n\x1a\n", BROKEN),
    Hostile("cut JPEG", "现场.jpg", lambda: good.picture("JPEG")[:-2], BROKEN),
    Hostile("JPEG of a head only", "现场.jpg", lambda: b"\xff\xd8\xff\xe0", BROKEN),
    Hostile("cut WebP", "现场.webp", lambda: good.picture("WEBP")[:-8], BROKEN),
    Hostile("cut TIFF", "扫描.tif", lambda: good.picture("TIFF")[:12], BROKEN),
    Hostile("TIFF without end", "扫描.tif", looping_tiff, BROKEN),
    Hostile("cut HEIC", "a.heic", lambda: good.heic()[:-8], BROKEN),
    Hostile(
        "HEIC without picture", "a.heic", lambda: good.box(b"ftyp", b"heic" + bytes(8)), BROKEN
    ),
    Hostile("cut video", "a.mp4", lambda: good.video()[:-8], BROKEN),
    Hostile(
        "video without pictures", "a.mp4", lambda: good.box(b"ftyp", b"isom" + bytes(8)), BROKEN
    ),
    Hostile("cut ZIP", "附件.zip", lambda: zipped({"a.txt": b"1"})[:-30], BROKEN),
    Hostile("ZIP with a wrong checksum", "附件.zip", bad_checksum, BROKEN),
    Hostile(
        "cut workbook",
        "台账.xlsx",
        lambda: good.workbook()[:-30],
        maybe("an Excel workbook (.xlsx)"),
    ),
    Hostile(
        "Word without its main part",
        "报告.docx",
        lambda: zipped({"[Content_Types].xml": TYPES}),
        maybe(WORD_SAID),
    ),
    Hostile(
        "Word that is no XML",
        "报告.docx",
        lambda: document_with("word/document.xml", b"\x01\x02"),
        BROKEN,
    ),
    Hostile(
        "OFD of another root",
        "发票.ofd",
        lambda: added(good.ofd(), {"OFD.xml": XML + b"<a/>"}),
        BROKEN,
    ),
    Hostile(
        "old Word of a head only",
        "报告.doc",
        lambda: good.old_word()[:600],
        maybe("an old Word document (.doc)"),
    ),
    Hostile(
        "another OLE file",
        "报告.doc",
        lambda: ole({"Other": b"x"}),
        maybe("an old Word document (.doc)"),
    ),
    Hostile("old workbook without end", "台账.xls", lambda: ole({"Workbook": b""}), BROKEN),
    # Two files in one.
    Hostile("something before a PDF", "报告.pdf", lambda: b"junk\n" + good.pdf(), BEFORE_PDF),
    Hostile(
        "PDF in a JPEG's comment",
        "a.jpg",
        lambda: good.picture("JPEG", comment=b"%PDF-1.7"),
        BEFORE_PDF,
    ),
    Hostile(
        "ZIP behind a JPEG",
        "a.jpg",
        lambda: good.picture("JPEG") + zipped({"a.class": JAVA}),
        HIDDEN_ZIP,
    ),
    Hostile(
        "ZIP behind a PNG",
        "a.png",
        lambda: good.picture("PNG") + zipped({"a.txt": b"1"}),
        HIDDEN_ZIP,
    ),
    Hostile(
        "ZIP behind a PDF", "报告.pdf", lambda: good.pdf() + zipped({"a.txt": b"1"}), HIDDEN_ZIP
    ),
    Hostile("program behind a PNG", "a.png", lambda: good.picture("PNG") + EXE, BEHIND),
    Hostile("program behind a WebP", "a.webp", lambda: good.picture("WEBP") + EXE, BEHIND),
    Hostile(
        "something behind a ZIP", "附件.zip", lambda: zipped({"a.txt": b"1"}) + b"junk", AROUND
    ),
    Hostile(
        "ZIP before a ZIP",
        "附件.zip",
        lambda: zipped({"b.txt": b"1"}) + zipped({"a.txt": b"1"}),
        AROUND,
    ),
]
