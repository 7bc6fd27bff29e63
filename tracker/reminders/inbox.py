"""A person's inbox on the site: everything that was promised to her, whatever became of its mail.

A night's reminders are one entry, however many they are; so is what one sweep told of one sort.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from plants.models import Person
from tracker.reminders.models import Reminder, ReminderQuerySet


@dataclass(frozen=True)
class Entry:
    """Rows of one kind that were promised at one moment; ``first`` is the id of one of them."""

    kind: str
    planned_at: datetime
    total: int
    unread: int
    first: int


def entries_of(person: Person) -> QuerySet[Reminder, Any]:
    """Newest first, as dictionaries: ``Entry(**row)``."""
    found = Reminder.objects.in_inbox_of(person).order_by()
    grouped = found.values("kind", "planned_at").annotate(
        total=Count("pk"),
        unread=Count("pk", filter=Q(read_at__isnull=True)),
        first=Min("pk"),
    )
    return grouped.order_by("-planned_at", "kind")


def to_entries(rows: Iterable[Any]) -> list[Entry]:
    return [Entry(**row) for row in rows]


def rows_with(person: Person, first: int) -> ReminderQuerySet:
    """The rows of the entry that has this one of hers; none where it isn't in her inbox."""
    mine = Reminder.objects.in_inbox_of(person)
    row = mine.filter(pk=first).values("kind", "planned_at").first()
    return mine.filter(**row) if row is not None else mine.none()


def count_unread(person: Person) -> int:
    """Entries, not rows."""
    unread = Reminder.objects.in_inbox_of(person).filter(read_at__isnull=True)
    return unread.order_by().values("kind", "planned_at").distinct().count()


def mark_read(rows: ReminderQuerySet, *, at: datetime) -> int:
    """Keep when each was first read; again it changes nothing."""
    return rows.filter(read_at__isnull=True).update(read_at=at)
