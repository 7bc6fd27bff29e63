"""What a ZIP package may not hold."""

import io
import zipfile

from tests.evidence import good_files as good
from tests.evidence.good_files import zipped
from tests.evidence.hostile.case import (
    DEVICE,
    EMPTY,
    EXE,
    INVISIBLE,
    MACROS,
    OUT,
    PDF_SAID,
    PROGRAM,
    Hostile,
    document_with,
    inside,
    other,
)


def link() -> bytes:
    info = zipfile.ZipInfo("链接.pdf")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    return _written((info, b"/etc/passwd"))


def twice(first: str, second: str) -> bytes:
    return _written((zipfile.ZipInfo(first), b"1"), (zipfile.ZipInfo(second), b"2"))


def _written(*members: tuple[zipfile.ZipInfo, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for info, content in members:
            package.writestr(info, content)
    return stream.getvalue()


def unsaid_member(encoding: str) -> bytes:
    """What Windows and macOS pack: a name with nothing that says how it is written."""
    letters = "程序.exe".encode(encoding)
    return zipped({"x" * len(letters): EXE}).replace(b"x" * len(letters), letters)


FILES = [
    # What a ZIP may not hold.
    Hostile("ZIP of nothing", "附件.zip", lambda: zipped({}), "{file} holds no file."),
    Hostile("ZIP of folders", "附件.zip", lambda: zipped({"夹/": b""}), "{file} holds no file."),
    Hostile(
        "program in a ZIP",
        "附件.zip",
        lambda: zipped({"工具/a.pdf": EXE}),
        PROGRAM,
        inside("附件.zip", "工具/a.pdf"),
    ),
    Hostile(
        "program in a ZIP, name from Windows",
        "附件.zip",
        lambda: unsaid_member("gb18030"),
        PROGRAM,
        inside("附件.zip", "程序.exe"),
    ),
    Hostile(
        "program in a ZIP, name from macOS",
        "附件.zip",
        lambda: unsaid_member("utf-8"),
        PROGRAM,
        inside("附件.zip", "程序.exe"),
    ),
    Hostile(
        "macro file in a ZIP",
        "附件.zip",
        lambda: zipped({"a.docx": document_with("word/vbaProject.bin", b"x")}),
        MACROS,
        inside("附件.zip", "a.docx"),
    ),
    Hostile(
        "empty file in a ZIP",
        "附件.zip",
        lambda: zipped({"a.txt": b""}),
        EMPTY,
        inside("附件.zip", "a.txt"),
    ),
    Hostile(
        "PNG as PDF in a ZIP",
        "附件.zip",
        lambda: zipped({"a.pdf": good.picture("PNG")}),
        other("a PNG picture", PDF_SAID),
        inside("附件.zip", "a.pdf"),
    ),
    Hostile(
        "way out of a ZIP",
        "附件.zip",
        lambda: zipped({"../../etc/a.txt": b"1"}),
        OUT,
        inside("附件.zip", "../../etc/a.txt"),
    ),
    Hostile(
        "way out, the other slash",
        "附件.zip",
        lambda: zipped({"..\\a.txt": b"1"}),
        OUT,
        inside("附件.zip", "..\\a.txt"),
    ),
    Hostile(
        "absolute path in a ZIP",
        "附件.zip",
        lambda: zipped({"/etc/a.txt": b"1"}),
        OUT,
        inside("附件.zip", "/etc/a.txt"),
    ),
    Hostile(
        "drive in a ZIP",
        "附件.zip",
        lambda: zipped({"C:/a.txt": b"1"}),
        OUT,
        inside("附件.zip", "C:/a.txt"),
    ),
    Hostile(
        "link in a ZIP",
        "附件.zip",
        link,
        "{file} is a link, not a file.",
        inside("附件.zip", "链接.pdf"),
    ),
    Hostile(
        "two of one name",
        "附件.zip",
        lambda: twice("a.txt", "A.TXT"),
        "{file} is there twice.",
        inside("附件.zip", "A.TXT"),
    ),
    Hostile(
        "device in a ZIP",
        "附件.zip",
        lambda: zipped({"夹/NUL.txt": b"1"}),
        DEVICE,
        inside("附件.zip", "夹/NUL.txt"),
    ),
    Hostile(
        "turned name in a ZIP",
        "附件.zip",
        lambda: zipped({"a\u202etxt.pdf": b"1"}),
        INVISIBLE,
        inside("附件.zip", "a�txt.pdf"),
    ),
    Hostile(
        "litter that is a program",
        "附件.zip",
        lambda: zipped({"._a.pdf": EXE}),
        PROGRAM,
        inside("附件.zip", "._a.pdf"),
    ),
]
