"""Whose kilns stop on other days when a window reads otherwise, and which answers that moves."""

from copy import copy
from datetime import date

import pytest

from plants.models import PlantKind, RunStatus, StopWindow
from tests.factories import (
    TODAY,
    LimitFactory,
    LineFactory,
    ObligationFactory,
    PlaceFactory,
    PlantFactory,
    RequirementFactory,
    StopWindowFactory,
)
from tracker.reporting.stop_changes import read_stop_impact

pytestmark = pytest.mark.django_db


@pytest.fixture
def window() -> StopWindow:
    """The prefecture's winter; two plants stop with it, a city has a window of its own."""
    for place in ("changji", "fukang"):
        LineFactory.create(plant=PlantFactory.create(place=PlaceFactory.create(code=place)))
    winter = {"starts_on": date(2026, 11, 1), "ends_on": date(2027, 4, 30), "season": "2026-27"}
    StopWindowFactory.create(place=PlaceFactory.create(code="shihezi"), **winter)
    LineFactory.create(plant=PlantFactory.create(place=PlaceFactory.create(code="shihezi")))
    LineFactory.create(plant=PlantFactory.create(place=PlaceFactory.create(code="hotan")))
    closed = PlantFactory.create(place=PlaceFactory.create(code="changji"), status=RunStatus.CLOSED)
    LineFactory.create(plant=closed)
    return StopWindowFactory.create(place=PlaceFactory.create(code="changji"), **winter)


def changed(window: StopWindow, **values: object) -> StopWindow:
    other = copy(window)
    for name, value in values.items():
        setattr(other, name, value)
    return other


@pytest.mark.parametrize(
    ("values", "lines"),
    [
        ({"ends_on": date(2027, 3, 31)}, 2),
        ({"starts_on": date(2026, 10, 31)}, 2),
        ({"verification": "to_verify"}, 0),
        ({"note_zh": "含烘窑时间"}, 0),
    ],
)
def test_lines_that_stop_on_other_days(
    window: StopWindow, values: dict[str, object], lines: int
) -> None:
    impact = read_stop_impact(changed(window, **values), today=TODAY)

    assert (impact.lines, impact.plants, impact.moves) == (lines, lines, [])
    assert StopWindow.objects.get(pk=window.pk).ends_on == date(2027, 4, 30)


def test_answers_of_the_planner_that_move(window: StopWindow) -> None:
    LimitFactory.create(pollutant="steady running", value=1, unit="mo")
    line = LineFactory.create(plant__place=window.place, plant__kind=PlantKind.CLINKER)
    for due_on in (date(2027, 3, 31), date(2028, 9, 30)):
        assessing = RequirementFactory.create(part="assessment")
        ObligationFactory.create(plant=line.plant, requirement=assessing, due_on=due_on)

    impact = read_stop_impact(changed(window, starts_on=date(2026, 11, 11)), today=TODAY)

    # The later deadline is met after the next winter, whichever day that begins.
    [move] = impact.moves
    assert (move.plant_id, move.deadline) == (line.plant_id, date(2027, 3, 31))
    assert (move.before, move.after) == (date(2026, 9, 25), date(2026, 10, 4))
