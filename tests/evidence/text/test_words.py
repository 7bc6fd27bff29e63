"""The words of a text, and those that a query asks for."""

import pytest

from tracker.evidence.words import MOST_TERMS, terms_of, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("氨", "氨"),
        ("喷氨量", "喷氨 氨量 量"),
        ("SNCR脱硝", "sncr 脱硝 硝"),
        ("ＳＮＣＲ ２０２６年", "sncr 2026 年"),
        ("氨逃\n逸", "氨逃 逃逸 逸"),
        ("氨\t水", "氨 水"),
        ("NOx≤35.6mg/m³", "nox 35 6mg m3"),
        ("a_b-C\"'*()", "a b c"),
        ("x" * 70, "x" * 64 + " " + "x" * 6),
    ],
)
def test_words(text: str, words: str) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("", []),
        ("氨", ["氨"]),
        ("氨水", ["氨水"]),
        ("超低排放", ["超低 低排 排放"]),
        ("SNCR 脱硝", ["sncr", "脱硝"]),
        ("SNCR　sncr", ["sncr"]),
        ("脱硝SNCR", ["脱硝 硝 sncr"]),
        ("35.6", ["35 6"]),
        ('"NEAR(*" %', ["near", ""]),
    ],
)
def test_terms(query: str, rows: list[str]) -> None:
    assert [term.row for term in terms_of(query)] == rows


def test_endless_query_is_bounded() -> None:
    assert len(terms_of(" ".join(map(str, range(99))))) == MOST_TERMS
