"""PDF documents are looked through in windows: nothing hides on the edge between two."""

import zlib
from pathlib import Path

import pytest

from tests.evidence import pdf_files as pdfs
from tracker.evidence.types import FileRefused, media_type_of
from tracker.evidence.types.content import WINDOW_BYTES

ACTION = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
HARMLESS = b"<< /S /JavaScripting /JS (app.alert\\(1\\)) >>"
PACKED = pdfs.stream(
    b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", zlib.compress(b"9 0 " + ACTION)
)
SHIFTS = (0, 1, 5, 6, 10, 11, 15, 16, 17, 20, 60, 2047, 2048, 2049)


def at_the_edge(content: bytes, shift: int, mark: bytes) -> bytes:
    """So that ``mark`` starts ``shift`` bytes before the end of the first window."""
    start = pdfs.pdf_of(b"", pdfs.stream(b"", b""), content).index(mark)
    padding = WINDOW_BYTES - start - shift
    made = pdfs.pdf_of(b"", pdfs.stream(b"", b"x" * (padding - 6)), content)
    assert made.index(mark) == WINDOW_BYTES - shift
    return made


@pytest.mark.parametrize("shift", SHIFTS)
@pytest.mark.parametrize(("content", "mark"), [(ACTION, b"/JavaScript"), (PACKED, b"/ObjStm")])
def test_action_is_found_wherever_it_lies(
    tmp_path: Path, content: bytes, mark: bytes, shift: int
) -> None:
    path = tmp_path / "file"
    path.write_bytes(at_the_edge(content, shift, mark))

    with pytest.raises(FileRefused):
        media_type_of(path, "报告.pdf")


@pytest.mark.parametrize("shift", SHIFTS)
def test_longer_name_is_not_taken_for_it(tmp_path: Path, shift: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(at_the_edge(HARMLESS, shift, b"/JavaScripting"))

    assert media_type_of(path, "报告.pdf") == "application/pdf"
