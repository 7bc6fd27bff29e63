"""The bytes of a file or of a package's member, read piece by piece, never whole."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

CHUNK_BYTES = 64 * 1024
WINDOW_BYTES = 1024 * 1024
HEAD_BYTES = 4096
LONGEST_LABEL = 160
# They turn the order in which a name is read: "txt.exe" looks like "exe.txt".
TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True)
class Content:
    """A stream that can be wound back. ``folder`` is where a member may lie for a while.

    ``label`` names it in a sentence: “a.pdf”, or “a.zip” › “b.pdf”. ``depth`` counts the packages
    around it.
    """

    name: str
    label: str
    stream: BinaryIO
    size: int
    folder: Path
    depth: int = 0

    def read(self, start: int, length: int) -> bytes:
        """At most ``length`` bytes from ``start``."""
        self.stream.seek(start)
        return self.stream.read(length)

    @property
    def head(self) -> bytes:
        return self.read(0, HEAD_BYTES)

    def chunks(self, start: int = 0) -> Iterator[bytes]:
        """All of it from ``start``, a chunk at a time; others may read in between."""
        while chunk := self.read(start, CHUNK_BYTES):
            start += len(chunk)
            yield chunk

    def windows(self, overlap: int) -> Iterator[tuple[int, bytes]]:
        """All of it with where each piece starts; what is at most so long lies in one of them."""
        start = 0
        while window := self.read(start, WINDOW_BYTES):
            yield start, window
            if start + len(window) >= self.size:
                return
            start += len(window) - overlap

    def find(self, wanted: bytes, start: int = 0) -> int:
        """Where ``wanted`` lies first from ``start``; -1 if nowhere."""
        kept = b""
        for chunk in self.chunks(start):
            window = kept + chunk
            found = window.find(wanted)
            if found >= 0:
                return start - len(kept) + found
            start += len(chunk)
            kept = window[-(len(wanted) - 1) :] if len(wanted) > 1 else b""
        return -1


def quoted(name: str) -> str:
    """A name as it can stand in a sentence: nothing invisible, and not too long."""
    shown = "".join("�" if is_invisible(character) else character for character in name)
    if len(shown) > LONGEST_LABEL:
        half = LONGEST_LABEL // 2
        shown = f"{shown[:half]}…{shown[-half:]}"
    return f"“{shown}”"


def is_invisible(character: str) -> bool:
    """Control characters and those that turn the reading order."""
    return character in TURNING or unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
