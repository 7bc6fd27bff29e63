"""Some people's letters, held by one worker and looked at together before they go."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from plants.models import Person
from tracker.reminders import claims
from tracker.reminders.address_marks import marks_of
from tracker.reminders.claims import Claim, Pair
from tracker.reminders.drafts import drafts_that_hold
from tracker.reminders.models import AddressFault, Draft, Reminder, ReminderQuerySet

# So few that a worker which dies keeps few people waiting for a quarter of an hour.
LETTERS_AT_ONCE = 100


@dataclass(frozen=True)
class Batch:
    """What is held, and all that sending it needs to know, read in a handful of statements.

    ``drafts`` are letters that were written ahead and hold; the others are written as they go.
    """

    held: dict[Pair, Claim]
    rows: ReminderQuerySet
    people: dict[int, Person]
    drafts: dict[Pair, Draft]
    marks: dict[int, AddressFault]
    cancelled: int

    def release(self, pairs: Iterable[Pair]) -> None:
        """Let go of those that were not tried."""
        claims.release(self.rows.filter(claims.of_any(pairs)))


def forget(pairs: Iterable[Pair]) -> None:
    """Throw away what was written ahead of the letters that went."""
    Draft.objects.filter(claims.of_any(pairs)).delete()


def take(pairs: Iterable[Pair], *, at: datetime) -> Batch:
    """Claim these letters, and cancel of their rows what is right no more."""
    held = claims.claim(pairs, at=at)
    rows = claims.rows_of(next(iter(held.values())).key) if held else Reminder.objects.none()
    rungs = rows.of_ladders()
    cancelled = claims.cancel(rungs.exclude(pk__in=rungs.still_right().values("pk")))
    people = Person.objects.in_bulk({person for person, _ in held})
    return Batch(
        held=held,
        rows=rows,
        people=people,
        drafts=drafts_that_hold(rows, people, at=at),
        marks=marks_of(people.values()),
        cancelled=cancelled,
    )
