"""Claims: who may send which rows now, and what becomes of the rows."""

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Case, F, Value, When

from plants.models import Person
from tracker.reminders.models import Message, Reminder, ReminderQuerySet, ReminderState

logger = logging.getLogger(__name__)

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
    """The rows that one mail answers for, held by one worker for 15 minutes."""

    key: UUID
    at: datetime

    @property
    def rows(self) -> ReminderQuerySet:
        """Those of its rows that are still its own."""
        return Reminder.objects.filter(state=ReminderState.CLAIMED, claim=self.key)


def claim(person_id: int, rows: ReminderQuerySet, *, at: datetime) -> Claim | None:
    """Take the planned ones of a person's ``rows``; None when others hold or sent them all.

    One conditional UPDATE: of two workers at the same moment each row goes to exactly one. They
    take turns at the person, or each would get a part of the rows and she two mails.
    """
    taken = Claim(key=uuid4(), at=at)
    with transaction.atomic():
        turn = Person.objects.select_for_update(no_key=True).filter(pk=person_id)
        list(turn.values_list("pk"))
        # Skip what another worker is just taking, instead of waiting for it in whatever order.
        free = rows.planned().select_for_update(skip_locked=True, of=("self",)).values("pk")
        held = (
            Reminder.objects.planned()
            .filter(pk__in=free)
            .update(state=ReminderState.CLAIMED, claim=taken.key, claimed_at=at)
        )
    return taken if held else None


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
            return _stamp(held, message, at=at)
        except PASSING_FAULTS as fault:
            connection.close_if_unusable_or_obsolete()
            wait = next(remaining, None)
            if wait is None:
                raise
            logger.warning("The stamp of %s is tried again: %s", message.message_id, fault)
            time.sleep(wait)


def _stamp(held: Claim, message: Message, *, at: datetime) -> int:
    """In one transaction; again it does nothing: the answer to a COMMIT may have been lost."""
    with transaction.atomic():
        if stamped := Reminder.objects.filter(message__message_id=message.message_id).count():
            return stamped
        # The key of a try that was rolled back may be another's by now.
        message.pk, message.sent_at = None, at
        message.save(force_insert=True)
        return held.rows.update(
            state=ReminderState.SENT,
            sent_at=at,
            message=message,
            attempts=F("attempts") + 1,
            fault="",
        )


def give_up(rows: ReminderQuerySet, *, fault: str) -> int:
    """The server refuses the address for good."""
    return rows.update(
        state=ReminderState.FAILED, attempts=F("attempts") + 1, fault=fault, claim=None
    )


def cancel(rows: ReminderQuerySet) -> int:
    """These must not be told any more."""
    return rows.update(state=ReminderState.CANCELLED, claim=None)


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
