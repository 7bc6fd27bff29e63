"""Claims: who may send which rows now, and what becomes of the rows."""

import logging
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4, uuid5

from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models import Case, F, Q, Value, When

from plants.models import Person
from tracker.reminders.models import Message, Reminder, ReminderQuerySet, ReminderState
from tracker.reminders.stamps import write_stamp

logger = logging.getLogger(__name__)

# Whose letter, and of which kind.
Pair = tuple[int, str]

# Far longer than one mail takes: a server that stalls is given up after 20 s for each answer.
CLAIM_LASTS = timedelta(minutes=15)
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
# A lock that is held too long, or a server that restarts. Together they stay far below a claim.
PASSING_FAULTS = (OperationalError, InterfaceError)
STAMP_WAITS = (0.2, 1.0, 3.0, 5.0)


class Watch:
    """Tells the time from a given moment on, so that a long run doesn't stamp its start."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._started = time.monotonic()

    def read(self) -> datetime:
        return self._now + timedelta(seconds=time.monotonic() - self._started)


@dataclass(frozen=True)
class Claim:
    """The rows that one mail answers for, held by one worker for 15 minutes.

    Those that were taken together share their ``key``.
    """

    person_id: int
    letter: str
    key: UUID
    at: datetime

    @property
    def rows(self) -> ReminderQuerySet:
        """Those of its rows that are still its own."""
        return rows_of(self.key).filter(person=self.person_id, letter=self.letter)

    @property
    def name(self) -> str:
        """In 32 hexadecimal digits; the same however often one asks, and no other claim's."""
        return uuid5(self.key, f"{self.person_id} {self.letter}").hex


def claim(pairs: Iterable[Pair], *, at: datetime) -> dict[Pair, Claim]:
    """Take the planned rows of these people's letters.

    What others hold or have sent is left out. One conditional UPDATE: of two workers at the same
    moment each row goes to exactly one. They take turns at a person, or each would get a part of
    the rows and she two mails.
    """
    key, wanted = uuid4(), list(pairs)
    with transaction.atomic():
        turns = Person.objects.select_for_update(no_key=True).order_by("pk")
        list(turns.filter(pk__in={person for person, _ in wanted}).values_list("pk"))
        # Skip what another worker is just taking, instead of waiting for it in whatever order.
        free = (
            Reminder.objects.planned()
            .filter(of_any(wanted))
            .select_for_update(skip_locked=True, of=("self",))
        )
        Reminder.objects.planned().filter(pk__in=free.values("pk")).update(
            state=ReminderState.CLAIMED, claim=key, claimed_at=at
        )
        held = set(rows_of(key).values_list("person_id", "letter").distinct())
    return {pair: Claim(*pair, key=key, at=at) for pair in wanted if pair in held}


def rows_of(key: UUID) -> ReminderQuerySet:
    """Those that are still held under this key."""
    return Reminder.objects.filter(state=ReminderState.CLAIMED, claim=key)


def of_any(pairs: Iterable[Pair]) -> Q:
    """Of rows with a person and a letter: those of these pairs."""
    people: dict[str, list[int]] = defaultdict(list)
    for person, letter in pairs:
        people[letter].append(person)
    found = Q(pk__in=[])
    for letter, some in people.items():
        found |= Q(letter=letter, person__in=some)
    return found


def stamp_sent(
    held: Claim, message: Message, *, at: datetime, waits: Iterable[float] = STAMP_WAITS
) -> int:
    """Keep the accepted message, and its rows as sent by it; count the rows.

    The mail is out, so a fault of the database that may pass is waited out: after each of
    ``waits``, in seconds, it is tried once more, over a new connection where the old one is lost.
    The last fault is raised, and the rows stay claimed.
    """
    remaining = iter(waits)
    while True:
        try:
            return write_stamp(
                person_id=held.person_id, letter=held.letter, key=held.key, message=message, at=at
            )
        except IntegrityError:
            # The answer to a COMMIT may have been lost: then it stands.
            if stamped := Reminder.objects.filter(message__message_id=message.message_id).count():
                return stamped
            raise
        except PASSING_FAULTS as fault:
            connection.close_if_unusable_or_obsolete()
            wait = next(remaining, None)
            if wait is None:
                raise
            logger.warning("The stamp of %s is tried again: %s", message.message_id, fault)
            time.sleep(wait)


def give_up(rows: ReminderQuerySet, *, fault: str) -> int:
    """The server refuses the address for good."""
    return rows.update(
        state=ReminderState.FAILED, attempts=F("attempts") + 1, fault=fault, claim=None
    )


def cancel(rows: ReminderQuerySet) -> int:
    """These must not be told any more."""
    return rows.update(state=ReminderState.CANCELLED, claim=None)


def release(rows: ReminderQuerySet) -> int:
    """Plan anew what was held and not tried."""
    return rows.update(state=ReminderState.PLANNED, claim=None, claimed_at=None)


def try_later(rows: ReminderQuerySet, *, fault: str, at: datetime) -> int:
    """Plan the rows anew after 1, 5, 15 and then every 60 minutes, as often as it takes."""
    waits = enumerate(BACK_OFF)
    return rows.update(
        state=ReminderState.PLANNED,
        claim=None,
        claimed_at=None,
        attempts=F("attempts") + 1,
        fault=fault,
        next_attempt_at=Case(
            *(When(attempts=tried, then=Value(at + wait)) for tried, wait in waits),
            default=Value(at + BACK_OFF[-1]),
        ),
    )


def reclaim_stale(*, now: datetime) -> int:
    """Plan anew what was claimed over 15 minutes ago and never stamped: its worker has died."""
    stale = Reminder.objects.filter(state=ReminderState.CLAIMED, claimed_at__lte=now - CLAIM_LASTS)
    return stale.update(
        state=ReminderState.PLANNED, claim=None, claimed_at=None, next_attempt_at=now
    )
