"""Send what is planned: claim, write, hand to the mail server, stamp."""

import logging
import time
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException, SMTPRecipientsRefused

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import Error, connection

from tracker.reminders import claims
from tracker.reminders.address_marks import stop_marked
from tracker.reminders.batch import LETTERS_AT_ONCE, Batch, forget, take
from tracker.reminders.claims import Pair
from tracker.reminders.drafts import as_letter
from tracker.reminders.letters import Letter, message_id_of, to_mail, to_message
from tracker.reminders.models import Message, Reminder
from tracker.reminders.reasons import words_of as _words
from tracker.reminders.smtp import note_acceptance
from tracker.reminders.writing import write_letter

logger = logging.getLogger(__name__)

# There is no such mailbox; 5.7.x under the same numbers is a server's policy, which may change.
NO_SUCH_ADDRESS = frozenset({550, 551, 553})
POLICY = b"5.7."
# Seconds for which what was looked at together still counts as looked at in the moment of sending.
LOOK_LASTS = 10.0


@dataclass
class SendReport:
    """What a run did: mails that went out, the rest in rows; ``fault`` ended it early."""

    mails: int = 0
    told: int = 0
    cancelled: int = 0
    failed: int = 0
    postponed: int = 0
    fault: str = ""


class _Unreachable(Exception):
    """The mail server has stopped answering."""


class _NoServer(_Unreachable):
    """The mail server can't be talked to at all."""


def are_many(*, now: datetime) -> bool:
    """Whether so many letters wait that a second sender, from the other end, is worth its line.

    On SQLite none is: there is one writer at a time, so that a second sender gains a tenth and
    doubles as many mails again where the process is killed.
    """
    if not connection.features.has_select_for_update:
        return False
    waiting = Reminder.objects.to_try(now=now).values("person_id", "letter").distinct()
    return waiting[: 2 * LETTERS_AT_ONCE].count() == 2 * LETTERS_AT_ONCE


def send_due(
    *,
    now: datetime,
    backwards: bool = False,
    stamp_waits: Iterable[float] = claims.STAMP_WAITS,
) -> SendReport:
    """Send each person one mail for each kind of letter: her digest, what was returned, news that
    can't wait, and what is told to an office above.

    The guarantee: nothing that was due is lost, since a row stays planned, or is planned again,
    until a server has accepted its mail (or refused the address for good, which the row tells).
    Nothing is sent twice, except where this process or a connection dies between the server's
    acceptance and our stamp: then the row is claimed for 15 minutes, planned anew, and sent again.
    A fault of the database that passes is no such death: the stamp is tried again after each of
    ``stamp_waits``, in seconds. If all were in vain the row stays claimed, as after a death.

    Of several workers at once exactly one gets a row. Rungs are checked once more in the moment
    of sending: what is owed no more, was re-dated, or belongs to a plant that the person has left
    is cancelled. Letters that were written ahead go as they are if nothing has moved since, and are
    looked at a hundred together, at most ten seconds before they go; each is stamped by itself.
    A fault with one mail holds up no other; without a server everything waits.

    ``backwards`` begins with the last ones, so that two senders meet in the middle. Each of them
    may have a mail accepted in the moment in which something kills their process.
    """
    report = SendReport()
    to_try = Reminder.objects.to_try(now=now).order_by("person_id", "letter")
    waiting = deque(to_try.values_list("person_id", "letter").distinct())
    if backwards:
        waiting.reverse()
    if not waiting:
        return report
    run = _Run(claims.Watch(now), report, get_connection(), stamp_waits)
    try:
        while waiting:
            some = [waiting.popleft() for _ in range(min(LETTERS_AT_ONCE, len(waiting)))]
            waiting.extendleft(reversed(run.send_some(some)))
    except _Unreachable as fault:
        report.fault = str(fault)
        if isinstance(fault, _NoServer):
            run.postpone_all(report.fault)
    finally:
        run.hang_up()
    return report


