"""Rounds, their steps, and the bodies that were let in to them."""

from tracker.rounds.models.conditions import (
    Answer,
    Check,
    Condition,
    ConditionAnswer,
    ConditionQuerySet,
    Override,
)
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
from tracker.rounds.models.samples import (
    Origin,
    OutletTechnology,
    Pollutant,
    Sample,
    SampleQuerySet,
    SamplesAsked,
)
from tracker.rounds.models.seats import (
    Body,
    Seat,
    SeatQuerySet,
)
from tracker.rounds.models.spot_checks import (
    FindingState,
    SpotCheck,
    SpotDraw,
    SpotFinding,
    TieKind,
)
from tracker.rounds.models.transport import (
    FleetCount,
    TransportMonth,
)

__all__ = [
    "PARTS",
    "Answer",
    "Body",
    "Check",
    "CheckResult",
    "Condition",
    "ConditionAnswer",
    "ConditionQuerySet",
    "FindingState",
    "FleetCount",
    "FugitiveCheck",
    "FugitiveGroup",
    "FugitiveItem",
    "FugitiveSource",
    "Origin",
    "OutletTechnology",
    "Override",
    "Pollutant",
    "Round",
    "RoundKind",
    "RoundQuerySet",
    "RoundStep",
    "RoundStepQuerySet",
    "Sample",
    "SampleQuerySet",
    "SamplesAsked",
    "Seat",
    "SeatQuerySet",
    "SpotCheck",
    "SpotDraw",
    "SpotFinding",
    "Stage",
    "TieKind",
    "TransportMonth",
]
