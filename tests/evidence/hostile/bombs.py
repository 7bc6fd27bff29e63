"""Files that burst when they are unpacked."""

import struct

from tests.evidence import good_files as good
from tests.evidence.good_files import added, zipped
from tests.evidence.hostile.broken import tall_tiff
from tests.evidence.hostile.case import (
    BOMB,
    BROKEN,
    ENTITIES,
    NESTED,
    Hostile,
    document_with,
    inside,
    workbook_with,
)


def overlapping() -> bytes:
    """Two members that are the same bytes, as in the bombs that need no nesting."""
    plain = bytearray(zipped({"a.txt": b"1" * 100, "b.txt": b"1" * 100}, packed=False))
    second = plain.rindex(b"PK\x01\x02")
    plain[second + 42 : second + 46] = bytes(4)
    return bytes(plain)


def many_members() -> bytes:
    return zipped({f"{number}.txt": b"1" for number in range(10_001)}, packed=False)


def claiming_members(count: int) -> bytes:
    plain = bytearray(zipped({"a.txt": b"1"}))
    at = plain.rindex(b"PK\x05\x06")
    plain[at + 8 : at + 12] = struct.pack("<HH", count, count)
    return bytes(plain)


def flood(member: str) -> bytes:
    return zipped({member: bytes(30 * 1024 * 1024)})


FILES = [
    # Bombs.
    Hostile(
        "ZIP bomb by ratio",
        "附件.zip",
        lambda: flood("a.txt"),
        "{file} would unpack to 30 MB, far more than a file of its size holds.",
    ),
    Hostile(
        "Word bomb by ratio",
        "报告.docx",
        lambda: document_with("word/media/a.png", bytes(30 * 1024 * 1024)),
        "{file} would unpack to 31 MB, far more than a file of its size holds.",
    ),
    Hostile(
        "ZIP bomb by overlap",
        "附件.zip",
        overlapping,
        "{file} was built to unpack the same bytes many times.",
    ),
    Hostile(
        "ZIP in a ZIP",
        "附件.zip",
        lambda: zipped({"内.zip": zipped({"a.txt": b"1"})}),
        NESTED,
        inside("附件.zip", "内.zip"),
    ),
    Hostile(
        "ZIP of too many", "附件.zip", many_members, "{file} holds too many files: at most 10,000."
    ),
    Hostile(
        "ZIP that claims too many",
        "附件.zip",
        lambda: claiming_members(65_535),
        "{file} holds too many files: at most 10,000.",
    ),
    Hostile(
        "XML bomb in Word",
        "报告.docx",
        lambda: document_with("word/document.xml", BOMB),
        ENTITIES.replace("{part}", "word/document.xml"),
    ),
    Hostile(
        "XML bomb in Excel",
        "台账.xlsx",
        lambda: workbook_with("xl/sharedStrings.xml", BOMB.decode().encode("utf-16")),
        ENTITIES.replace("{part}", "xl/sharedStrings.xml"),
    ),
    Hostile(
        "XML bomb in relations",
        "报告.docx",
        lambda: document_with("word/_rels/document.xml.rels", BOMB),
        ENTITIES.replace("{part}", "word/_rels/document.xml.rels"),
    ),
    Hostile(
        "XML bomb in OFD",
        "发票.ofd",
        lambda: added(good.ofd(), {"Doc_0/Document.xml": BOMB}),
        ENTITIES.replace("{part}", "Doc_0/Document.xml"),
    ),
    Hostile(
        "PNG of a billion pixels",
        "a.png",
        lambda: good.png_claiming(40_000, 40_000),
        "{file} is 40000 × 40000 pixels large: at most 250 megapixels.",
    ),
    Hostile(
        "TIFF of a billion pixels",
        "扫描.tiff",
        tall_tiff,
        "{file} is 60000 × 60000 pixels large: at most 250 megapixels.",
    ),
    Hostile(
        "HEIC of a billion pixels",
        "a.heic",
        lambda: good.heic(50_000, 50_000),
        "{file} is 50000 × 50000 pixels large: at most 250 megapixels.",
    ),
    Hostile("PNG of no pixels", "a.png", lambda: good.png_claiming(0, 9), BROKEN),
]
