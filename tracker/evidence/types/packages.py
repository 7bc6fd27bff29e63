"""ZIP packages: their directory is judged before anything is unpacked, then within bounds."""

import re
import struct
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from django.utils.translation import gettext as _

from tracker.evidence.types.content import CHUNK_BYTES, Content, quoted
from tracker.evidence.types.names import refuse_name
from tracker.evidence.types.refusal import FileRefused, refused

MEGABYTE = 1024 * 1024
MEMBER, END = b"PK\x03\x04", b"PK\x05\x06"
# The end record: signature, then members, the directory's size and place, the comment's length.
END_RECORD = struct.Struct("<4s6xHIIH")
END_RECORD_REACH = 65535 + END_RECORD.size
LOCAL_HEADER = struct.Struct("<26xHH")
LOCAL_HEADER_BYTES = 30
MOST_MEMBERS = 10_000
LARGEST_DIRECTORY_BYTES = 2 * MEGABYTE
MOST_UNPACKED_BYTES = 512 * MEGABYTE
# Real files pack 5 to 60 times; what packs a thousand times was made to burst.
MOST_RATIO = 250
SMALLEST_BASE_BYTES = 16 * 1024
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
SEALED_BITS = 0x1 | 0x40 | 0x2000
UTF8_BIT = 0x800
UNSAID_ENCODINGS = ("utf-8", "gb18030")
SYMLINK = 0xA
DRIVE = re.compile(r"^[A-Za-z]:")


def end_of(content: Content) -> tuple[int, int, int, int] | None:
    """Of a package's end record: members, the directory's place and size, the end's own place.

    None for what has no end record that fits; what lies before the package shifts nothing here.
    """
    start = max(0, content.size - END_RECORD_REACH)
    tail = content.read(start, END_RECORD_REACH)
    at = tail.rfind(END)
    if at < 0 or len(tail) < at + END_RECORD.size:
        return None
    _signature, members, directory_bytes, _place, _comment = END_RECORD.unpack_from(tail, at)
    directory = start + at - directory_bytes
    if directory < 0 or (members and content.read(directory, 4) != b"PK\x01\x02"):
        return None
    return members, directory, directory_bytes, start + at


def names_of(content: Content) -> list[str]:
    """The members' names; none for a package that can't be read."""
    try:
        _refuse_endless_directory(content)
        with zipfile.ZipFile(content.stream) as package:
            return package.namelist()
    except FileRefused:
        return []
    except Exception:  # crafted packages break the reader in ways that nobody has listed
        return []


@contextmanager
def opened(content: Content) -> Iterator[zipfile.ZipFile]:
    """The package, once its directory was found to be sound."""
    _refuse_endless_directory(content)
    with zipfile.ZipFile(content.stream) as package:
        _refuse_password(content, package)
        _refuse_names(content, package)
        _refuse_overlap(content, package)
        _refuse_bomb(content, package)
        yield package


def name_of(info: zipfile.ZipInfo) -> str:
    """A member's name as its maker meant it, where nothing says how it is written.

    macOS writes UTF-8 then, Windows in China GB 18030.
    """
    if info.flag_bits & UTF8_BIT or info.orig_filename.isascii():
        return info.orig_filename
    for encoding in UNSAID_ENCODINGS:
        try:
            return info.orig_filename.encode("cp437").decode(encoding)
        except UnicodeError:
            continue
    return info.orig_filename


