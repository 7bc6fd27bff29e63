"""Do beat, worker and scanner live? Judged from the signs that each leaves, and the time.

Who lives is told apart by what it does itself: beat writes its sign as it ticks, the worker's is
written by a task that came through the broker.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from tracker.reminders.models import Heartbeat
from tracker.reminders.nightly import DONE, RUN_LASTS, TAKEN, last_start

BEAT, WORKER, SCANNER, STARTED = "beat", "worker", "scanner", "started"
MISSED_TICKS = 2
# A sweep a minute, each of at most three.
SCANNER_SECONDS = 300
# So long may it take from the start of a site to its processes' first signs.
START_LASTS = timedelta(seconds=60)


class Life(Enum):
    """``STARTING`` is silent, too, but has hardly had the time to say anything."""

    WELL = "well"
    STARTING = "starting"
    SILENT = "silent"


class Night(Enum):
    """The night's run: done since the last six o'clock, at it, or still to come."""

    DONE = "done"
    RUNNING = "running"
    WAITING = "waiting"


@dataclass(frozen=True)
class Sign:
    """One process and what its last sign says; ``seconds`` is its age, None where it left none."""

    name: str
    at: datetime | None
    seconds: int | None
    life: Life

    @property
    def words(self) -> str:
        """As machines read it: `ok`, or the fault in a few words."""
        if self.seconds is None:
            return "no sign of life yet"
        return "ok" if self.life is Life.WELL else f"no sign of life for {self.seconds} s"


@dataclass(frozen=True)
class NightRun:
    """When it was last done, where it is now, and when the next one is due."""

    state: Night
    done_at: datetime | None
    next_at: datetime


def read_signs() -> dict[str, datetime]:
    """When each of them was last heard of, by name; one query."""
    return dict(Heartbeat.objects.values_list("name", "at"))


def keep_start(*, now: datetime) -> None:
    """Keep that the site starts now: its processes may be silent for a moment."""
    Heartbeat.objects.update_or_create(name=STARTED, defaults={"at": now})


def judge_signs(
    signs: Mapping[str, datetime], *, now: datetime, tick_seconds: int, scans: bool
) -> list[Sign]:
    """Each process: silent when its last sign is older than two ticks, a scanner's five minutes."""
    patience = {BEAT: tick_seconds * MISSED_TICKS, WORKER: tick_seconds * MISSED_TICKS}
    if scans:
        patience[SCANNER] = SCANNER_SECONDS
    started_at = signs.get(STARTED)
    starting = started_at is not None and now - started_at <= START_LASTS
    return [
        _judge(name, signs.get(name), now=now, most_seconds=most_seconds, starting=starting)
        for name, most_seconds in patience.items()
    ]


def judge_night(signs: Mapping[str, datetime], *, now: datetime) -> NightRun:
    """Done when it was since the last six o'clock; a run that was taken long ago has crashed."""
    done_at, taken_at = signs.get(DONE), signs.get(TAKEN)
    due_at = last_start(now)
    if done_at is not None and done_at >= due_at:
        return NightRun(Night.DONE, done_at, last_start(now + timedelta(days=1)))
    if taken_at is not None and due_at <= taken_at and now - taken_at < RUN_LASTS:
        return NightRun(Night.RUNNING, done_at, due_at)
    return NightRun(Night.WAITING, done_at, due_at)


def _judge(
    name: str, at: datetime | None, *, now: datetime, most_seconds: int, starting: bool
) -> Sign:
    seconds = None if at is None else max(0, int((now - at).total_seconds()))
    if seconds is not None and seconds <= most_seconds:
        return Sign(name, at, seconds, Life.WELL)
    return Sign(name, at, seconds, Life.STARTING if starting else Life.SILENT)
