"""Promised messages as rows, the outbox, feeds, and the signs of life of what sends them."""

from tracker.reminders.models.addresses import (
    AddressFault,
    AddressFaultQuerySet,
    FaultKind,
    FaultSource,
)
from tracker.reminders.models.feeds import CalendarFeed, CalendarFeedQuerySet
from tracker.reminders.models.ledger import Reminder, ReminderQuerySet, ReminderState
from tracker.reminders.models.messages import Message, MessageQuerySet
from tracker.reminders.models.signs import Heartbeat

__all__ = [
    "AddressFault",
    "AddressFaultQuerySet",
    "CalendarFeed",
    "CalendarFeedQuerySet",
    "FaultKind",
    "FaultSource",
    "Heartbeat",
    "Message",
    "MessageQuerySet",
    "Reminder",
    "ReminderQuerySet",
    "ReminderState",
]
