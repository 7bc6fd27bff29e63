"""What stands on a PDF's pages. A scan has no text, only pictures of it."""

from collections.abc import Iterator

import pypdfium2

from tracker.evidence.text.pieces import BREAK
from tracker.evidence.types.content import Content
from tracker.evidence.types.pdf import PDFIUM

MOST_PAGES = 1000


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
