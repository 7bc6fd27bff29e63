"""The board of rounds: where each stands, for how long, and whose turn it is."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.utils import timezone

from tracker.rounds.models import Round, RoundQuerySet, Stage
from tracker.rounds.stages import MOVES, Mover


@dataclass(frozen=True, slots=True)
class StageCount:
    """A stage and how many of the rounds stand in it."""

    stage: Stage
    count: int


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A round: ``days`` in its stage, and who has to act for it to go on (in no order)."""

    round: Round
    days: int
    turn: frozenset[Mover]

    @property
    def stage(self) -> Stage:
        return Stage(self.round.stage)


def count_stages(rounds: RoundQuerySet) -> list[StageCount]:
    """Every stage in its order, also where nothing stands."""
    found = rounds.going_on().values_list("stage").annotate(count=Count("pk"))
    counts = Counter(dict(found))
    return [StageCount(stage, counts[stage]) for stage in Stage if stage != Stage.REMOVED]


def find_rounds(rounds: RoundQuerySet, *, stage: str = "") -> RoundQuerySet:
    """Those that go on, in one stage or any; what has stood longest comes first."""
    found = rounds.going_on().select_related("plant__authority")
    if stage:
        found = found.filter(stage=stage)
    return found.order_by("stage_since_at", "pk")


def read_board(rounds: Iterable[Round], *, today: date) -> list[BoardRow]:
    return [
        BoardRow(
            round=each,
            days=(today - timezone.localdate(each.stage_since_at)).days,
            turn=turn_in(each.stage),
        )
        for each in rounds
    ]


def turn_in(stage: str) -> frozenset[Mover]:
    """Who passes a stage; nobody where it is an end: a listed round waits for nobody."""
    if stage == Stage.LISTED:
        return frozenset()
    onwards = (move.by for move in MOVES[Stage(stage)].values() if move.passes)
    return frozenset().union(*onwards)
