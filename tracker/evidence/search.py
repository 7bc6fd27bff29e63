"""Find files by what stands in their names and in their texts, and show where it stands."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from tracker.evidence.models import (
    Evidence,
    EvidenceQuerySet,
    StoredFile,
    TextPiece,
    TextState,
)
from tracker.evidence.word_index import pieces_with
from tracker.evidence.words import HAN, Term, folded, is_han, terms_of

BEFORE, AFTER = 24, 80
SIGNS = r"[\W_]+"
BEGINS = rf"(?<![^\W_{HAN}])"


@dataclass(frozen=True)
class Line:
    """The line in which it was found: what lies before, the hit, what lies behind."""

    before: str
    hit: str
    after: str


def search_files(files: EvidenceQuerySet, query: str) -> EvidenceQuerySet:
    """Of the files, which are already those that one may see, those that hold every term.

    A term may stand in a file's name or in its text, Chinese ones anywhere, others where a word
    begins; what has a sign in it, as 35.6 has, stands for its parts in a row.
    """
    for term in terms_of(query):
        files = files.filter(_named(term) | Q(stored__in=_pieces_with(term).values("text")))
    return files


def lines_of(files: Iterable[Evidence], query: str) -> dict[int, Line]:
    """For each of the files in whose text a term stands the line of it, by the stored file.

    A file that may not be opened any more shows nothing of its text.
    """
    found: dict[int, Line] = {}
    wanted = {file.stored_id for file in files if file.stored.can_be_opened}
    for term in terms_of(query):
        missing = wanted - set(found)
        if not missing:
            break
        # Of each text the first piece that holds the term: no text is read whole.
        pieces = _pieces_with(term).filter(text__in=missing).order_by("text", "number")
        first: dict[int, int] = {}
        for key, text in pieces.values_list("pk", "text"):
            first.setdefault(text, key)
        for piece in TextPiece.objects.filter(pk__in=first.values()).only("text", "content"):
            line = line_with(term, piece.content)
            if line is not None:
                found[piece.text_id] = line
    return found


def count_unread(files: EvidenceQuerySet) -> int:
    """How many of the files have a text that is still to be read, and so can't be found by it."""
    waiting = Q(stored__text=None) | Q(stored__text__state=TextState.WAITING)
    return files.filter(waiting, stored__in=StoredFile.objects.openable()).count()


def line_with(term: Term, text: str) -> Line | None:
    """The first line of the text with the term in it, as far as it is worth reading."""
    hit = re.search(_pattern_of(term.shown), text.translate(_FOLD)) if term.words else None
    if hit is None:
        return None
    start = max(text.rfind("\n", 0, hit.start()) + 1, hit.start() - BEFORE)
    end = text.find("\n", hit.end())
    end = min(len(text) if end < 0 else end, hit.end() + AFTER)
    return Line(
        ("…" if start and text[start - 1] != "\n" else "") + text[start : hit.start()].lstrip(),
        text[hit.start() : hit.end()],
        text[hit.end() : end].rstrip() + ("…" if end < len(text) and text[end] != "\n" else ""),
    )


def _named(term: Term) -> Q:
    return Q(original_name__icontains=term.shown)


def _pieces_with(term: Term) -> QuerySet[TextPiece]:
    if not term.words:
        return TextPiece.objects.none()
    pieces = TextPiece.objects.filter(pk__in=pieces_with(term.words))
    # The index says that all the words are there; that they stand in a row is looked up.
    return pieces.filter(words__contains=term.row) if len(term.words) > 1 else pieces


def _pattern_of(term: str) -> str:
    """The term as it may stand in a text: signs may differ, and Chinese may go over a line."""
    found: list[str] = []
    before = ""
    for character in term:
        if not character.isalnum():
            before = "" if not found else SIGNS
            continue
        if before == SIGNS:
            found.append(SIGNS)
        elif before and is_han(before) and is_han(character):
            found.append(r"\n?")
        elif not before and not is_han(character):
            found.append(BEGINS)
        found.append(re.escape(character))
        before = character
    return "".join(found)


class _Fold(dict[int, str]):
    """Each character as ``words.folded`` writes it, where that is one character as well."""

    def __missing__(self, key: int) -> str:
        one = folded(chr(key))
        self[key] = one if len(one) == 1 else chr(key)
        return self[key]


_FOLD = _Fold()
