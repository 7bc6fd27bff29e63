"""Plans backwards from a deadline: the last block of steady running and monitoring. Pure.

The block is one stretch without a kiln stop: first the steady running that has to come before the
assessment, then the monitoring days. The retrofit has to be finished on the day before it begins.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from plants.windows import DAY, Window
from tracker.obligations.models import DUE_SOON_DAYS
from tracker.regulations.steady import Steady

# No document that we know sets these two: pages show them as assumptions, and people change them.
ASSUMED_MONITORING_DAYS = 7
ASSUMED_RETROFIT_DAYS = 90


class Verdict(Enum):
    FITS = "fits"
    TIGHT = "tight"  # it fits, but at most a month may be lost
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True)
class Need:
    """What has to fit: the retrofit, if one is left, the steady running, the monitoring."""

    steady: Steady
    monitoring_days: int = ASSUMED_MONITORING_DAYS
    retrofit_days: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """Steady running, then monitoring, day after day."""

    starts_on: date
    monitoring_from: date
    ends_on: date

    @property
    def steady_to(self) -> date:
        return self.monitoring_from - DAY


@dataclass(frozen=True, slots=True)
class Answer:
    """The last block that ends by the deadline, and what it means today.

    ``forced_by`` is the stop that begins when the block ends; none where the deadline does.
    ``too_short`` are running times after the block that cannot hold it.
    """

    deadline: date
    block: Block
    retrofit_to: date
    retrofit_from: date
    days_left: int
    verdict: Verdict
    forced_by: Window | None
    too_short: tuple[tuple[date, date], ...]
    projected_from: str

    @property
    def is_projected(self) -> bool:
        return bool(self.projected_from)


def plan_backwards(*, deadline: date, windows: Sequence[Window], need: Need, today: date) -> Answer:
    """The latest block before the deadline that touches no window of the line.

    ``days_left`` counts from today to the last day on which the retrofit can begin; where none is
    left, to the first day of steady running. Negative: it no longer fits.
    """
    end, hits = deadline, list[Window]()
    block = _block(end, need)
    while hit := _last_touched(windows, block):
        hits.append(hit)
        end = hit.starts_on - DAY
        block = _block(end, need)
    begin = block.starts_on - timedelta(days=need.retrofit_days)
    left = (begin - today).days
    return Answer(
        deadline=deadline,
        block=block,
        retrofit_to=block.starts_on - DAY,
        retrofit_from=begin,
        days_left=left,
        verdict=_verdict(left),
        forced_by=hits[-1] if hits else None,
        too_short=_between(hits, deadline),
        projected_from=_projected_from(windows, deadline),
    )


def _block(end: date, need: Need) -> Block:
    monitoring = end - timedelta(days=need.monitoring_days) + DAY
    return Block(need.steady.before(monitoring), monitoring, end)


def _last_touched(windows: Sequence[Window], block: Block) -> Window | None:
    touched = [w for w in windows if w.touches(block.starts_on, block.ends_on)]
    return max(touched, key=lambda window: window.starts_on) if touched else None


def _verdict(days_left: int) -> Verdict:
    if days_left < 0:
        return Verdict.TOO_LATE
    return Verdict.TIGHT if days_left <= DUE_SOON_DAYS else Verdict.FITS


def _between(hits: Sequence[Window], deadline: date) -> tuple[tuple[date, date], ...]:
    """The running times that were passed over, oldest first."""
    ends = [deadline, *(hit.starts_on - DAY for hit in hits[:-1])]
    pairs = zip(hits, ends, strict=False)
    return tuple((hit.ends_on + DAY, end) for hit, end in pairs if hit.ends_on < end)[::-1]


def _projected_from(windows: Sequence[Window], deadline: date) -> str:
    """The season that the answer is projected from; empty if it rests on issued plans alone."""
    return next(
        (w.projected_from for w in windows if w.projected_from and w.starts_on <= deadline), ""
    )
