"""Which kinds of file are taken as evidence, and what a file's content says that it is."""

import struct
import zipfile
from pathlib import Path, PurePath

import puremagic
from django.utils.translation import gettext as _

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

BY_ENDING = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".heic": "image/heif",
    ".heif": "image/heif",
    ".docx": WORD,
    ".xlsx": EXCEL,
    ".zip": "application/zip",
    ".csv": "text/csv",
    ".txt": "text/plain",
}
MAIN_MEMBER = {WORD: "word/document.xml", EXCEL: "xl/workbook.xml"}
# The end record of a ZIP: signature, then at its places the members and the directory's size.
END_RECORD = struct.Struct("<4s6xHI")
END_RECORD_REACH = 65536 + 22
MOST_MEMBERS = 10_000
LARGEST_DIRECTORY_BYTES = 2 * 1024 * 1024
TEXT_ENCODINGS = ("utf-8-sig", "gb18030")
TEXT_SAMPLE_BYTES = 65536


class FileRefused(Exception):
    """The file can't be taken; the sentence says why, in the reader's language."""


def media_type_of(path: Path, original_name: str) -> str:
    """The media type that name and content agree on; else ``FileRefused`` says what is wrong."""
    ending = PurePath(original_name).suffix.lower()
    media_type = BY_ENDING.get(ending)
    if media_type is None:
        raise FileRefused(
            _("“%(name)s”: files of this kind are not taken. Taken are: %(endings)s.")
            % {"name": original_name, "endings": " ".join(BY_ENDING)}
        )
    if not _content_is(media_type, path):
        raise FileRefused(
            _("“%(name)s”: the content is not what the ending %(ending)s says.")
            % {"name": original_name, "ending": ending}
        )
    return media_type


def _content_is(media_type: str, path: Path) -> bool:
    if media_type.startswith("text/"):
        return _is_text(path)
    if media_type in MAIN_MEMBER:
        return _is_office(path, MAIN_MEMBER[media_type])
    if media_type == "application/zip":
        return _members(path) is not None
    return media_type in {guess.mime_type for guess in _guesses(path)}


def _guesses(path: Path) -> list[puremagic.main.PureMagicWithConfidence]:
    with path.open("rb") as stream:
        try:
            return list(puremagic.magic_stream(stream))
        except (puremagic.PureError, ValueError):
            return []


def _is_office(path: Path, main_member: str) -> bool:
    """A whole Office file without macros."""
    names = _members(path)
    if names is None:
        return False
    return main_member in names and not any(name.endswith("vbaProject.bin") for name in names)


def _members(path: Path) -> list[str] | None:
    """The names in a ZIP package; None for one that is broken or has far too many."""
    if not _has_sane_directory(path):
        return None
    try:
        with zipfile.ZipFile(path) as package:
            return package.namelist()
    except Exception:  # crafted packages break the reader in ways that nobody has listed
        return None


def _has_sane_directory(path: Path) -> bool:
    """Whether the end record of a ZIP names few enough members: they are all read into memory."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - END_RECORD_REACH))
        tail = stream.read()
    start = tail.rfind(b"PK\x05\x06")
    if start < 0 or len(tail) < start + END_RECORD.size:
        return False
    _signature, members, directory_bytes = END_RECORD.unpack_from(tail, start)
    return bool(members <= MOST_MEMBERS and directory_bytes <= LARGEST_DIRECTORY_BYTES)


def _is_text(path: Path) -> bool:
    """Readable text, UTF-8 or GB 18030, that no browser would take for a page."""
    with path.open("rb") as stream:
        sample = stream.read(TEXT_SAMPLE_BYTES)
    if b"\0" in sample or sample.lstrip().lower().startswith((b"<!doctype", b"<html", b"<svg")):
        return False
    return any(_decodes(sample, encoding) for encoding in TEXT_ENCODINGS)


def _decodes(sample: bytes, encoding: str) -> bool:
    """Whether the sample reads in this encoding; its last character may be cut off."""
    try:
        sample.decode(encoding)
    except UnicodeDecodeError as fault:
        return len(sample) == TEXT_SAMPLE_BYTES and fault.start >= len(sample) - 4
    return True
