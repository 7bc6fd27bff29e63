"""Rounds, their steps, and the bodies that were let in to them."""

from plants.models.listings import PARTS
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
from tracker.rounds.models.papers import RoundPaper
from tracker.rounds.models.reports import (
    UNDER_WAY,
    Report,
    ReportFault,
    ReportFile,
    ReportFormat,
    ReportLanguage,
    ReportState,
    ReportStatement,
    Signer,
    SignOff,
)
from tracker.rounds.models.rounds import (
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
    "UNDER_WAY",
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
    "Report",
    "ReportFault",
    "ReportFile",
    "ReportFormat",
    "ReportLanguage",
    "ReportState",
    "ReportStatement",
    "Round",
    "RoundKind",
    "RoundPaper",
    "RoundQuerySet",
    "RoundStep",
    "RoundStepQuerySet",
    "Sample",
    "SampleQuerySet",
    "SamplesAsked",
    "Seat",
    "SeatQuerySet",
    "SignOff",
    "Signer",
    "SpotCheck",
    "SpotDraw",
    "SpotFinding",
    "Stage",
    "TieKind",
    "TransportMonth",
]
