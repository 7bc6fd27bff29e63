"""Ask the module that knows the kind, by content alone: one text for the same bytes."""

from collections.abc import Callable, Iterator
from pathlib import Path

from tracker.evidence.text.archive import lines_of_archive
from tracker.evidence.text.parts import lines_of_document, lines_of_ofd, lines_of_slides
from tracker.evidence.text.pdf import lines_of_pdf
from tracker.evidence.text.pieces import MOST_CHARACTERS, within
from tracker.evidence.text.plain import lines_of_text
from tracker.evidence.text.workbook import lines_of_workbook
from tracker.evidence.types import kinds
from tracker.evidence.types.content import Content
from tracker.evidence.types.sniff import look

READERS: tuple[tuple[kinds.Kind, Callable[[Content], Iterator[str]]], ...] = (
    (kinds.PDF, lines_of_pdf),
    (kinds.DOCX, lines_of_document),
    (kinds.XLSX, lines_of_workbook),
    (kinds.PPTX, lines_of_slides),
    (kinds.OFD, lines_of_ofd),
    (kinds.TEXT, lines_of_text),
    (kinds.ZIP, lines_of_archive),
)


def extract(path: Path, most: int = MOST_CHARACTERS) -> tuple[str, bool]:
    """The text, and whether some was left out; empty for kinds without one.

    Raises whatever a broken file makes its reader raise.
    """
    with path.open("rb") as stream:
        size = path.stat().st_size
        content = Content(path.name, path.name, stream, size, path.parent)
        found = look(content)
        for kind, lines_of in READERS:
            if kind == found:
                return within(lines_of(content), most)
    return "", False
