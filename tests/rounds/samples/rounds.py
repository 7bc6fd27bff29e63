"""Rounds at a plant of the cast, at the stage and on the days that a test of samples needs."""

from datetime import UTC, date, datetime
from typing import Any

from plants.models import Person
from tests.factories import Cast, cast
from tracker.audit import Actor
from tracker.rounds.models import Round, RoundStep, Stage

OPENED = datetime(2026, 8, 1, 2, 0, tzinfo=UTC)
NOW = datetime(2026, 9, 20, 2, 0, tzinfo=UTC)


def monitored(stage: Stage = Stage.MONITORING, **fields: Any) -> tuple[Cast, Round]:
    """The cast, and a round of its plant that is monitored in September 2026."""
    world = cast()
    values: dict[str, Any] = {
        "number": 1,
        "stage": stage,
        "stage_since_at": OPENED,
        "monitoring_from_on": date(2026, 9, 1),
        "monitoring_to_on": date(2026, 9, 30),
        "opened_by": world.manager,
        "opened_at": OPENED,
    }
    round_ = Round.objects.create(plant=world.plant, **values | fields)
    RoundStep.objects.create(round=round_, number=1, stage=stage, entered_at=OPENED)
    return world, round_


def actor(person: Person) -> Actor:
    return Actor(person, "127.0.0.1")
