"""A night as large as the country's cement industry with everything due at once."""

import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from tests.drills.ledger import everybody_and_all, judge
from tests.drills.outcome import Outcome
from tests.drills.stage import Stage, ask_to_send, is_quiet, last_working_day, wait_for
from tests.drills.world import make_world

OWED_BY_EACH = 34
MOST_SECONDS = 1800
ROOT = Path(__file__).resolve().parents[2]
PLAN = """
import resource, time
from datetime import date
from tests.drills.stage import evening_before
from tracker.reminders.plan import plan_reminders
day = date.fromisoformat("{day}")
started = time.monotonic()
plan_reminders(today=day, at=evening_before(day))
print(time.monotonic() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def crowd(stage: Stage) -> Outcome:
    """Plan and send one night for thousands of people."""
    today = last_working_day()
    make_world(stage.size, today=today, days=[number % 15 - 7 for number in range(OWED_BY_EACH)])
    seconds, megabytes = _plan(today)
    with stage.worker() as worker:
        started = time.monotonic()
        ask_to_send()
        wait_for(is_quiet, MOST_SECONDS)
        sending = time.monotonic() - started
        peak = _peak_mb(worker.pid)
    due = everybody_and_all()
    note = (
        f"{len(due):,} obligations, {stage.size:,} people; planned in {seconds:.1f} s with "
        f"{megabytes:.0f} MB, sent in {sending:.0f} s with {peak:.0f} MB"
    )
    return judge(stage.mailhost.record.mails(), due=due, note=note)


def _plan(today: date) -> tuple[float, float]:
    """In a process of its own, so that its memory is the plan's."""
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "--command", PLAN.format(day=today)],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    seconds, megabytes = done.stdout.split()[-2:]
    return float(seconds), float(megabytes)


def _peak_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))
