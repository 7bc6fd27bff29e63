"""Plan a mail about an account, and send what waits."""

import logging
from contextlib import suppress
from datetime import datetime, timedelta
from smtplib import SMTPException
from uuid import uuid4

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F

from plants.models import Person
from tracker.accounts.letters import write_letter
from tracker.accounts.models import AccountMail, MailKind
from tracker.reminders.letters import message_id_of, to_mail, to_message
from tracker.reminders.reasons import words_of
from tracker.reminders.smtp import note_acceptance

logger = logging.getLogger(__name__)

# A server that is silent lets go after 20 seconds; whoever took the row has died after this.
CLAIM_LASTS = timedelta(minutes=5)
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))


def plan_mail(*, kind: MailKind, person: Person, to_address: str, at: datetime) -> AccountMail:
    """Promise one mail; what is in it is written when it is sent."""
    return AccountMail.objects.create(
        kind=kind, person=person, to_address=to_address, planned_at=at, next_attempt_at=at
    )


def send_mails(*, now: datetime) -> int:
    """Send all that waits and count it. Of several workers at once one gets each row."""
    waiting = list(AccountMail.objects.to_try(now=now).order_by("pk"))
    if not waiting:
        return 0
    connection = get_connection()
    try:
        return sum(_send_one(mail, connection, now) for mail in waiting)
    finally:
        with suppress(SMTPException, OSError):
            connection.close()


def _send_one(mail: AccountMail, connection: BaseEmailBackend, now: datetime) -> bool:
    if not _claim(mail, now):
        return False
    try:
        sent = _deliver(mail, connection, now)
    except Exception as fault:
        # One mail that can't be sent must not keep the others from going out.
        logger.warning("Account mail %s was not sent: %s", mail.pk, fault)
        wait = WAITS[min(mail.attempts, len(WAITS) - 1)]
        _note(mail, next_attempt_at=now + wait, fault=words_of(fault))
        return False
    stamp = {"sent_at": now, "message_id": sent} if sent else {"dropped": True}
    _note(mail, fault="", **stamp)
    return bool(sent)


def _claim(mail: AccountMail, now: datetime) -> bool:
    """Push the next attempt on, unless another worker has done so."""
    there = AccountMail.objects.to_try(now=now).filter(
        pk=mail.pk, next_attempt_at=mail.next_attempt_at
    )
    return there.update(next_attempt_at=now + CLAIM_LASTS, attempts=F("attempts") + 1) == 1


def _deliver(mail: AccountMail, connection: BaseEmailBackend, now: datetime) -> str:
    """The Message-ID; empty where there is nothing to say any more."""
    written = write_letter(mail, now=now)
    if written is None:
        return ""
    message = to_message(
        written.letter, person=written.keeper, message_id=message_id_of(uuid4().hex), at=now
    )
    message.to_address = mail.to_address
    connection.send_messages([to_mail(message, written.letter)])
    note_acceptance(message, connection)
    if settings.DEMO_SITE:
        # Its mails go nowhere: they are read in the outbox. Elsewhere their links are secret.
        message.sent_at = now
        message.save()
    return message.message_id


def _note(mail: AccountMail, **values: object) -> None:
    AccountMail.objects.filter(pk=mail.pk).update(**values)