def chunks_of(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """A member to its end, checksum and all; the reader stops at the size that it said."""
    with package.open(info) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            yield chunk


@contextmanager
def unpacked(
    content: Content, package: zipfile.ZipFile, info: zipfile.ZipInfo
) -> Iterator[Content]:
    """A member as a content of its own, in a file without a name that goes by itself."""
    name = name_of(info)
    with tempfile.TemporaryFile(dir=content.folder) as stream:
        size = _copy(package, info, stream)
        yield Content(
            name=name.rsplit("/", 1)[-1],
            label=member_label(content, name),
            stream=stream,
            size=size,
            folder=content.folder,
            depth=content.depth + 1,
        )


def _copy(package: zipfile.ZipFile, info: zipfile.ZipInfo, target: BinaryIO) -> int:
    size = 0
    for chunk in chunks_of(package, info):
        size += len(chunk)
        target.write(chunk)
    target.flush()
    return size


def member_label(content: Content, name: str) -> str:
    return f"{content.label} › {quoted(name)}"


def broken(content: Content) -> FileRefused:
    return refused(content, _("%(file)s is damaged or incomplete: save it anew."))


def bomb(content: Content, size_bytes: int) -> FileRefused:
    return refused(
        content,
        _("%(file)s would unpack to %(size)d MB, far more than a file of its size holds."),
        size=-(-size_bytes // MEGABYTE),
    )


def _refuse_endless_directory(content: Content) -> None:
    """Its entries are all read into memory, so there must be few."""
    end = end_of(content)
    if end is None:
        raise broken(content)
    members, _directory, directory_bytes, _at = end
    if members > MOST_MEMBERS or directory_bytes > LARGEST_DIRECTORY_BYTES:
        raise refused(content, _("%(file)s holds too many files: at most 10,000."))


def _refuse_password(content: Content, package: zipfile.ZipFile) -> None:
    for info in package.infolist():
        if info.flag_bits & SEALED_BITS:
            raise refused(content, _("%(file)s is protected by a password: save it without one."))
        if info.compress_type not in METHODS:
            raise refused(
                content, _("%(file)s is packed in an unusual way: pack it anew as a plain ZIP.")
            )


def _refuse_names(content: Content, package: zipfile.ZipFile) -> None:
    seen: set[str] = set()
    for info in package.infolist():
        name = name_of(info)
        label = member_label(content, name)
        parts = name.replace("\\", "/").rstrip("/").split("/")
        if name[:1] in "/\\" or DRIVE.match(name) or ".." in parts or "" in parts:
            raise FileRefused(_("%(file)s points out of its package.") % {"file": label})
        if info.create_system == 3 and info.external_attr >> 28 == SYMLINK:
            raise FileRefused(_("%(file)s is a link, not a file.") % {"file": label})
        for part in parts:
            refuse_name(part, label)
        folded = "/".join(parts).casefold()
        if folded in seen:
            raise FileRefused(_("%(file)s is there twice.") % {"file": label})
        seen.add(folded)


def _refuse_overlap(content: Content, package: zipfile.ZipFile) -> None:
    """Members lie one behind the other, from the first byte to the directory."""
    end = end_of(content)
    if end is None:
        raise broken(content)
    _members, directory, _directory_bytes, at = end
    free_from = 0
    for info in sorted(package.infolist(), key=lambda info: info.header_offset):
        if info.header_offset < free_from:
            raise refused(content, _("%(file)s was built to unpack the same bytes many times."))
        header = content.read(info.header_offset, LOCAL_HEADER_BYTES)
        if not header.startswith(MEMBER):
            raise broken(content)
        free_from = info.header_offset + LOCAL_HEADER_BYTES + info.compress_size
        free_from += sum(LOCAL_HEADER.unpack_from(header))
    first = min((info.header_offset for info in package.infolist()), default=0)
    if free_from > directory:
        raise broken(content)
    if first != 0 or at + END_RECORD.size + len(package.comment) != content.size:
        raise refused(
            content, _("%(file)s is two files in one: something lies before or behind the package.")
        )


def _refuse_bomb(content: Content, package: zipfile.ZipFile) -> None:
    unpacks_to = sum(info.file_size for info in package.infolist())
    base = max(content.size, SMALLEST_BASE_BYTES)
    if unpacks_to > MOST_UNPACKED_BYTES or unpacks_to > MOST_RATIO * base:
        raise bomb(content, unpacks_to)
