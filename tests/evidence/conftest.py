"""Small real files, and a way to bring them in."""

import io
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter
from PIL import Image

from tracker.evidence.store import IncomingFile

LIMIT_BYTES = 50 * 1024 * 1024

Receive = Callable[..., IncomingFile]


def picture(kind: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(stream, kind)
    return stream.getvalue()


def workbook() -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    book.add_worksheet("台账").write(0, 0, "氨水用量")
    book.close()
    return stream.getvalue()


def package(*members: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for member in members:
            archive.writestr(member, "…")
    return stream.getvalue()


@pytest.fixture
def receive() -> Receive:
    """A file that has come in, in chunks of 7 bytes."""

    def received(name: str, content: bytes, *, limit_bytes: int = LIMIT_BYTES) -> IncomingFile:
        incoming = IncomingFile(name, limit_bytes=limit_bytes)
        for start in range(0, len(content), 7):
            incoming.write(content[start : start + 7])
        return incoming

    return received
