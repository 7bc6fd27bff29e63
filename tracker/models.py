"""All rooms' models, so that the one app knows them."""

from tracker.accounts.models import (
    AccountMail,
)
from tracker.annexes.models import (
    AnnexImport,
    WrittenDate,
)
from tracker.assessments.models import (
    Review,
    ReviewClaim,
)
from tracker.audit import (
    ChainHead,
    Event,
)
from tracker.evidence.models import (
    Attachment,
    CorrectionScan,
    Evidence,
    FileText,
    LegalHold,
    ReliefPaper,
    StoredFile,
    Submission,
    TextPiece,
    UnfinishedUpload,
)
from tracker.obligations.models import (
    Obligation,
    Relief,
    ReliefDecision,
)
from tracker.regulations.models import (
    AnnexDate,
    Correction,
    Document,
    DocumentVersion,
    Limit,
    Requirement,
    Target,
)
from tracker.reminders.models import (
    AddressFault,
    CalendarFeed,
    Channel,
    ChannelPost,
    Draft,
    Heartbeat,
    Ladder,
    Message,
    Preference,
    Reminder,
    Wording,
)
from tracker.rounds.models import (
    Condition,
    ConditionAnswer,
    OutletTechnology,
    Override,
    Round,
    RoundStep,
    Sample,
    SamplesAsked,
    Seat,
)

__all__ = [
    "AccountMail",
    "AddressFault",
    "AnnexDate",
    "AnnexImport",
    "Attachment",
    "CalendarFeed",
    "ChainHead",
    "Channel",
    "ChannelPost",
    "Condition",
    "ConditionAnswer",
    "Correction",
    "CorrectionScan",
    "Document",
    "DocumentVersion",
    "Draft",
    "Event",
    "Evidence",
    "FileText",
    "Heartbeat",
    "Ladder",
    "LegalHold",
    "Limit",
    "Message",
    "Obligation",
    "OutletTechnology",
    "Override",
    "Preference",
    "Relief",
    "ReliefDecision",
    "ReliefPaper",
    "Reminder",
    "Requirement",
    "Review",
    "ReviewClaim",
    "Round",
    "RoundStep",
    "Sample",
    "SamplesAsked",
    "Seat",
    "StoredFile",
    "Submission",
    "Target",
    "TextPiece",
    "UnfinishedUpload",
    "Wording",
    "WrittenDate",
]
