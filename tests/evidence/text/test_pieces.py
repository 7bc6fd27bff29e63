"""Where a text is cut, and that nothing of it is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.evidence.text.pieces import pieces_of, within


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("短", ["短"]),
        ("一行\n二行\n三行四", ["一行\n二行\n", "三行四"]),
        ("没有行的一句，后面还有", ["没有行的一句，", "后面还有"]),
        ("一二三四五六七八九十", ["一二三四五六七八", "九十"]),
    ],
)
def test_seams(text: str, pieces: list[str]) -> None:
    assert list(pieces_of(text, 8)) == pieces


@given(st.text(alphabet="氨a1 ,，\n\t\f", max_size=300), st.integers(1, 40))
def test_pieces_make_the_text(text: str, length: int) -> None:
    pieces = list(pieces_of(text, length))

    assert "".join(pieces) == text
    assert all(0 < len(piece) <= length for piece in pieces)


@pytest.mark.parametrize(
    ("lines", "text", "is_cut"),
    [
        (["a\r\nb\x00\x01c"], "a\nbc", False),
        (["\n\n\na", "", "", "b"], "a\n\nb", False),
        (["a    b \t "], "a b", False),
        (["\ud800氨\ufffe水"], "氨水", False),
        (["1234567890", "12345"], "1234567890\n1", True),
        (["12345678901234"], "123456789012", True),
    ],
)
def test_bounds(lines: list[str], text: str, is_cut: bool) -> None:
    assert within(lines, most=12) == (text, is_cut)


def test_endless_line_is_cut_and_the_next_is_read() -> None:
    assert within(["x" * 50, "next"], longest=10) == ("x" * 10 + "\nnext", True)
