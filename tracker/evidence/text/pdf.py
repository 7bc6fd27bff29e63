"""What stands on a PDF's pages, and their pictures. A scan has no text, only pictures of it."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdfium2

from tracker.evidence.text.pieces import BREAK
from tracker.evidence.types.content import Content
from tracker.evidence.types.pdf import PDFIUM

MOST_PAGES = 1000
# A page's picture: sharp on a phone and on a desk; a plan of ten metres is made as small.
WIDEST, HIGHEST = 1240, 1754


def lines_of_pdf(content: Content) -> Iterator[str]:
    """A page at a time."""
    content.stream.seek(0)
    with PDFIUM:
        document = pypdfium2.PdfDocument(content.stream)
        try:
            for number in range(min(len(document), MOST_PAGES)):
                yield (BREAK if number else "") + _text_of(document, number)
        finally:
            document.close()


def _text_of(document: pypdfium2.PdfDocument, number: int) -> str:
    """One page's text; a page that is broken must not hide the others."""
    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return ""
    try:
        words = page.get_textpage()
        try:
            return str(words.get_text_range())
        finally:
            words.close()
    finally:
        page.close()


def picture_of(path: Path, number: int) -> bytes:
    """Page ``number``, from 1 on, as a PNG; nothing where there is no such page."""
    with PDFIUM:
        document = pypdfium2.PdfDocument(path)
        try:
            if not 1 <= number <= len(document):
                return b""
            page = document[number - 1]
            width, height = page.get_size()
            scale = min(WIDEST / max(width, 1), HIGHEST / max(height, 1), 4)
            picture = page.render(scale=scale).to_pil()
            stream = BytesIO()
            picture.save(stream, "PNG")
            return stream.getvalue()
        finally:
            document.close()


def count_pages(path: Path) -> int:
    """How many pages there are; 0 for what can't be opened."""
    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(path)
        except (pypdfium2.PdfiumError, FileNotFoundError):
            return 0
        try:
            return len(document)
        finally:
            document.close()
