"""How far the demo's rounds have come: ways that the stages allow, on days that lie behind us."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from plants.text import Text
from plants.windows import Cause, Window
from tracker.demo.round_stories import (
    AT_MOST,
    STEADY_DAYS,
    days_of,
    steady_day,
    story_to,
    tell_rounds,
)
from tracker.rounds.models import Stage
from tracker.rounds.stages import MOVES

TODAY = date(2026, 11, 23)
STOP = Window(date(2026, 9, 1), date(2026, 9, 15), Cause.PLAN, Text("方案", "plan"))


@pytest.mark.parametrize("rectified", [False, True])
@pytest.mark.parametrize(
    "stage", [stage for stage in Stage if stage != Stage.DOCUMENT_RECTIFICATION]
)
def test_every_way_is_allowed_and_ends_in_time(stage: Stage, rectified: bool) -> None:
    rectified = rectified and stage not in (
        Stage.PLANNED,
        Stage.STABLE_RUNNING,
        Stage.DOCUMENT_REVIEW,
    )
    story = story_to(stage, since_days=3, rectified=rectified)
    dated = days_of(story, TODAY - timedelta(days=story.steady_days_ago))

    assert story.stage == stage
    for before, after in pairwise([Stage.PLANNED, *story.way]):
        assert after in MOVES[before]
    assert [on for _stage, on in dated] == sorted(on for _stage, on in dated)
    assert all(on <= TODAY - timedelta(days=3) for _stage, on in dated)


@pytest.mark.parametrize(
    ("latest", "found"),
    [
        (date(2026, 10, 1), date(2026, 10, 1)),
        (date(2026, 9, 10), date(2026, 8, 31) - timedelta(days=STEADY_DAYS)),
        (date(2026, 7, 20), date(2026, 7, 20)),
    ],
)
def test_steady_running_is_outside_of_stops(latest: date, found: date) -> None:
    assert steady_day([STOP], earliest=date(2026, 6, 1), latest=latest) == found


def test_no_steady_running_where_there_is_no_room() -> None:
    assert steady_day([STOP], earliest=date(2026, 8, 20), latest=date(2026, 9, 10)) is None


def test_only_complete_plants_stay_on_the_list() -> None:
    told = tell_rounds(range(40), shown=0, beside=1, complete=frozenset(range(0, 40, 2)))

    assert len(told) == AT_MOST
    assert told[0].stage == Stage.MONITORING
    assert {number % 2 for number, story in told.items() if story.stage == Stage.LISTED} == {0}
    assert {Stage.PLANNED, Stage.PUBLIC_NOTICE, Stage.REMOVED} <= {s.stage for s in told.values()}
