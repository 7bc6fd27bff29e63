"""Addresses that mails came back from: marking, what a mark stops, and clearing it."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q

from plants.models import Person
from tracker import audit
from tracker.reminders.delivery_reports import Bounce, read_report
from tracker.reminders.models import (
    AddressFault,
    FaultKind,
    FaultSource,
    Message,
    Reminder,
    ReminderQuerySet,
    ReminderState,
)

# Before the report's words in the fault of a row that was not sent because of a mark.
CAME_BACK = "address marked: "
PLANNED_ANEW = timedelta(days=30)


class NotMarked(Exception):
    """No mark stands for the address any more."""


def keep_report(raw: bytes, *, by: audit.Actor, at: datetime) -> int:
    """Keep what a mail in the mailbox reports; count what is new. The same mail again adds nothing.

    Anybody may write into that mailbox. So only a report that names the Message-ID of a mail of
    ours, which is random, and the address that it went to may mark that address; any other is kept
    as unconfirmed and does nothing.
    """
    digest = hashlib.sha256(raw).hexdigest()
    kept = 0
    for bounce in read_report(raw):
        message = Message.objects.filter(
            message_id=bounce.message_id, to_address__iexact=bounce.address
        ).first()
        key = hashlib.sha256(f"{digest} {bounce.address}".encode()).hexdigest()
        kept += keep_bounce(bounce, message, source=FaultSource.MAILBOX, key=key, by=by, at=at)
    return kept


def keep_from_provider(bounce: Bounce, *, event: str, by: audit.Actor, at: datetime) -> bool:
    """Keep what a mail provider tells, who has shown the site's secret; ``event`` in its own words.

    Most name a mail by a number of their own: it stands in the answer with which they took it.
    Where it doesn't, the last mail to that address is meant.
    """
    went = Message.objects.filter(to_address__iexact=bounce.address).order_by("-pk")
    named = Q(message_id__in=(bounce.message_id, f"<{bounce.message_id}>"))
    named |= Q(answer__contains=bounce.message_id)
    message = (went.filter(named).first() if bounce.message_id else None) or went.first()
    key = hashlib.sha256(f"{event} {bounce.address}".encode()).hexdigest()
    return keep_bounce(bounce, message, source=FaultSource.PROVIDER, key=key, by=by, at=at)


def keep_bounce(
    bounce: Bounce,
    message: Message | None,
    *,
    source: FaultSource,
    key: str,
    by: audit.Actor,
    at: datetime,
) -> bool:
    """Keep one report about a mail of ours, and mark its address if it is final; False if known.

    A report about a mail that went before the last mark was cleared tells nothing new.
    """
    with transaction.atomic():
        if message is not None:
            # Two reports about one person's mails take turns: one of them marks.
            list(Person.objects.select_for_update(no_key=True).filter(pk=message.person_id))
        fault, is_new = AddressFault.objects.get_or_create(
            key=key,
            defaults={
                "address": bounce.address[:254],
                "kind": _kind_of(bounce, message),
                "said": bounce.said[:300],
                "code": bounce.code[:20],
                "source": source,
                "reported_at": at,
                "message": message,
            },
        )
        if is_new and fault.kind == FaultKind.MARK and message is not None:
            after = {"address": fault.address, "code": fault.code}
            audit.record(
                by=by,
                at=at,
                verb=audit.Verb.MARKED,
                thing=message.person,
                after=after,
                note=fault.said,
            )
    return is_new


def _kind_of(bounce: Bounce, message: Message | None) -> FaultKind:
    if message is None:
        return FaultKind.UNCONFIRMED
    if not bounce.is_hard:
        return FaultKind.SOFT
    marks = AddressFault.objects.filter(address=bounce.address, kind=FaultKind.MARK)
    if marks.standing().exists():
        return FaultKind.REPEATED
    cleared = marks.aggregate(last=Max("cleared_at"))["last"]
    went = message.sent_at or message.made_at
    return FaultKind.REPEATED if cleared is not None and went <= cleared else FaultKind.MARK


def marks_of(people: Iterable[Person]) -> dict[int, AddressFault]:
    """The standing mark of each person's address, where there is one, by her id."""
    addresses = {person.email: person.pk for person in people}
    marks = AddressFault.objects.standing().filter(address__in=addresses)
    return {addresses[mark.address]: mark for mark in marks}


def stop_marked(rows: ReminderQuerySet, mark: AddressFault) -> int:
    """Fail the claimed rows of a person whose address is marked, with the report's words.

    Mails about her account still go: a new password may be what she needs to mend it.
    """
    fault = f"{CAME_BACK}{mark.said or mark.code}"
    return rows.update(state=ReminderState.FAILED, fault=fault, claim=None, claimed_at=None)


def clear_mark(address: str, *, person: Person, by: audit.Actor, at: datetime) -> int:
    """Let reminders go to the person's address again, and plan anew what failed of late.

    Of two clicks one clears; the other finds nothing to do.
    """
    with transaction.atomic():
        standing = AddressFault.objects.standing().filter(address=address)
        if not standing.update(cleared_at=at, cleared_by=by.person):
            raise NotMarked
        audit.record(
            by=by, at=at, verb=audit.Verb.UNMARKED, thing=person, after={"address": address}
        )
        return plan_anew(person, at=at)


def plan_anew(person: Person, *, at: datetime) -> int:
    """Promise once more what failed in the last 30 days; each is judged again as it is sent."""
    failed = Reminder.objects.filter(
        person=person, state=ReminderState.FAILED, planned_at__gt=at - PLANNED_ANEW
    )
    return failed.update(
        state=ReminderState.PLANNED, claim=None, claimed_at=None, fault="", next_attempt_at=at
    )


def plan_unmarked(*, at: datetime) -> int:
    """Plan anew what a mark stopped for who has another address by now; twice it plans nothing.

    A mark is the address's and not the person's, so another address needs no clearing.
    """
    marked = AddressFault.objects.standing().filter(address=OuterRef("person__email"))
    stopped = Reminder.objects.filter(
        ~Exists(marked),
        state=ReminderState.FAILED,
        fault__startswith=CAME_BACK,
        planned_at__gt=at - PLANNED_ANEW,
        person__is_active=True,
    )
    return stopped.update(state=ReminderState.PLANNED, fault="", next_attempt_at=at)
