"""Pictures: whole and of a sane size, told from their headers; nothing is decoded."""

import struct
from collections.abc import Callable

from django.utils.translation import gettext as _

from tracker.evidence.types import kinds
from tracker.evidence.types.boxes import heif_size
from tracker.evidence.types.content import Content
from tracker.evidence.types.kinds import Kind
from tracker.evidence.types.packages import broken
from tracker.evidence.types.refusal import FileRefused, refused

MOST_MEGAPIXELS = 250  # the finest phones make 200
MOST_PIECES = 100_000
MOST_PAGES = 1000
JPEG_END = b"\xff\xd9"
JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
JPEG_SCAN, JPEG_ALONE = 0xDA, frozenset({0x01, *range(0xD0, 0xD9)})
TIFF_WIDTH, TIFF_HEIGHT, TIFF_SHORT = 256, 257, 3

Size = tuple[int, int]


def check_picture(content: Content, kind: Kind) -> None:
    """``FileRefused`` for a picture that is broken, far too large, or followed by something."""
    for width, height in MEASURES[kind](content):
        if width <= 0 or height <= 0:
            raise broken(content)
        if width * height > MOST_MEGAPIXELS * 1_000_000:
            raise refused(
                content,
                _("%(file)s is %(width)d × %(height)d pixels large: at most 250 megapixels."),
                width=width,
                height=height,
            )


def appended(content: Content) -> FileRefused:
    return refused(content, _("%(file)s is two files in one: something lies behind the picture."))


def _png(content: Content) -> list[Size]:
    at, size = 8, (0, 0)
    for _piece in range(MOST_PIECES):
        header = content.read(at, 8)
        if len(header) < 8:
            break
        length, name = struct.unpack(">I4s", header)
        if at == 8:
            if name != b"IHDR":
                break
            size = struct.unpack(">II", content.read(at + 8, 8))
        at += 12 + length
        if at > content.size:
            break
        if name == b"IEND":
            if at != content.size:
                raise appended(content)
            return [size]
    raise broken(content)


def _jpeg(content: Content) -> list[Size]:
    at, size = 2, None
    for _piece in range(MOST_PIECES):
        header = content.read(at, 4)
        if len(header) < 4 or header[0] != 0xFF:
            break
        marker = header[1]
        if marker == 0xFF or marker in JPEG_ALONE:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in JPEG_SIZES:
            height, width = struct.unpack(">HH", content.read(at + 5, 4))
            size = width, height
        if marker == JPEG_SCAN:
            # In what follows the end's two bytes stand nowhere but at the end.
            if size is None or content.find(JPEG_END, at) < 0:
                break
            return [size]
        at += 2 + int.from_bytes(header[2:], "big")
    raise broken(content)


def _webp(content: Content) -> list[Size]:
    head = content.head
    ends = 8 + int.from_bytes(head[4:8], "little")
    if ends + ends % 2 > content.size + 1 or len(head) < 30:
        raise broken(content)
    if content.size > ends + ends % 2:
        raise appended(content)
    name = head[12:16]
    if name == b"VP8X":
        width, height = (int.from_bytes(head[at : at + 3], "little") + 1 for at in (24, 27))
    elif name == b"VP8L" and head[20] == 0x2F:
        bits = int.from_bytes(head[21:25], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif name == b"VP8 " and head[23:26] == b"\x9d\x01\x2a":
        width, height = (side & 0x3FFF for side in struct.unpack("<HH", head[26:30]))
    else:
        raise broken(content)
    return [(width, height)]


def _tiff(content: Content) -> list[Size]:
    order = "<" if content.head.startswith(b"II") else ">"
    [at] = struct.unpack(order + "I", content.read(4, 4))
    sizes: list[Size] = []
    while at:
        if len(sizes) == MOST_PAGES or at + 2 > content.size:
            raise broken(content)
        size, at = _tiff_page(content, order, at)
        sizes.append(size)
    return sizes or [(0, 0)]


def _tiff_page(content: Content, order: str, at: int) -> tuple[Size, int]:
    """The size of one page, and where the next begins."""
    [count] = struct.unpack(order + "H", content.read(at, 2))
    entries = content.read(at + 2, count * 12 + 4)
    found: dict[int, int] = {}
    for entry in range(count):
        tag, form, _n = struct.unpack_from(order + "HHI", entries, entry * 12)
        [value] = struct.unpack_from(
            order + ("H" if form == TIFF_SHORT else "I"), entries, entry * 12 + 8
        )
        found[tag] = value
    [following] = struct.unpack_from(order + "I", entries, count * 12)
    return (found.get(TIFF_WIDTH, 0), found.get(TIFF_HEIGHT, 0)), following


MEASURES: dict[Kind, Callable[[Content], list[Size]]] = {
    kinds.PNG: _png,
    kinds.JPEG: _jpeg,
    kinds.WEBP: _webp,
    kinds.TIFF: _tiff,
    kinds.HEIF: heif_size,
}
