"""Writes small OLE files (the container of older Office files), for tests."""

import struct
from itertools import pairwise

SECTOR = 512
SMALLEST_STREAM = 4096  # smaller ones would lie in a stream of their own
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
STORAGE, STREAM, ROOT = 1, 2, 5


def ole(streams: dict[str, bytes]) -> bytes:
    """A file with these streams; ``a/b`` lies in the storage ``a``."""
    entries: list[list[object]] = [["Root Entry", ROOT, FREE, FREE, END, 0]]
    kids: dict[str, list[int]] = {"": []}
    sectors: list[bytes] = []
    fat: list[int] = []
    for path, given in streams.items():
        storage, _slash, name = path.rpartition("/")
        if storage not in kids:
            kids[storage] = []
            kids[""].append(len(entries))
            entries.append([storage, STORAGE, FREE, FREE, 0, 0])
        content = given.ljust(SMALLEST_STREAM, b"\0")
        pieces = [content[at : at + SECTOR] for at in range(0, len(content), SECTOR)]
        kids[storage].append(len(entries))
        entries.append([name, STREAM, FREE, FREE, len(sectors), len(content)])
        fat += [*range(len(sectors) + 1, len(sectors) + len(pieces)), END]
        sectors += [piece.ljust(SECTOR, b"\0") for piece in pieces]
    for storage, numbers in kids.items():
        parent = next(e for e in entries if e[0] == storage) if storage else entries[0]
        parent[3] = numbers[0]
        for left, right in pairwise(numbers):
            entries[left][2] = right
    directory = b"".join(_entry(*entry) for entry in entries)  # type: ignore[arg-type]
    directory += bytes(-len(directory) % SECTOR)
    first = len(sectors)
    count = len(directory) // SECTOR
    fat += [*range(first + 1, first + count), END, FAT]
    assert len(fat) <= SECTOR // 4
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(SECTOR, b"\xff")
    return _header(first, first + count) + b"".join(sectors) + directory + table


def _entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
    letters = name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBIII16sIQQIQ",
        *(letters, len(letters), kind, 1, FREE, right, child),
        *(bytes(16), 0, 0, 0, start, size),
    )


def _header(directory: int, table: int) -> bytes:
    return struct.pack(
        "<8s16sHHHHH6sIIIIIIIIII436s",
        *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6, bytes(6), 0, 1),
        *(directory, 0, SMALLEST_STREAM, END, 0, END, 0, table),
        b"\xff" * 432 + b"\xff" * 4,
    )[:SECTOR]


def record(number: int, body: bytes) -> bytes:
    """One record of an old workbook."""
    return struct.pack("<HH", number, len(body)) + body


def old_workbook(*, kind: int = 0, sealed: bool = False) -> bytes:
    """A workbook's main stream with one sheet of this kind."""
    begin = record(0x809, bytes(16)) + (record(0x2F, bytes(6)) if sealed else b"")
    sheet = record(0x85, bytes(4) + bytes([0, kind]) + b"\x02\0S1")
    return begin + sheet + record(0x0A, b"")


def old_document(*, sealed: bool = False) -> bytes:
    """A Word document's main stream: the flags of its head."""
    return b"\xec\xa5\xc1\0" + bytes(6) + struct.pack("<H", 0x0100 if sealed else 0)


def old_slides(*, macros: bool = False) -> bytes:
    """A presentation's main stream, with or without the note that it has macros."""
    note = struct.pack("<HHIII", 2, 0x0400, 12, 1, 1) + bytes(4) if macros else b""
    return bytes(64) + note
