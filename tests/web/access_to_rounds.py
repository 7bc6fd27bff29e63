"""The part of the access table that is about rounds of the assessment."""

from collections.abc import Sequence

from tests.factories import NOW, Cast
from tests.web.personas import Statuses, everyone, those_who_see
from tracker.audit import Actor
from tracker.rounds.models import Round
from tracker.rounds.walk import open_round

ROUND_ROWS: dict[tuple[str, str], Statuses] = {
    ("rounds", "GET"): everyone(200),
    ("listings", "GET"): everyone(200),
    # A membership as assessor of the plant shows no rounds: a seat in one does.
    ("round", "GET"): those_who_see(200) | {"assessor": 404},
}


def make_round(world: Cast) -> Round:
    """A round of the Changji plant, opened by its manager."""
    return open_round(plant=world.plant, by=Actor(world.manager, "tests"), at=NOW)


def round_arguments(world: Cast) -> dict[str, Sequence[object]]:
    """By the name of the address."""
    return {"round": [make_round(world).pk]}
