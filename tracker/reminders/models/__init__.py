"""Promised messages as rows, the outbox, channels, feeds, and signs of life of what sends them."""

from tracker.reminders.models.addresses import (
    AddressFault,
    AddressFaultQuerySet,
    FaultKind,
    FaultSource,
)
from tracker.reminders.models.channels import (
    Channel,
    ChannelKind,
    ChannelPost,
    ChannelPostQuerySet,
    ChannelQuerySet,
    PostKind,
    PostState,
)
from tracker.reminders.models.drafts import Draft
from tracker.reminders.models.feeds import CalendarFeed, CalendarFeedQuerySet
from tracker.reminders.models.ladders import (
    Ladder,
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
from tracker.reminders.models.wordings import Worded, Wording

__all__ = [
    "OF_LADDERS",
    "AddressFault",
    "AddressFaultQuerySet",
    "CalendarFeed",
    "CalendarFeedQuerySet",
    "Channel",
    "ChannelKind",
    "ChannelPost",
    "ChannelPostQuerySet",
    "ChannelQuerySet",
    "Draft",
    "FaultKind",
    "FaultSource",
    "Heartbeat",
    "Kind",
    "Ladder",
    "LetterKind",
    "Message",
    "MessageQuerySet",
    "PostKind",
    "PostState",
    "Preference",
    "Receiver",
    "Reminder",
    "ReminderQuerySet",
    "ReminderState",
    "Rhythm",
    "Worded",
    "Wording",
]
