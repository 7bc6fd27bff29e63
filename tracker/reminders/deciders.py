"""Who decided on a file before a virus was found in it: accepted, proposed to, or granted."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import F, QuerySet

from tracker.assessments.models import Answered, Decision, Proposal, Review, ReviewCorrection
from tracker.audit import Event, Verb
from tracker.obligations.models import ReliefDecision


class Deciders:
    """Of several findings, read in one go, as it stands when they are planned.

    So an acceptance is found that was under way while the scanner found the virus.
    """

    def __init__(self, events: Iterable[Event]) -> None:
        files = {_file_of(event) for event in events if event.verb == Verb.QUARANTINED} - {None}
        self._of: dict[tuple[int, int], set[int]] = defaultdict(set)
        if files:
            for decided in _decided():
                for file, obligation, person in decided.filter(file__in=files).values_list(
                    "file", "about", "who"
                ):
                    self._of[file, obligation].add(person)

    def of(self, event: Event) -> list[int]:
        """Who decided on this finding's file, where it lies."""
        file = _file_of(event) if event.verb == Verb.QUARANTINED else None
        return sorted(self._of.get((file, event.thing_id), ())) if file is not None else []


def _file_of(event: Event) -> int | None:
    file = (event.after or {}).get("evidence")
    return file if isinstance(file, int) else None


def _decided() -> list[QuerySet[Any, Any]]:
    """Each with its ``file``, the obligation that it is ``about``, and ``who``."""
    answered = "submission__evidence", "submission__obligation"
    again = "review__submission__evidence", "review__submission__obligation"
    accepted = Review.objects.filter(decision=Decision.ACCEPT)
    corrected = ReviewCorrection.objects.filter(decision=Decision.ACCEPT)
    proposed = Proposal.objects.filter(answer__in=("", Answered.CONFIRMED))
    granted = ReliefDecision.objects.filter(granted=True)
    return [
        _rows(accepted, *answered, "reviewed_by"),
        _rows(corrected, *again, "reviewed_by"),
        _rows(proposed, *answered, "proposed_by"),
        _rows(granted, "relief__papers__evidence", "relief__obligation", "decided_by"),
    ]


def _rows(found: QuerySet[Any], file: str, about: str, who: str) -> QuerySet[Any, Any]:
    rows: QuerySet[Any, Any] = found.annotate(file=F(file), about=F(about), who=F(who))
    return rows