@dataclass
class _Run:
    """One run over the waiting people, over one open connection."""

    watch: claims.Watch
    report: SendReport
    connection: BaseEmailBackend
    stamp_waits: Iterable[float]

    def send_some(self, pairs: Sequence[Pair]) -> list[Pair]:
        """Send these letters; return those for which a slow server has left no time."""
        self._dial()
        batch = take(pairs, at=self.watch.read())
        self.report.cancelled += batch.cancelled
        left, went = list(batch.held), []
        until = time.monotonic() + LOOK_LASTS
        try:
            while left:
                self._dial()
                pair = left.pop(0)
                if self._send_one(batch, pair):
                    went.append(pair)
                if time.monotonic() > until:
                    break
        finally:
            # Also where the run ends: what was not tried is anybody's again.
            with suppress(Error):
                batch.release(left)
                forget(went)
        return left

    def _send_one(self, batch: Batch, pair: Pair) -> bool:
        """Whether a server has accepted the letter."""
        held = batch.held[pair]
        if mark := batch.marks.get(pair[0]):
            self.report.failed += stop_marked(held.rows, mark)
            return False
        message = self._deliver(batch, pair)
        if message is None:
            return False
        self.report.mails += 1
        self._stamp(held, message)
        return True

    def postpone_all(self, fault: str) -> None:
        """Without a server all that waits has been tried."""
        at = self.watch.read()
        self.report.postponed += claims.try_later(
            Reminder.objects.to_try(now=at), fault=fault, at=at
        )

    def hang_up(self) -> None:
        with suppress(SMTPException, OSError):
            self.connection.close()

    def _dial(self) -> None:
        """Open the connection unless it is."""
        try:
            self.connection.open()
        except (SMTPException, OSError) as fault:
            raise _NoServer(_words(fault)) from fault

    def _deliver(self, batch: Batch, pair: Pair) -> Message | None:
        """The message that the server accepted; None when there was nothing to say, or a fault."""
        held, person = batch.held[pair], batch.people[pair[0]]
        try:
            letter = self._letter(batch, pair)
            if letter is None:
                return None
            message_id = message_id_of(held.name)
            message = to_message(letter, person=person, message_id=message_id, at=held.at)
            self.connection.send_messages([to_mail(message, letter)])
            note_acceptance(message, self.connection)
        except SMTPRecipientsRefused as refusal:
            self._refused(held, refusal)
        except (SMTPException, OSError) as fault:
            self._postpone(held, fault)
            if _is_stall(fault):
                # It would keep the next one waiting just as long; in a minute is soon enough.
                raise _Unreachable(_words(fault)) from fault
        except Exception as fault:
            # One mail that can't be written must not keep the others from going out.
            logger.exception("No mail could be made for person %s", person.pk)
            self._postpone(held, fault)
        else:
            return message
        return None

    def _letter(self, batch: Batch, pair: Pair) -> Letter | None:
        """As it was written ahead, else written now."""
        if draft := batch.drafts.get(pair):
            return as_letter(draft)
        held, person = batch.held[pair], batch.people[pair[0]]
        return write_letter(held.rows, person, pair[1], at=held.at, cancelled=self._count_cancelled)

    def _stamp(self, held: claims.Claim, message: Message) -> None:
        """The mail is out. What can't be stamped stays claimed, and holds up nobody else."""
        at = self.watch.read()
        try:
            self.report.told += claims.stamp_sent(held, message, at=at, waits=self.stamp_waits)
        except Error:
            logger.exception(
                "Mail %s to person %s was accepted but not stamped; it may go out again",
                message.message_id,
                message.person_id,
            )

    def _count_cancelled(self, rows: int) -> None:
        self.report.cancelled += rows

    def _refused(self, held: claims.Claim, refusal: SMTPRecipientsRefused) -> None:
        code, answer = next(iter(refusal.recipients.values()))
        if code in NO_SUCH_ADDRESS and POLICY not in answer:
            self.report.failed += claims.give_up(held.rows, fault=_words(refusal))
            self.hang_up()
        else:
            self._postpone(held, refusal)

    def _postpone(self, held: claims.Claim, fault: Exception) -> None:
        self.report.postponed += claims.try_later(
            held.rows, fault=_words(fault), at=self.watch.read()
        )
        # What the server thinks of this connection now isn't known.
        self.hang_up()


def _is_stall(fault: Exception) -> bool:
    """smtplib wraps a time-out that hits while it reads an answer."""
    return isinstance(fault, TimeoutError) or isinstance(fault.__context__, TimeoutError)
