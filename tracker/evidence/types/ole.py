"""Older Office files (OLE): which they are, and that they hold no macros and no password."""

import struct
from collections.abc import Iterator

import olefile
from django.utils.translation import gettext as _

from tracker.evidence.types import kinds
from tracker.evidence.types.content import Content
from tracker.evidence.types.kinds import Kind
from tracker.evidence.types.packages import broken
from tracker.evidence.types.refusal import refused

START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAIN_STREAMS = (
    ("encryptedpackage", kinds.SEALED),
    ("worddocument", kinds.DOC),
    ("workbook", kinds.XLS),
    ("book", kinds.XLS),
    ("powerpoint document", kinds.PPT),
)
MACRO_STORAGES = frozenset({"macros", "vba", "_vba_project_cur", "_vba_project"})
PACKED_FILE = "\x01ole10native"
LARGEST_STREAM_BYTES = 64 * 1024 * 1024
WORD_FLAGS, WORD_SEALED = 10, 0x0100
SHEET_SEALED, SHEET, SHEET_END, SHEET_KIND, MACRO_SHEETS = 0x2F, 0x85, 0x0A, 5, (1, 6)
SLIDES_SEALED = struct.pack("<I", 0xF3D1C4DF)
# PowerPoint's note of its macros: the record's header, then where they lie, then whether any are.
SLIDES_MACROS = b"\x00\x04\x0c\x00\x00\x00"


def kind_of(content: Content) -> Kind:
    """Which old Office file it is, by its main stream."""
    try:
        with olefile.OleFileIO(content.stream) as package:
            top = {path[0].lower() for path in package.listdir() if len(path) == 1}
    except Exception:  # crafted files break the reader in ways that nobody has listed
        return kinds.OLE
    return next((kind for stream, kind in MAIN_STREAMS if stream in top), kinds.OLE)


def check_ole(content: Content, kind: Kind) -> None:
    """``FileRefused`` for macros, packed files, a password, or a broken file."""
    refuse_acting(content)
    content.stream.seek(0)
    with olefile.OleFileIO(content.stream) as package:
        if kind == kinds.DOC:
            _check_word(content, package)
        elif kind == kinds.XLS:
            _check_sheets(content, package)
        else:
            _check_slides(content, package)


def refuse_acting(content: Content) -> None:
    """``FileRefused`` for macros and for files of any kind that were packed in."""
    content.stream.seek(0)
    with olefile.OleFileIO(content.stream) as package:
        entries = package.listdir(streams=True, storages=True)
    names = {part.lower() for path in entries for part in path}
    if names & MACRO_STORAGES:
        raise _macros(content)
    if PACKED_FILE in names:
        raise refused(content, _("%(file)s carries a packed file in it: take that out first."))


def _macros(content: Content) -> Exception:
    return refused(
        content, _("%(file)s holds macros or controls: save it as a plain file without them.")
    )


def _sealed(content: Content) -> Exception:
    return refused(content, _("%(file)s is protected by a password: save it without one."))


def _stream(content: Content, package: olefile.OleFileIO, name: str) -> bytes:
    """One stream, within bounds."""
    if package.get_size(name) > LARGEST_STREAM_BYTES:
        raise broken(content)
    read: bytes = package.openstream(name).read(LARGEST_STREAM_BYTES)
    return read


def _check_word(content: Content, package: olefile.OleFileIO) -> None:
    head = _stream(content, package, "WordDocument")[:32]
    [flags] = struct.unpack_from("<H", head, WORD_FLAGS)
    if flags & WORD_SEALED:
        raise _sealed(content)


def _check_sheets(content: Content, package: olefile.OleFileIO) -> None:
    name = "Workbook" if package.exists("Workbook") else "Book"
    for record, body in _records(_stream(content, package, name)):
        if record == SHEET_SEALED:
            raise _sealed(content)
        if record == SHEET and len(body) > SHEET_KIND and body[SHEET_KIND] in MACRO_SHEETS:
            raise _macros(content)
        if record == SHEET_END:
            return
    raise broken(content)


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        record, length = struct.unpack_from("<HH", stream, at)
        yield record, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _check_slides(content: Content, package: olefile.OleFileIO) -> None:
    if package.exists("Current User"):
        user = _stream(content, package, "Current User")
        if user[12:16] == SLIDES_SEALED:
            raise _sealed(content)
    if package.exists("EncryptedSummary"):
        raise _sealed(content)
    slides = _stream(content, package, "PowerPoint Document")
    at = slides.find(SLIDES_MACROS)
    while at >= 0:
        if slides[at + 10 : at + 14] == b"\x01\0\0\0":
            raise _macros(content)
        at = slides.find(SLIDES_MACROS, at + 1)
