"""What a content is, by its first bytes and, for packages, by what lies in them."""

import re

from tracker.evidence.types import kinds, ole, packages, text
from tracker.evidence.types.content import Content
from tracker.evidence.types.kinds import Kind

STARTS = (
    (b"%PDF-", kinds.PDF),
    (b"\x89PNG\r\n\x1a\n", kinds.PNG),
    (b"\xff\xd8\xff", kinds.JPEG),
    (b"II*\0", kinds.TIFF),
    (b"MM\0*", kinds.TIFF),
    (b"GIF87a", kinds.GIF),
    (b"GIF89a", kinds.GIF),
    (b"Rar!\x1a\x07", kinds.RAR),
    (b"7z\xbc\xaf\x27\x1c", kinds.SEVEN_ZIP),
    (b"\x1f\x8b\x08", kinds.GZIP),
    (b"{\\rtf", kinds.RTF),
)
# A bitmap's header: its reserved fields are zero.
BITMAP = re.compile(rb"BM.{4}\0{4}", re.DOTALL)
HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
AVIF_BRANDS = (b"avif", b"avis")
MAIN_PARTS = (
    (re.compile(r"word/document\d*\.xml"), kinds.DOCX),
    (re.compile(r"xl/workbook\d*\.xml"), kinds.XLSX),
    (re.compile(r"ppt/presentation\d*\.xml"), kinds.PPTX),
    (re.compile(r"OFD\.xml"), kinds.OFD),
)


def look(content: Content) -> Kind | None:
    """The kind of the content; None for bytes that say nothing."""
    head = content.head
    for start, kind in STARTS:
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return kinds.WEBP
    if BITMAP.match(head):
        return kinds.BMP
    if head[4:8] == b"ftyp":
        return _media(head)
    if head.startswith((packages.MEMBER, packages.END)):
        return _package(content)
    if head.startswith(ole.START):
        return ole.kind_of(content)
    return kinds.TEXT if text.encoding_of(content) else None


def _media(head: bytes) -> Kind:
    brand = head[8:12]
    if brand in AVIF_BRANDS:
        return kinds.AVIF
    if brand in HEIF_BRANDS:
        # The common brand says picture; the others say which.
        size = int.from_bytes(head[:4], "big")
        return kinds.AVIF if any(b in head[16:size] for b in AVIF_BRANDS) else kinds.HEIF
    return kinds.MOV if brand == b"qt  " else kinds.MP4


def _package(content: Content) -> Kind:
    names = packages.names_of(content)
    for part, kind in MAIN_PARTS:
        if any(part.fullmatch(name) for name in names):
            return kind
    return kinds.ZIP
