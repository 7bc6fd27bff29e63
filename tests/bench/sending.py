"""How fast letters go out, beside a bare loop over one open connection with the same mails.

`manage.py shell` runs `measure` and `make_busy` on the bench's database (see
`tests.bench.__main__`).
"""

import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection
from django.utils import timezone

from tests.bench import reminding
from tests.bench.letterbox import running_letterbox
from tests.factories import AuthorityFactory, officer_of
from tracker.reminders.drafts import as_letter, write_ahead
from tracker.reminders.letters import to_mail, to_message
from tracker.reminders.models import Draft, Reminder, ReminderState
from tracker.reminders.plan import plan_reminders
from tracker.reminders.send import are_many, send_due

PLANTS = 600
ROUNDS = 2
# Of the bare loop's rate.
LEAST_SHARE = 0.8
LONG = 3600.0
BUSY_PLANTS = 1200
OFFICER = "officer@bench.example"


def measure() -> None:
    """Print the figures and their limit, separated by tabs."""
    letters, seconds = make(PLANTS)
    with running_letterbox() as box:
        settings.EMAIL_BACKEND = "tracker.reminders.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        rounds = [_round(people) for people in _rounds()]
    ours = statistics.median(mails / took for mails, took, _ in rounds)
    bare = statistics.median(mails / took for mails, _, took in rounds)
    share = statistics.median(loop / took for _, took, loop in rounds)
    print(
        f"figure\twriting {letters} letters ahead: {letters / seconds:.0f} a second; sending them: "
        f"{ours:.0f} a second, a bare loop {bare:.0f}, share {share:.2f} of its rate"
    )
    # Judged as a part that may not be larger than its limit, like all the others.
    print(f"limit\tbare loop's rate by ours\t{1 / share:.2f}\t{1 / LEAST_SHARE}")


def make_busy() -> None:
    """A night's letters that wait to be sent, and an officer who looks at a page meanwhile."""
    letters, _ = make(BUSY_PLANTS)
    officer_of(AuthorityFactory.create(code="region-changji"), email=OFFICER)
    print(letters)


def make(plants: int) -> tuple[int, float]:
    """Promise a night's letters, due in a moment, and write them; how many, and how long it took.

    What was overdue when the site began was told the day before. They are for the real today, so
    that the running site's worker takes them as they are.
    """
    reminding.PLANTS = plants
    reminding.make()
    now = timezone.now()
    plan_reminders(today=reminding.TODAY - timedelta(days=1), at=now)
    Reminder.objects.update(state=ReminderState.CANCELLED, called_off_at=now)
    plan_reminders(today=reminding.TODAY, at=now)
    Reminder.objects.planned().update(next_attempt_at=now + timedelta(seconds=1))
    started = time.monotonic()
    return write_ahead(now=now, lasts=LONG), time.monotonic() - started


def _rounds() -> Iterator[list[int]]:
    """The people in equal parts, each part's hour come only when it is its turn."""
    people = list(Draft.objects.order_by("person").values_list("person", flat=True))
    Reminder.objects.update(next_attempt_at=timezone.now() + timedelta(days=1))
    size = len(people) // ROUNDS
    for start in range(0, size * ROUNDS, size):
        some = people[start : start + size]
        Reminder.objects.filter(person__in=some).update(next_attempt_at=timezone.now())
        yield some


def _round(people: list[int]) -> tuple[int, float, float]:
    """How many mails, and the seconds that we and a bare loop took for them."""
    mails = _mails(people)
    with get_connection() as line:
        started = time.monotonic()
        for mail in mails:
            line.send_messages([mail])
        bare = time.monotonic() - started
    started = time.monotonic()
    # As the tasks do it: where it pays there are two senders, who meet in the middle.
    ends = (False, True) if are_many(now=timezone.now()) else (False,)
    with ThreadPoolExecutor(len(ends)) as senders:
        sent = sum(senders.map(_send, ends))
    took = time.monotonic() - started
    assert sent == len(mails), sent
    return sent, took, bare


def _send(backwards: bool) -> int:
    try:
        return send_due(now=timezone.now(), backwards=backwards).mails
    finally:
        connection.close()


def _mails(people: list[int]) -> list[EmailMultiAlternatives]:
    made = []
    for draft in Draft.objects.filter(person__in=people).select_related("person"):
        # As a bare loop has it: put together by the one who sends it.
        letter = replace(as_letter(draft), mime=b"")
        message_id = f"<{draft.pk}@bench.example>"
        message = to_message(
            letter, person=draft.person, message_id=message_id, at=draft.written_at
        )
        made.append(to_mail(message, letter))
    return made
