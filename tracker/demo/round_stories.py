"""How far the assessment of the demo's plants has come, and on which days it got there. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, cycle, pairwise

from plants.windows import Window
from tracker.rounds.models import Stage

STEADY_DAYS = 36  # a month and some days to spare
OPENED_BEFORE_DAYS = 4
NOTICE_DAYS = 7
# Days from the stage before; the steady running is the first that is dated.
_GAPS: tuple[tuple[Stage, int], ...] = (
    (Stage.DOCUMENT_REVIEW, STEADY_DAYS + 1),
    (Stage.DOCUMENT_RECTIFICATION, 3),
    (Stage.SITE_SURVEY, 5),
    (Stage.SITE_RECTIFICATION, 2),
    (Stage.MONITORING, 6),
    (Stage.REPORT, 9),
    (Stage.FILED, 4),
    (Stage.REVIEW, 4),
    (Stage.PUBLIC_NOTICE, 6),
    (Stage.LISTED, NOTICE_DAYS + 1),
    (Stage.SUSPENDED, 12),
    (Stage.REMOVED, 12),
)
_ASIDE = frozenset({Stage.DOCUMENT_RECTIFICATION, Stage.SITE_RECTIFICATION})
_BACK_DAYS = 4
_COMPLETE = (Stage.LISTED, Stage.PUBLIC_NOTICE, Stage.LISTED, Stage.REVIEW)
_PARTLY = (
    *(Stage.REMOVED, Stage.SITE_RECTIFICATION, Stage.PLANNED, Stage.FILED),
    *(Stage.DOCUMENT_REVIEW, Stage.SUSPENDED, Stage.STABLE_RUNNING, Stage.SITE_SURVEY),
)
AT_MOST = 16


@dataclass(frozen=True)
class RoundStory:
    """A round's stages after *planned*, up to where it stands; ``since`` is how long it has."""

    way: tuple[Stage, ...]
    since_days: int

    @property
    def stage(self) -> Stage:
        return self.way[-1] if self.way else Stage.PLANNED

    @property
    def is_listed(self) -> bool:
        """Whether it has been on the list, though it may have left it."""
        return Stage.LISTED in self.way

    @property
    def steady_days_ago(self) -> int:
        """The latest day on which the steady running may begin, so that the rest has its time."""
        return sum(_gap(*moved) for moved in pairwise(self.way)) + self.since_days


def story_to(stage: Stage, *, since_days: int, rectified: bool = False) -> RoundStory:
    """By the shortest way; ``rectified`` sends it back once on its papers."""
    if stage == Stage.PLANNED:
        return RoundStory((), since_days)
    onwards = [Stage.STABLE_RUNNING, *(each for each, _days in _GAPS)]
    left_out = (_ASIDE | {Stage.SUSPENDED}) - {stage}
    way = [each for each in onwards[: onwards.index(stage) + 1] if each not in left_out]
    if rectified:
        after = way.index(Stage.DOCUMENT_REVIEW) + 1
        way[after:after] = [Stage.DOCUMENT_RECTIFICATION, Stage.DOCUMENT_REVIEW]
    return RoundStory(tuple(way), since_days)


def tell_rounds(
    numbers: Sequence[int], *, shown: int, beside: int, complete: frozenset[int]
) -> dict[int, RoundStory]:
    """The story of each plant that has a round, by its number.

    The plant of the demo's first manager is monitored on site just now; the first of the Corps is
    reviewed above. Of the others every stage has a few.
    """
    told = {
        shown: story_to(Stage.MONITORING, since_days=5, rectified=True),
        beside: story_to(Stage.REVIEW, since_days=17),
    }
    of_complete, of_others = cycle(_COMPLETE), cycle(_PARTLY)
    for nth, number in enumerate(numbers):
        if len(told) == AT_MOST:
            break
        if number in told:
            continue
        stage = next(of_complete if number in complete else of_others)
        told[number] = story_to(stage, since_days=2 + 3 * (nth % 5))
    return told


def days_of(story: RoundStory, steady_on: date) -> list[tuple[Stage, date]]:
    """On which day each stage begins, the steady running on ``steady_on``."""
    gaps = [0, *(_gap(*moved) for moved in pairwise(story.way))]
    days = [steady_on + timedelta(days=passed) for passed in accumulate(gaps)]
    return list(zip(story.way, days, strict=False))


def _gap(before: Stage, stage: Stage) -> int:
    """Days from one stage to the next."""
    return _BACK_DAYS if before in _ASIDE else dict(_GAPS)[stage]


def steady_day(windows: Iterable[Window], *, earliest: date, latest: date) -> date | None:
    """The latest day from which a line runs long enough outside of its stops, if there is any."""
    stops = list(windows)
    for days in range((latest - earliest).days + 1):
        first = latest - timedelta(days=days)
        last = first + timedelta(days=STEADY_DAYS)
        if not any(stop.touches(first, last) for stop in stops):
            return first
    return None
