"""Which stage of a round may follow which, and who may make each move. Pure.

The order is domain.md 2.3 and 2.7. That a report is filed with the prefecture or division, and
reviewed by the region or the Corps, is told of steel and of Henan's cement, not yet of this Guide.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from tracker.rounds.models import Stage


class Mover(Enum):
    """Who somebody is for a round; she may be several of them."""

    PLANT = "plant"  # manager of the plant or of its group
    BODY = "body"  # sits in the round for a monitoring or technical body
    OFFICE = "office"  # officer of the prefecture or division
    UPPER = "upper"  # officer of the region or the Corps


Movers = frozenset[Mover]
_PLANT: Movers = frozenset({Mover.PLANT})
_ASSESSORS: Movers = frozenset({Mover.PLANT, Mover.BODY})
_OFFICE: Movers = frozenset({Mover.OFFICE})
_UPPER: Movers = frozenset({Mover.UPPER})


@dataclass(frozen=True, slots=True)
class Move:
    """``passes`` says that the stage is done with, so that its conditions have to be met.

    Any other move leads back, or off the list, and needs a reason.
    """

    by: Movers
    passes: bool = True


MOVES: Mapping[Stage, Mapping[Stage, Move]] = {
    Stage.PLANNED: {Stage.STABLE_RUNNING: Move(_PLANT)},
    Stage.STABLE_RUNNING: {Stage.DOCUMENT_REVIEW: Move(_PLANT)},
    Stage.DOCUMENT_REVIEW: {
        Stage.SITE_SURVEY: Move(_ASSESSORS),
        Stage.DOCUMENT_RECTIFICATION: Move(_ASSESSORS, passes=False),
    },
    Stage.DOCUMENT_RECTIFICATION: {Stage.DOCUMENT_REVIEW: Move(_PLANT)},
    Stage.SITE_SURVEY: {
        Stage.MONITORING: Move(_ASSESSORS),
        Stage.SITE_RECTIFICATION: Move(_ASSESSORS, passes=False),
    },
    Stage.SITE_RECTIFICATION: {Stage.SITE_SURVEY: Move(_PLANT)},
    Stage.MONITORING: {Stage.REPORT: Move(_ASSESSORS)},
    Stage.REPORT: {Stage.FILED: Move(_PLANT)},
    Stage.FILED: {Stage.REVIEW: Move(_OFFICE)},
    Stage.REVIEW: {
        Stage.PUBLIC_NOTICE: Move(_UPPER),
        Stage.REPORT: Move(_UPPER, passes=False),
        Stage.MONITORING: Move(_UPPER, passes=False),
    },
    Stage.PUBLIC_NOTICE: {
        Stage.LISTED: Move(_UPPER),
        Stage.REVIEW: Move(_UPPER, passes=False),
    },
    Stage.LISTED: {
        Stage.SUSPENDED: Move(_UPPER, passes=False),
        Stage.REMOVED: Move(_UPPER, passes=False),
    },
    Stage.SUSPENDED: {
        Stage.LISTED: Move(_UPPER),
        Stage.REMOVED: Move(_UPPER, passes=False),
    },
    Stage.REMOVED: {},
}

BEFORE_FILING = frozenset(
    {
        Stage.PLANNED,
        Stage.STABLE_RUNNING,
        Stage.DOCUMENT_REVIEW,
        Stage.DOCUMENT_RECTIFICATION,
        Stage.SITE_SURVEY,
        Stage.SITE_RECTIFICATION,
        Stage.MONITORING,
        Stage.REPORT,
    }
)
BEFORE_LISTING = BEFORE_FILING | {Stage.FILED, Stage.REVIEW, Stage.PUBLIC_NOTICE}
ON_THE_LIST = frozenset({Stage.LISTED, Stage.SUSPENDED})


def next_stages(stage: str, movers: Collection[Mover]) -> list[Stage]:
    """Where these may move a round that stands in this stage, onwards first."""
    moves = MOVES[Stage(stage)]
    return [to for to, move in moves.items() if not move.by.isdisjoint(movers)]


def move_between(stage: str, to: str) -> Move | None:
    """The move from one stage to another; none where there is no such way."""
    return MOVES[Stage(stage)].get(Stage(to))


def passed_stages(walked: Sequence[str]) -> frozenset[Stage]:
    """Of the stages in the order walked, those done with before the last one, where it stands.

    Who was sent back has to pass again what lies between.
    """
    order = list(Stage)
    passed: set[Stage] = set()
    for stage, to in pairwise(map(Stage, walked)):
        passed = {each for each in passed if order.index(each) < order.index(to)}
        if MOVES[stage][to].passes:
            passed.add(stage)
    return frozenset(passed)


def answerers(stage: str) -> Movers:
    """Who may answer conditions while a round stands in this stage.

    Until the report is filed those who assess; what an authority then holds in its hands is for
    its officers to answer.
    """
    if stage in BEFORE_FILING:
        return _ASSESSORS
    if stage == Stage.FILED:
        return _OFFICE
    return frozenset() if stage == Stage.REMOVED else _UPPER


def may_give_up(stage: str, movers: Collection[Mover]) -> bool:
    """The plant until it has filed; officers until it is listed, from where it is removed."""
    if stage not in BEFORE_LISTING:
        return False
    if stage in BEFORE_FILING and Mover.PLANT in movers:
        return True
    return Mover.OFFICE in movers or Mover.UPPER in movers
