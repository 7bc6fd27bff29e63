"""Files of 30 MB are judged in a few megabytes of memory."""

import random
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.evidence import good_files as good
from tests.evidence import pdf_files as pdfs
from tests.evidence.good_files import added, zipped
from tracker.evidence.types import media_type_of

SIZE = 30 * 1024 * 1024
MOST_BYTES = 6 * 1024 * 1024


def noise() -> bytes:
    return random.Random("noise").randbytes(SIZE)


def large_png() -> bytes:
    piece = SIZE.to_bytes(4, "big") + b"IDAT" + noise() + bytes(4)
    end = good.picture("PNG")[-12:]
    return good.picture("PNG")[:33] + piece + end


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("长.txt", lambda: b"0123456789abcde\n" * (SIZE // 16)),
        ("长.csv", lambda: "一二三四五，\n".encode("gb18030") * (SIZE // 13)),
        ("图.png", large_png),
        ("片.mp4", lambda: good.video() + good.box(b"free", noise())),
        ("包.zip", lambda: zipped({"片.mp4": good.video() + good.box(b"free", noise())})),
        ("文.docx", lambda: added(good.document(), {"word/media/a.png": noise()})),
        ("报.pdf", lambda: pdfs.pdf_of(b"", pdfs.stream(b"", noise()))),
    ],
)
def test_large_file_takes_little_memory(
    tmp_path: Path, name: str, make: Callable[[], bytes]
) -> None:
    path = tmp_path / "file"
    path.write_bytes(make())
    tracemalloc.start()

    media_type_of(path, name)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < MOST_BYTES
