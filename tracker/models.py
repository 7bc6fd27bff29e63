"""All rooms' models, so that the one app knows them."""

from tracker.accounts.models import AccountMail
from tracker.annexes.models import AnnexImport, WrittenDate
from tracker.assessments.models import Review, ReviewClaim
from tracker.audit import ChainHead, Event
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
from tracker.obligations.models import Obligation, Relief, ReliefDecision
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
from tracker.rounds.models import FleetCount, Round, RoundStep, Seat, TransportMonth

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
    "Correction",
    "CorrectionScan",
    "Document",
    "DocumentVersion",
    "Draft",
    "Event",
    "Evidence",
    "FileText",
    "FleetCount",
    "Heartbeat",
    "Ladder",
    "LegalHold",
    "Limit",
    "Message",
    "Obligation",
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
    "Seat",
    "StoredFile",
    "Submission",
    "Target",
    "TextPiece",
    "TransportMonth",
    "UnfinishedUpload",
    "Wording",
    "WrittenDate",
]
