"""Two beats at once, each of which takes itself for the only one."""

from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from celery.beat import PersistentScheduler
from django.utils import timezone

from tests.drills.ledger import everybody_and_all, judge
from tests.drills.outcome import Outcome
from tests.drills.stage import DAY, Stage, is_quiet, let_pass, wait_for, wait_for_pulse
from tests.drills.world import make_plants
from tests.factories import RequirementFactory
from tests.infrastructure.sites import wait_until
from tracker.celery import app
from tracker.reminders.models import Heartbeat, Reminder
from tracker.reminders.nightly import DONE
from tracker.serving import commands
from tracker.tasks import BEAT

BEATS = 2
RULES = 3
SWITCHED_OFF = timedelta(hours=1)


def two_beats(stage: Stage) -> Outcome:
    """Two beats and a worker come up after an hour's rest: the night's run and the mails once."""
    make_plants(stage.size)
    # Told today, whatever day of the week it is; the night's run makes the obligations.
    for _ in range(RULES):
        RequirementFactory.create(due={"on": f"{timezone.localdate()}"})
    with stage.worker():
        _tick(stage, 1)
        wait_for(lambda: Heartbeat.objects.filter(name=DONE).exists())
        runs = Reminder.objects.of_ladders().values("planned_at").distinct().count()
        # The people's hour comes; both beats tick once more.
        let_pass(DAY)
        _tick(stage, 2)
        wait_for(is_quiet)
    mails = stage.mailhost.record.mails()
    note = f"{BEATS} beats, {runs} night's run, {len(mails)} mails to {stage.size} people"
    faults = [] if runs == 1 else [f"{runs} runs have planned"]
    return judge(mails, due=everybody_and_all(), note=note, faults=faults)


def _tick(stage: Stage, ticks: int) -> None:
    """Start all beats, and wait until each has asked for all that is due, and it was taken."""
    with ExitStack() as beats:
        for number in range(BEATS):
            folder = stage.folder / f"beat-{number}"
            _rest(folder / "beat-schedule")
            loud = [*commands.beat(), "--loglevel", "INFO"]
            ours = {"DATA_DIR": str(folder), "LOG_LEVEL": "INFO"}
            beats.enter_context(stage.process(loud, folder.name, **ours))
        wait_until(lambda: all(said >= ticks * len(BEAT) for said in _asked_for(stage)))
        wait_until(lambda: not stage.broker.waiting())
    wait_for_pulse()


def _asked_for(stage: Stage) -> list[int]:
    """How many tasks each beat has sent."""
    logs = [stage.folder / f"beat-{number}.log" for number in range(BEATS)]
    return [log.read_text().count("Sending due task") for log in logs]


def _rest(schedule: Path) -> None:
    """A beat's own schedule, by which each of its tasks was last asked for an hour ago."""
    schedule.parent.mkdir(exist_ok=True)
    schedule.unlink(missing_ok=True)
    scheduler = PersistentScheduler(app, schedule_filename=str(schedule))
    for entry in scheduler.schedule.values():
        entry.last_run_at -= SWITCHED_OFF
    scheduler.close()
