"""Readable text: UTF-8, GB 18030 or UTF-16 with its mark, to the last character."""

import codecs
import re

from django.utils.translation import gettext as _

from tracker.evidence.types import kinds
from tracker.evidence.types.content import Content
from tracker.evidence.types.refusal import refused

MARKED = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
UNMARKED = ("utf-8", "gb18030")
# What no text holds; tabs, ends of lines and pages, and the old end of file are none of it.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\x7f]")
# A cell that asks the spreadsheet program to start another program: =name|'topic'!item.
STARTS_PROGRAM = re.compile(
    r"""(?:^|[,;\t\r\n"'])\s*[=+@-][^,;\t\r\n|]{0,80}?[A-Za-z]\s*\|\s*(?:'[^'\r\n]{0,200}'|\w+)!['\w]"""
)
OVERLAP = 300


def encoding_of(content: Content) -> str | None:
    """How the text is written; None for what is no text."""
    head = content.head[:3]
    marked = [encoding for mark, encoding in MARKED if head.startswith(mark)]
    return next((each for each in marked or UNMARKED if _decodes(content, each)), None)


def check_table(content: Content) -> None:
    """``FileRefused`` for a table with a cell that starts a program."""
    encoding = encoding_of(content) or "utf-8"
    decoder, kept = codecs.getincrementaldecoder(encoding)(), "\n"
    for chunk in content.chunks():
        window = kept + decoder.decode(chunk)
        if STARTS_PROGRAM.search(window):
            raise refused(
                content, _("%(file)s holds a formula that starts a program: take it out first.")
            )
        kept = window[-OVERLAP:]


def _decodes(content: Content, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        if any(CONTROLS.search(decoder.decode(chunk)) for chunk in content.chunks()):
            return False
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def is_text(kind: kinds.Kind) -> bool:
    return kind in (kinds.CSV, kinds.TEXT)
