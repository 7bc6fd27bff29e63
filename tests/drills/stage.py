"""What a drill plays on: a database, a broker, a mail server, and the processes it may kill."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import OperationalError, connection
from django.db.models import F
from django.utils import timezone

from tests.drills.broker import Broker
from tests.drills.mailhost import MailHost
from tests.infrastructure.sites import wait_until
from tracker import tasks
from tracker.obligations.workdays import is_working_day
from tracker.reminders.models import Heartbeat, Reminder, ReminderState
from tracker.serving import commands

# A busy machine is slow at times; a drill that waits longer is stuck.
PATIENCE = 120
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Stage:
    """``size`` is how many people, or nights, the drill is for; ``server`` is PostgreSQL's."""

    folder: Path
    mailhost: MailHost
    broker: Broker
    size: int
    kills: int
    seed: int
    server: Any = None

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        """Run the real worker until the block ends; what it does then it does to the end."""
        with self.process(commands.worker(), "worker") as one:
            yield one

    @contextmanager
    def process(
        self, command: list[str], name: str, **variables: str
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Run one of the site's processes; what it says is kept in the drill's folder."""
        with (self.folder / f"{name}.log").open("ab") as log:
            one = subprocess.Popen(command, env=os.environ | variables, stdout=log, stderr=log)
            try:
                yield one
            finally:
                one.send_signal(signal.SIGTERM)
                one.wait(timeout=PATIENCE)


def ask_to_send() -> None:
    """What beat asks for once a minute."""
    tasks.send_due.apply_async()


def nothing_waits() -> bool:
    """Whether nothing is left that could be sent now."""
    return not Reminder.objects.to_try(now=timezone.now()).exists()


def is_quiet() -> bool:
    """The same, and nobody is at it."""
    claimed = Reminder.objects.filter(state=ReminderState.CLAIMED)
    return nothing_waits() and not claimed.exists()


def wait_for(holds: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Return as soon as it holds; a database that is just coming back says no."""

    def asked() -> bool:
        try:
            return holds()
        except OperationalError:
            connection.close()
            return False

    wait_until(asked, seconds)


def send_all() -> None:
    """Ask the worker to send, and wait until nothing is left to be sent now."""
    ask_to_send()
    wait_for(is_quiet)


def wait_for_pulse() -> None:
    """Return when a worker has done a task from now on."""
    now = timezone.now()
    wait_for(lambda: Heartbeat.objects.filter(name="worker", at__gt=now).exists())


def let_pass(span: timedelta) -> None:
    """Time passes for the promises: all their moments move so far into the past."""
    moments = ("planned_at", "claimed_at", "next_attempt_at", "sent_at")
    Reminder.objects.update(**{moment: F(moment) - span for moment in moments})


def evening_before(day: date) -> datetime:
    """When a day is planned, so that by its noon every person's hour has come."""
    return timezone.make_aware(datetime.combine(day - DAY, time(20)))


def noon_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def last_working_day() -> date:
    """The last one before today, whose hours have all come by now."""
    day = timezone.localdate() - DAY
    while not is_working_day(day):
        day -= DAY
    return day
