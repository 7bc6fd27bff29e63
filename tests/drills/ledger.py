"""Promises as the database has them, set against what the mail server accepted."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from plants.models import Role
from tests.drills.outcome import Outcome
from tests.drills.record import Mail
from tracker.obligations.models import Obligation
from tracker.reminders.models import Reminder, ReminderState


@dataclass(frozen=True)
class Promise:
    """One row that had to be told; ``day`` is when it says it was, where days are told apart."""

    to: str
    obligation: int
    rung: int
    due_on: date
    state: str
    message_id: str
    day: str

    @property
    def key(self) -> tuple[str, int, str]:
        return self.to, self.obligation, self.day


def read_promises(*, by_day: bool = False) -> list[Promise]:
    """Each row of a ladder that wasn't cancelled."""
    rows = Reminder.objects.of_ladders().exclude(state=ReminderState.CANCELLED)
    return [
        Promise(
            to=row.person.email,
            obligation=int(row.obligation_id or 0),
            rung=int(row.rung or 0),
            due_on=row.due_on or date.min,
            state=row.state,
            message_id=row.message.message_id if row.message else "",
            day=f"{timezone.localdate(row.sent_at)}" if by_day and row.sent_at else "",
        )
        for row in rows.select_related("person").select_related("message").iterator()
    ]


def everybody_and_all() -> set[tuple[str, int]]:
    """Every manager with each thing that her plant owes, read past the reminders."""
    posts = Obligation.objects.owed().filter(plant__memberships__role=Role.MANAGER)
    return set(posts.values_list("plant__memberships__person__email", "pk"))


def judge(
    mails: Iterable[Mail],
    *,
    due: set[tuple[str, int]] | None = None,
    by_day: bool = False,
    allowed: int = 0,
    note: str = "",
    faults: Iterable[str] = (),
) -> Outcome:
    """Count what was promised, sent, lost and sent twice, by the mail server's own record.

    ``due`` is who had to be promised what. Rows are promised, sent and lost; mails come twice:
    one that tells again what an accepted mail has told already (on that day, with ``by_day``).
    """
    accepted = list(mails)
    promises = read_promises(by_day=by_day)
    told: Counter[tuple[str, int, str]] = Counter()
    twice = 0
    for mail in accepted:
        keys = [(mail.to, pk, mail.day) for pk in set(mail.obligations)]
        twice += any(told[key] for key in keys)
        told.update(keys)
    sent = sum(promise.key in told for promise in promises)
    wrong = [*faults, *_faults(promises, accepted, told, due)]
    return Outcome(len(promises), sent, len(promises) - sent, twice, allowed, note, wrong)


def _faults(
    promises: list[Promise],
    mails: list[Mail],
    told: Counter[tuple[str, int, str]],
    due: set[tuple[str, int]] | None,
) -> Iterable[str]:
    """Whatever else is not as it should be: planning, stamps, and what nobody asked for."""
    planned = {(promise.to, promise.obligation) for promise in promises}
    if due is not None and planned != due:
        yield f"{len(due - planned)} not planned, {len(planned - due)} planned without need"
    if wrong := set(told) - {promise.key for promise in promises}:
        yield f"{len(wrong)} told that nobody had promised, such as {min(wrong)}"
    if open_rows := sum(promise.state != ReminderState.SENT for promise in promises):
        yield f"{open_rows} not stamped as sent"
    known = {mail.message_id: mail for mail in mails}
    strange = [p for p in promises if p.message_id and not _carries(known.get(p.message_id), p)]
    if strange:
        yield f"{len(strange)} stamped with a mail that the server doesn't know as theirs"
    if doubled := sum(len(set(mail.obligations)) != len(mail.obligations) for mail in mails):
        yield f"{doubled} mails name an obligation twice"


def _carries(mail: Mail | None, promise: Promise) -> bool:
    return mail is not None and mail.to == promise.to and promise.obligation in mail.obligations
