"""Words by which text is found: the same for what is kept and for what is looked for.

Chinese is not cut where a dictionary says: 喷氨量 as one word would hide 氨 and 氨量 from a search.
Each two characters that stand together are a word of the index, and the last of a run is one by
itself, so that one character is the beginning of a word, two are a word, and more a row of words.
"""

import re
import unicodedata
from dataclasses import dataclass

MOST_TERMS = 8
HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Lines are broken anywhere in Chinese, and PDF files keep the break.
_RUN = re.compile(rf"(?P<han>[{HAN}]+(?:\n[{HAN}]+)*)|[^\W_{HAN}]{{1,64}}")


@dataclass(frozen=True)
class Term:
    """One thing that must occur: these words in a row, the last of which may go on."""

    shown: str
    words: tuple[str, ...]

    @property
    def row(self) -> str:
        return " ".join(self.words)


def words_of(text: str) -> str:
    """The words in their order, with a space between each two."""
    return " ".join(_words(folded(text)))


def folded(text: str) -> str:
    """Full-width forms as half-width ones, ligatures as letters, everything in small letters."""
    return unicodedata.normalize("NFKC", text).casefold()


def is_han(character: str) -> bool:
    """Whether it is a Chinese character."""
    return re.match(f"[{HAN}]", character) is not None


def terms_of(query: str) -> list[Term]:
    """What is looked for, each once; of an endless query the first terms."""
    found = dict.fromkeys(folded(query.replace("\0", "")).split())
    return [Term(each, _looked_for(each)) for each in list(found)[:MOST_TERMS]]


def _looked_for(term: str) -> tuple[str, ...]:
    words = _words(term)
    is_run = len(words) > 1 and len(words[-1]) == 1 and words[-2].endswith(words[-1])
    # A run of characters that ends the term may go on in the text.
    if is_run and re.fullmatch(f"[{HAN}]{{2}}", words[-2]):
        words.pop()
    return tuple(words)


def _words(text: str) -> list[str]:
    found: list[str] = []
    for match in _RUN.finditer(text):
        run = match["han"]
        if run is None:
            found.append(match[0])
        else:
            plain = run.replace("\n", "")
            found += [plain[at : at + 2] for at in range(len(plain))]
    return found
