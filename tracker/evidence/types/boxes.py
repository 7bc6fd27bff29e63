"""Files made of boxes (ISO 14496-12): videos and HEIC pictures."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.evidence.types.content import Content
from tracker.evidence.types.packages import broken

MOST_BOXES = 10_000
CONTAINERS = (b"iprp", b"ipco")


@dataclass(frozen=True)
class Box:
    name: bytes
    start: int
    end: int


def check_video(content: Content) -> None:
    """``FileRefused`` for a video that is broken off or holds no pictures."""
    if b"moov" not in {box.name for box in boxes_in(content, 0, content.size)}:
        raise broken(content)


def heif_size(content: Content) -> list[tuple[int, int]]:
    """The sizes that the picture's properties name."""
    top = {box.name: box for box in boxes_in(content, 0, content.size)}
    if b"meta" not in top:
        raise broken(content)
    # A meta box begins with its version and flags.
    found = list(_sizes(content, top[b"meta"].start + 4, top[b"meta"].end))
    return found or [(0, 0)]


def boxes_in(content: Content, start: int, end: int) -> Iterator[Box]:
    """The boxes one behind the other; refused where one ends behind its surroundings."""
    for _box in range(MOST_BOXES):
        if start == end:
            return
        header = content.read(start, 16)
        if len(header) < 8 or start + 8 > end:
            raise broken(content)
        size, name = struct.unpack_from(">I4s", header)
        inner = start + 8
        if size == 1 and len(header) == 16:
            [size] = struct.unpack_from(">Q", header, 8)
            inner = start + 16
        elif size == 0:
            size = end - start
        if size < inner - start or start + size > end:
            raise broken(content)
        yield Box(name, inner, start + size)
        start += size
    raise broken(content)


def _sizes(content: Content, start: int, end: int) -> Iterator[tuple[int, int]]:
    for box in boxes_in(content, start, end):
        if box.name in CONTAINERS:
            yield from _sizes(content, box.start, box.end)
        elif box.name == b"ispe":
            width, height = struct.unpack(">II", content.read(box.start + 4, 8))
            yield width, height
