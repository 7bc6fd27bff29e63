"""Promised messages as rows, the outbox, feeds, and the signs of life of what sends them."""

from tracker.reminders.models.addresses import (
    AddressFault,
    AddressFaultQuerySet,
    FaultKind,
    FaultSource,
)
from tracker.reminders.models.feeds import CalendarFeed, CalendarFeedQuerySet
from tracker.reminders.models.ladders import (
    Ladder,
    LadderQuerySet,
    Preference,
    Receiver,
    Rhythm,
)
from tracker.reminders.models.ledger import (
    OF_LADDERS,
    Kind,
    LetterKind,
    Reminder,
    ReminderQuerySet,
    ReminderState,
)
from tracker.reminders.models.messages import Message, MessageQuerySet
from tracker.reminders.models.signs import Heartbeat

__all__ = [
    "OF_LADDERS",
    "AddressFault",
    "AddressFaultQuerySet",
    "CalendarFeed",
    "CalendarFeedQuerySet",
    "FaultKind",
    "FaultSource",
    "Heartbeat",
    "Kind",
    "Ladder",
    "LadderQuerySet",
    "LetterKind",
    "Message",
    "MessageQuerySet",
    "Preference",
    "Receiver",
    "Reminder",
    "ReminderQuerySet",
    "ReminderState",
    "Rhythm",
]
