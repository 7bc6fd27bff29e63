"""Texts and tables in plain text, however they are written."""

import codecs
from collections.abc import Iterator

from tracker.evidence.types.content import Content
from tracker.evidence.types.text import encoding_of


def lines_of_text(content: Content) -> Iterator[str]:
    """Read no further than asked."""
    decoder = codecs.getincrementaldecoder(encoding_of(content) or "utf-8")(errors="replace")
    rest = ""
    for chunk in content.chunks():
        *whole, rest = (rest + decoder.decode(chunk)).split("\n")
        yield from (line.removesuffix("\r") for line in whole)
    yield rest + decoder.decode(b"", final=True)
