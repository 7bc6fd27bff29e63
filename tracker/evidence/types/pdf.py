"""PDF documents: whole, without a password, without anything that acts."""

import re
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath
from threading import Lock

import pypdfium2
from django.utils.translation import gettext as _
from pypdfium2 import raw as pdfium

from tracker.evidence.types import kinds
from tracker.evidence.types.content import CHUNK_BYTES, Content, quoted
from tracker.evidence.types.packages import broken
from tracker.evidence.types.refusal import FileRefused, refused

# The library is not made for several threads at once: every use of it waits for this.
PDFIUM = Lock()
END_REACH_BYTES = 2048
MOST_UNPACKED_BYTES = 256 * 1024 * 1024
OVERLAP = 256
LONGEST_MATCH = 2048
ATTACHED_BESIDE = (".xml", ".json")  # what e-invoices carry


def _name(name: str) -> bytes:
    """A PDF name as a pattern: any of its letters may be written as #xx."""
    letters = (f"(?:{letter}|#{ord(letter):02x}|#{ord(letter):02X})" for letter in name)
    return ("/" + "".join(letters) + r"(?![A-Za-z0-9_.#-])").encode()


ACTS = re.compile(b"|".join(_name(name) for name in ("JavaScript", "Launch")))
OBJECT_STREAM = re.compile(_name("ObjStm") + rb".{0,1024}?stream\r?\n", re.DOTALL)
LOOKED_FOR = re.compile(ACTS.pattern + b"|" + OBJECT_STREAM.pattern, re.DOTALL)


def check_pdf(content: Content) -> None:
    """``FileRefused`` for what is broken, sealed, or acts by itself."""
    if b"%%EOF" not in content.read(max(0, content.size - END_REACH_BYTES), END_REACH_BYTES):
        raise broken(content)
    if _acts(content):
        raise _acting(content)
    with PDFIUM:
        _open(content)


def _acting(content: Content) -> FileRefused:
    return refused(
        content,
        _("%(file)s holds a script or starts a program: print it into a new PDF."),
    )


def _acts(content: Content) -> bool:
    """Whether an action stands in the file, openly or in one of its packed objects."""
    unpacked, kept = 0, b""
    for found, end in _found(content):
        if ACTS.search(found):
            return True
        for chunk in _inflated(content, end):
            unpacked += len(chunk)
            if unpacked > MOST_UNPACKED_BYTES:
                raise broken(content)
            if ACTS.search(kept + chunk):
                return True
            kept = chunk[-OVERLAP:]
    return False


def _found(content: Content) -> Iterator[tuple[bytes, int]]:
    """Each action and head of packed objects, and where it ends, in one pass.

    Window by window: a map of the file would count as our memory.
    """
    last = 0
    for start, window in content.windows(LONGEST_MATCH):
        is_last = start + len(window) >= content.size
        for match in LOOKED_FOR.finditer(window):
            # What follows a match at the window's end is known in the next one only.
            if start + match.end() > last and (is_last or match.end() < len(window)):
                last = start + match.end()
                # With the letter behind it, on which hangs whether the name goes on.
                yield window[match.start() : match.end() + 1], last


def _inflated(content: Content, start: int) -> Iterator[bytes]:
    """A packed stream, a chunk at a time; what is not packed gives nothing."""
    unpack = zlib.decompressobj()
    try:
        for chunk in content.chunks(start):
            data = chunk
            while data and not unpack.eof:
                yield unpack.decompress(data, CHUNK_BYTES)
                data = unpack.unconsumed_tail
            if unpack.eof:
                return
    except zlib.error:
        return


def _open(content: Content) -> None:
    content.stream.seek(0)
    try:
        document = pypdfium2.PdfDocument(content.stream)
    except pypdfium2.PdfiumError as fault:
        if fault.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise refused(
                content, _("%(file)s is protected by a password: save it without one.")
            ) from fault
        raise broken(content) from fault
    try:
        if len(document) == 0:
            raise broken(content)
        if pdfium.FPDFDoc_GetJavaScriptActionCount(document.raw) > 0 or _acts_unsealed(
            content, document
        ):
            raise _acting(content)
        _refuse_attached(content, document)
    finally:
        document.close()


def _acts_unsealed(content: Content, document: pypdfium2.PdfDocument) -> bool:
    """Look again without the encryption of documents that open without a password."""
    if pdfium.FPDF_GetSecurityHandlerRevision(document.raw) < 0:
        return False
    with tempfile.TemporaryFile(dir=content.folder) as stream:
        document.save(stream, flags=pdfium.FPDF_REMOVE_SECURITY)
        stream.flush()
        return _acts(replace(content, stream=stream, size=stream.tell()))


def _refuse_attached(content: Content, document: pypdfium2.PdfDocument) -> None:
    """What is tucked into a document is taken if it would be taken alone, by its ending."""
    for index in range(document.count_attachments()):
        name = document.get_attachment(index).get_name()
        ending = PurePath(name).suffix.lower()
        if ending not in kinds.KIND_BY_ENDING and ending not in ATTACHED_BESIDE:
            raise refused(
                content,
                _("%(file)s carries the file %(inner)s in it: take that out first."),
                inner=quoted(name),
            )
