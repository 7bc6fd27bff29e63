"""Send what is planned: claim, write, hand to the mail server, stamp."""

import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import Error
from django.db.models import Case, Value, When
from django.utils import timezone

from plants.models import Person
from tracker.assessments.models import Review
from tracker.audit import Event
from tracker.obligations.models import Obligation
from tracker.regulations.models import Correction
from tracker.reminders import claims
from tracker.reminders.address_marks import stop_marked
from tracker.reminders.changes import build_change_notice, read_changes
from tracker.reminders.digest import Due, build_digest
from tracker.reminders.letters import Letter, message_id_of, to_mail, to_message
from tracker.reminders.models import Message, Reminder, ReminderQuerySet
from tracker.reminders.notices import build_notice
from tracker.reminders.rule_news import build_rule_notice, read_rule_news
from tracker.reminders.smtp import note_acceptance

logger = logging.getLogger(__name__)

# There is no such mailbox; 5.7.x under the same numbers is a server's policy, which may change.
NO_SUCH_ADDRESS = frozenset({550, 551, 553})
POLICY = b"5.7."
FAULT_LENGTH = 1000
# Beside the decisions: what the mails are about that tell of changes, and of rules.
CHANGED = "changed"
RULES = "rules"


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
    """Send each person one mail for each kind of row: the digest, what was returned, accepted,
    changed by itself, and the rules that were put right.

    The guarantee: nothing that was due is lost, since a row stays planned, or is planned again,
    until a server has accepted its mail (or refused the address for good, which the row tells).
    Nothing is sent twice, except where this process or a connection dies between the server's
    acceptance and our stamp: then the row is claimed for 15 minutes, planned anew, and sent again.
    A fault of the database that passes is no such death: the stamp is tried again after each of
    ``stamp_waits``, in seconds. If all were in vain the row stays claimed, as after a death.

    Of several workers at once exactly one gets a row. A digest is checked once more in the moment
    of sending: what is owed no more, was re-dated, or belongs to a plant that the person has left
    is cancelled. A fault with one mail holds up no other; without a server everything waits.
    """
    report = SendReport()
    waiting = list(
        Reminder.objects.to_try(now=now)
        .annotate(
            kind=Case(
                When(event__isnull=False, then=Value(CHANGED)),
                When(correction__isnull=False, then=Value(RULES)),
                default="review__decision",
            )
        )
        .order_by("person_id", "kind")
        .values_list("person_id", "kind")
        .distinct()
    )
    if not waiting:
        return report
    run = _Run(claims.Watch(now), report, get_connection(), stamp_waits)
    try:
        for person_id, kind in waiting:
            run.send_one(person_id, kind)
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

    def send_one(self, person_id: int, kind: str | None) -> None:
        self._dial()
        rows = _of_kind(Reminder.objects.filter(person_id=person_id), kind)
        held = claims.claim(person_id, rows, at=self.watch.read())
        if held is None:
            return
        if stopped := stop_marked(held.rows, person_id=person_id):
            self.report.failed += stopped
            return
        message = self._deliver(held, person_id, kind)
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

    def _deliver(self, held: claims.Claim, person_id: int, kind: str | None) -> Message | None:
        """The message that the server accepted; None when there was nothing to say, or a fault."""
        try:
            message = self._write(held, Person.objects.get(pk=person_id), kind)
            if message is not None:
                self.connection.send_messages([to_mail(message)])
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

    def _write(self, held: claims.Claim, person: Person, kind: str | None) -> Message | None:
        if kind is None:
            letter = self._write_digest(held, person)
        elif kind == CHANGED:
            letter = self._write_changes(held, person)
        elif kind == RULES:
            letter = self._write_rules(held, person)
        else:
            letter = self._write_notice(held, person, kind)
        if letter is None:
            return None
        return to_message(letter, person=person, message_id=message_id_of(held.key), at=held.at)

    def _write_digest(self, held: claims.Claim, person: Person) -> Letter | None:
        """Of the claim's rows, what is right still; the others are cancelled."""
        self._cancel_all_but(held, held.rows.still_right())
        dues = [
            Due(*row)
            for row in held.rows.values_list(
                "obligation__due_on", "obligation_id", "obligation__plant_id"
            )
        ]
        if not dues:
            return None
        return build_digest(person=person, dues=dues, today=timezone.localdate(held.at))

    def _write_notice(self, held: claims.Claim, person: Person, decision: str) -> Letter | None:
        """Of the claim's reviews, those that the person may still see; the others are cancelled."""
        seen = Review.objects.visible_to(person)
        self._cancel_all_but(held, held.rows.filter(review__in=seen.values("pk")))
        reviews = list(
            Review.objects.filter(pk__in=held.rows.values("review"))
            .select_related(
                "reviewed_by",
                "submission__obligation__requirement__document",
                "submission__obligation__plant",
                "submission__obligation__line",
                "submission__obligation__outlet",
            )
            .order_by("-reviewed_at", "pk")
        )
        if not reviews:
            return None
        return build_notice(person=person, decision=decision, reviews=reviews)

    def _write_changes(self, held: claims.Claim, person: Person) -> Letter | None:
        """Of the claim's changes, those of obligations that she may still see."""
        seen = Obligation.objects.visible_to(person)
        self._cancel_all_but(held, held.rows.filter(obligation__in=seen.values("pk")))
        named = Obligation.objects.select_related(
            "requirement__document", "plant", "line", "outlet"
        )
        obligations = named.in_bulk(list(held.rows.values_list("obligation", flat=True)))
        events = Event.objects.filter(pk__in=held.rows.values("event")).order_by("pk")
        lines = read_changes(events, obligations)
        return build_change_notice(person=person, lines=lines) if lines else None

    def _write_rules(self, held: claims.Claim, person: Person) -> Letter | None:
        """Of the claim's corrections, those that bind her still."""
        corrections = Correction.objects.filter(pk__in=held.rows.values("correction"))
        lines = read_rule_news(person, corrections.order_by("pk"))
        told = [line.correction.pk for line in lines]
        self._cancel_all_but(held, held.rows.filter(correction__in=told))
        return build_rule_notice(person=person, lines=lines) if lines else None

    def _cancel_all_but(self, held: claims.Claim, right: ReminderQuerySet) -> None:
        self.report.cancelled += claims.cancel(held.rows.exclude(pk__in=right.values("pk")))

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


def _of_kind(rows: ReminderQuerySet, kind: str | None) -> ReminderQuerySet:
    """The rows that one mail answers for: a digest's, a decision's, the changes', the rules'."""
    if kind is None:
        return rows.of_ladder()
    if kind == RULES:
        return rows.of_corrections()
    return rows.of_changes() if kind == CHANGED else rows.of_decision(kind)


def _is_stall(fault: Exception) -> bool:
    """smtplib wraps a time-out that hits while it reads an answer."""
    return isinstance(fault, TimeoutError) or isinstance(fault.__context__, TimeoutError)


def _words(fault: Exception) -> str:
    """The server's own answer where it gave one, else the fault's name and text."""
    code: int
    answer: bytes | str
    if isinstance(fault, SMTPRecipientsRefused):
        code, answer = next(iter(fault.recipients.values()))
    elif isinstance(fault, SMTPResponseException):
        code, answer = fault.smtp_code, fault.smtp_error
    else:
        return f"{type(fault).__name__}: {fault}"[:FAULT_LENGTH]
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return f"{code} {text}"[:FAULT_LENGTH]
