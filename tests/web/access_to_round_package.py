"""The part of the access table that is about a round's sealed package."""

from collections.abc import Sequence

from tests.factories import Cast
from tests.web.access_to_rounds import make_round
from tests.web.personas import Statuses, those_who_see

PACKAGE_ROWS: dict[tuple[str, str], Statuses] = {
    # A membership as assessor of the plant shows no rounds; who has a seat in one gets 403.
    ("round-package", "POST"): those_who_see(200) | {"assessor": 404},
}


def package_arguments(world: Cast) -> dict[str, Sequence[object]]:
    """By the name of the address."""
    return {"round-package": [(world.plant.rounds.first() or make_round(world)).pk]}
