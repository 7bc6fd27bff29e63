"""Running text out of the XML parts of documents, slides and OFD pages.

A stream of events: neither a part nor its tree is ever held in memory as a whole.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator
from xml.parsers import expat

from tracker.evidence.text.pieces import BREAK
from tracker.evidence.types.content import Content
from tracker.evidence.types.packages import chunks_of, opened
from tracker.evidence.types.xml_parts import parser_of

# Word and PowerPoint name these alike; an OFD page holds pieces of text at places.
TEXTS = frozenset({"t", "TextCode"})
ENDS_LINE = frozenset({"p", "TextObject"})
BREAKS = {"br": "\n", "cr": "\n", "tab": "\t"}
ROW, CELL = "tr", "tc"
# The same shape once more, for old programs.
AGAIN = "Fallback"
DOCUMENT = re.compile(
    r"word/(document|footnotes|endnotes|comments|header|footer)\d*\.xml", re.IGNORECASE
)
SLIDES = re.compile(r"ppt/(slides/slide|notesSlides/notesSlide)\d+\.xml", re.IGNORECASE)
PAGES = re.compile(r"(.*/)?Doc_\d+/(Pages|Tpls)/[^/]+/[^/]+\.xml", re.IGNORECASE)
_DIGITS = re.compile(r"(\d+)")


def lines_of_document(content: Content) -> Iterator[str]:
    return _lines_of(content, DOCUMENT)


def lines_of_slides(content: Content) -> Iterator[str]:
    return _lines_of(content, SLIDES)


def lines_of_ofd(content: Content) -> Iterator[str]:
    return _lines_of(content, PAGES)


def _lines_of(content: Content, wanted: re.Pattern[str]) -> Iterator[str]:
    """The parts in the order of their numbers; a document's own text before its margins'."""
    with opened(content) as package:
        parts = [info for info in package.infolist() if wanted.fullmatch(info.filename)]
        for number, info in enumerate(sorted(parts, key=_place)):
            if number:
                yield BREAK
            yield from text_in(content, info.filename, chunks_of(package, info))


def _place(info: zipfile.ZipInfo) -> tuple[bool, list[str | int]]:
    name = info.filename.lower()
    pieces = [int(piece) if piece.isdigit() else piece for piece in _DIGITS.split(name)]
    return not name.startswith("word/document"), list(pieces)


def text_in(content: Content, member: str, chunks: Iterable[bytes]) -> Iterator[str]:
    """The lines of one part, as far as each chunk leads; what follows a fault is not read."""
    reader = _Reader(parser_of(content, member))
    for chunk in chunks:
        reader.parser.Parse(chunk, False)
        yield from reader.lines_so_far()
    reader.parser.Parse(b"", True)
    yield from reader.rest()


class _Reader:
    """Puts together what the parser meets. A table's row is a line, its cells are tabbed."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.parser = parser
        self._found: list[str] = []
        self._depth_of_cells = 0
        self._depth_of_texts = 0
        self._skipped = 0
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters

    def lines_so_far(self) -> list[str]:
        *whole, rest = "".join(self._found).split("\n")
        self._found = [rest]
        return whole

    def rest(self) -> list[str]:
        return ["".join(self._found)]

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if self._skipped or local == AGAIN:
            self._skipped += 1
        elif local in TEXTS:
            self._depth_of_texts += 1
        elif local in BREAKS:
            self._found.append(" " if self._depth_of_cells else BREAKS[local])
        elif local == CELL:
            self._depth_of_cells += 1

    def _end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        if self._skipped:
            self._skipped -= 1
        elif local in TEXTS:
            self._depth_of_texts -= 1
        elif local in ENDS_LINE:
            self._found.append(" " if self._depth_of_cells else "\n")
        elif local == CELL:
            self._depth_of_cells -= 1
            if self._found and self._found[-1] == " ":
                self._found.pop()
            self._found.append(" " if self._depth_of_cells else "\t")
        elif local == ROW:
            self._found.append(" " if self._depth_of_cells else "\n")

    def _characters(self, text: str) -> None:
        if self._depth_of_texts and not self._skipped:
            self._found.append(" ".join(text.split("\n")))
