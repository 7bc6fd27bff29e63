"""All rooms' models, so that the one app knows them."""

from tracker.assessments.models import Review
from tracker.audit import ChainHead, Event
from tracker.evidence.models import Attachment, Evidence, StoredFile, Submission
from tracker.obligations.models import Obligation
from tracker.regulations.models import Document, Limit, Requirement, Target
from tracker.reminders.models import Heartbeat, Message, Reminder

__all__ = [
    "Attachment",
    "ChainHead",
    "Document",
    "Event",
    "Evidence",
    "Heartbeat",
    "Limit",
    "Message",
    "Obligation",
    "Reminder",
    "Requirement",
    "Review",
    "StoredFile",
    "Submission",
    "Target",
]
