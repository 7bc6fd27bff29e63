"""The worker, the broker or the database falls in the middle of a run."""

import os
import random
import signal
import subprocess
import time
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from tests.drills.ledger import everybody_and_all, judge
from tests.drills.outcome import Outcome
from tests.drills.stage import (
    PATIENCE,
    Stage,
    ask_to_send,
    evening_before,
    is_quiet,
    last_working_day,
    let_pass,
    send_all,
    wait_for,
    wait_for_pulse,
)
from tests.drills.world import make_world
from tests.infrastructure.sites import children_of, is_alive, wait_until
from tracker.reminders.claims import CLAIM_LASTS
from tracker.reminders.drafts import write_ahead
from tracker.reminders.models import Heartbeat, Reminder
from tracker.reminders.plan import plan_reminders

# Two mails take about as long, so that a kill hits whatever is done for one of them.
LONGEST_MOMENT = 0.03
MANY_KILLS = 50
SENDERS = 2


def kill_worker(stage: Stage) -> Outcome:
    """`kill -9` at random moments of one run, then the rest of it."""
    due = _plan(stage)
    _write_ahead()
    chance = random.Random(stage.seed)
    # So many that the last kill comes before the last mail.
    most = int(1.2 * stage.size / stage.kills)
    killed = 0
    for _ in range(stage.kills):
        killed += _kill_once(stage, chance, most)
        # What the dead had claimed is free again after 15 minutes: here they pass at once.
        let_pass(CLAIM_LASTS)
    with stage.worker():
        send_all()
    note = f"{killed} kills in a run of {stage.size:,} mails, seed {stage.seed}"
    # A kill may meet two senders with a mail accepted and not stamped. Over many kills that is
    # rarer than the kills that meet none; over few it is chance.
    allowed = killed if stage.kills >= MANY_KILLS else SENDERS * killed
    return judge(stage.mailhost.record.mails(), due=due, allowed=allowed, note=note)


def _kill_once(stage: Stage, chance: random.Random, most: int) -> bool:
    """Start a worker, kill it after some mails; False if it had nothing left to do."""
    goal = stage.mailhost.record.count() + chance.randint(1, most)
    with stage.worker() as worker:
        ask_to_send()
        wait_for(lambda: stage.mailhost.record.count() >= goal or is_quiet())
        # The moment itself is the experiment; nothing is waited for.
        time.sleep(chance.uniform(0, LONGEST_MOMENT))
        is_late = is_quiet()
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    return not is_late


def lose_broker(stage: Stage) -> Outcome:
    """The broker falls and forgets everything in the middle of a run, and comes back empty."""
    due = _plan(stage)
    with stage.worker() as worker:
        ask_to_send()
        _wait_for_mails(stage, stage.size // 3)
        stage.broker.fall()
        at_fall = stage.mailhost.record.count()
        stage.broker.start()
        came_back = _comes_back(worker)
    # What a fallen worker had claimed is free again after 15 minutes.
    let_pass(CLAIM_LASTS)
    # As beat does in its next ticks, to a worker that `serve` has started again.
    with stage.worker():
        ask_to_send()
        send_all()
    fate = "came back" if came_back else "fell with it and was started again"
    note = f"killed and emptied after {at_fall:,} of {stage.size:,} mails; the worker {fate}"
    # Each sender of a worker that falls may have had one mail accepted and not stamped.
    allowed = 0 if came_back else SENDERS
    return judge(stage.mailhost.record.mails(), due=due, allowed=allowed, note=note)


def _comes_back(worker: subprocess.Popen[bytes]) -> bool:
    """Whether a worker takes tasks again, once its broker is there again; it may end instead."""
    since = timezone.now()
    pulses = Heartbeat.objects.filter(name="worker", at__gt=since)
    wait_for(lambda: worker.poll() is not None or pulses.exists())
    return worker.poll() is None


def lose_database(stage: Stage) -> Outcome:
    """PostgreSQL is killed in the middle of a run, and started again."""
    due = _plan(stage)
    with stage.worker():
        ask_to_send()
        _wait_for_mails(stage, stage.size // 3)
        kill_postgresql(stage.server)
        at_fall = stage.mailhost.record.count()
        connection.close()
        stage.server.ensure_postgres_running()
        wait_for_pulse()
    # The worker has ended its run, and tried again to stamp what was accepted meanwhile. What it
    # could not stamp is free again after 15 minutes.
    let_pass(CLAIM_LASTS)
    with stage.worker():
        send_all()
    note = f"kill -9 of all its processes after {at_fall:,} of {stage.size:,} mails"
    # Each sender may have had one mail accepted when its stamp's connection fell.
    return judge(stage.mailhost.record.mails(), due=due, allowed=SENDERS, note=note)


def kill_postgresql(server: Any) -> None:
    """End the embedded server and its children, as a power cut does."""
    postmaster, folder = server.get_pid(), server.get_postmaster_info().socket_dir
    fallen = [postmaster, *children_of(postmaster)]
    for pid in fallen:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not any(is_alive(pid) for pid in fallen))
    # In a container nobody may fetch what has ended: its id, in these files, seems to be in use.
    for left in (server.pgdata / "postmaster.pid", *folder.glob(".s.PGSQL.*")):
        left.unlink()


def _plan(stage: Stage) -> set[tuple[str, int]]:
    today = last_working_day()
    make_world(stage.size, today=today)
    plan_reminders(today=today, at=evening_before(today))
    return everybody_and_all()


def _write_ahead() -> None:
    """As between the night's plan and the hour, which comes as soon as all are written."""
    now = timezone.now()
    Reminder.objects.update(next_attempt_at=now + timedelta(seconds=1))
    write_ahead(now=now, lasts=PATIENCE * 10)
    Reminder.objects.update(next_attempt_at=now)


def _wait_for_mails(stage: Stage, count: int) -> None:
    wait_for(lambda: stage.mailhost.record.count() >= count)
