"""Text in lines: cleaned, kept within bounds, and cut into pieces that an index can hold."""

import re
from collections.abc import Iterable, Iterator

MOST_CHARACTERS = 1_000_000
PIECE_CHARACTERS = 10_000
# A table's row may be one line of a thousand cells; a line beyond this was not made for reading.
LONGEST_LINE = 20_000
BREAK = "\f"
# What no database or page wants, with the marks that PDF readers put where a hyphen was.
_UNWANTED = re.compile("[\0-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufeff\ufffe\uffff]")
_SPACES = re.compile("[ \u00a0\u3000]{2,}")
_ENDS = re.compile("\r\n?|\x0b|\x85|\u2028|\u2029")
_SEAM = re.compile(r"[^\w]\w*\Z")


def within(
    lines: Iterable[str], most: int = MOST_CHARACTERS, longest: int = LONGEST_LINE
) -> tuple[str, bool]:
    """The lines as one text, and whether some of it had to be left out.

    Of empty lines one stays; a line may hold several, and is read no further than the bound.
    """
    kept: list[str] = []
    room, was_empty, is_cut = most, True, False
    for line in _cleaned(lines):
        if not line and was_empty:
            continue
        was_empty = not line
        is_cut = is_cut or len(line) > longest
        shown = line[:longest]
        if len(shown) > room:
            kept.append(shown[:room])
            return "\n".join(kept).strip(" \n"), True
        kept.append(shown)
        room -= len(shown) + 1
    return "\n".join(kept).strip(" \n"), is_cut


def pieces_of(text: str, length: int = PIECE_CHARACTERS) -> Iterator[str]:
    """The text in pieces that end with a line where one ends, else between two words."""
    start = 0
    while start < len(text):
        end = start + length
        if end < len(text):
            end = _seam(text, start, end)
        yield text[start:end]
        start = end


def _seam(text: str, start: int, end: int) -> int:
    line = text.rfind("\n", start, end)
    if line > start:
        return line + 1
    word = _SEAM.search(text, max(start + 1, end - 200), end)
    return word.start() + 1 if word else end


def _cleaned(lines: Iterable[str]) -> Iterator[str]:
    for several in lines:
        plain = _UNWANTED.sub("", _ENDS.sub("\n", several))
        for line in plain.split("\n"):
            yield _SPACES.sub(" ", line).rstrip(" \t")
