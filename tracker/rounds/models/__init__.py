"""Rounds, their steps, and the bodies that were let in to them."""

from tracker.rounds.models.fugitive import (
    CheckResult,
    FugitiveCheck,
    FugitiveGroup,
    FugitiveItem,
    FugitiveSource,
)
from tracker.rounds.models.rounds import (
    PARTS,
    Round,
    RoundKind,
    RoundQuerySet,
    RoundStep,
    RoundStepQuerySet,
    Stage,
)
from tracker.rounds.models.seats import Body, Seat, SeatQuerySet
from tracker.rounds.models.transport import FleetCount, TransportMonth

__all__ = [
    "PARTS",
    "Body",
    "CheckResult",
    "FleetCount",
    "FugitiveCheck",
    "FugitiveGroup",
    "FugitiveItem",
    "FugitiveSource",
    "Round",
    "RoundKind",
    "RoundQuerySet",
    "RoundStep",
    "RoundStepQuerySet",
    "Seat",
    "SeatQuerySet",
    "Stage",
    "TransportMonth",
]
