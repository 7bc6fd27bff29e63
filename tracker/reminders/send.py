"""Send what is planned: claim, write, hand to the mail server, stamp."""

import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException, SMTPRecipientsRefused

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import Error

from plants.models import Person
from tracker.reminders import claims
from tracker.reminders.address_marks import stop_marked
from tracker.reminders.letters import message_id_of, to_mail, to_message
from tracker.reminders.models import Message, Reminder
from tracker.reminders.reasons import words_of as _words
from tracker.reminders.smtp import note_acceptance
from tracker.reminders.writing import write_letter

logger = logging.getLogger(__name__)

# There is no such mailbox; 5.7.x under the same numbers is a server's policy, which may change.
NO_SUCH_ADDRESS = frozenset({550, 551, 553})
POLICY = b"5.7."


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
    """The mail server can't be talked to at all, or has stopped answering."""


def send_due(*, now: datetime, stamp_waits: Iterable[float] = claims.STAMP_WAITS) -> SendReport:
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
    is cancelled. A fault with one mail holds up no other; without a server everything waits.
    """
    report = SendReport()
    waiting = list(
        Reminder.objects.to_try(now=now)
        .order_by("person_id", "letter")
        .values_list("person_id", "letter")
        .distinct()
    )
    if not waiting:
        return report
    run = _Run(claims.Watch(now), report, get_connection(), stamp_waits)
    try:
        for person_id, letter in waiting:
            run.send_one(person_id, letter)
    except _Unreachable as fault:
        report.fault = str(fault)
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

    def send_one(self, person_id: int, letter: str) -> None:
        self._dial()
        rows = Reminder.objects.filter(person_id=person_id, letter=letter)
        held = claims.claim(person_id, rows, at=self.watch.read())
        if held is None:
            return
        if stopped := stop_marked(held.rows, person_id=person_id):
            self.report.failed += stopped
            return
        message = self._deliver(held, person_id, letter)
        if message is not None:
            self.report.mails += 1
            self._stamp(held, message)

    def hang_up(self) -> None:
        with suppress(SMTPException, OSError):
            self.connection.close()

    def _dial(self) -> None:
        """Open the connection unless it is; without a server all that waits has been tried."""
        try:
            self.connection.open()
        except (SMTPException, OSError) as fault:
            at = self.watch.read()
            self.report.postponed += claims.try_later(
                Reminder.objects.to_try(now=at), fault=_words(fault), at=at
            )
            raise _Unreachable(_words(fault)) from fault

    def _deliver(self, held: claims.Claim, person_id: int, letter: str) -> Message | None:
        """The message that the server accepted; None when there was nothing to say, or a fault."""
        try:
            person = Person.objects.get(pk=person_id)
            written = write_letter(held, person, letter, cancelled=self._count_cancelled)
            if written is None:
                return None
            message_id = message_id_of(held.key)
            message = to_message(written, person=person, message_id=message_id, at=held.at)
            self.connection.send_messages([to_mail(message, written)])
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
            logger.exception("No mail could be made for person %s", person_id)
            self._postpone(held, fault)
        else:
            return message
        return None

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
