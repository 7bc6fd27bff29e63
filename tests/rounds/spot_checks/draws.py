"""A draw of the region over its two plants, announced and carried out."""

from collections.abc import Sequence
from typing import Any

from plants.models import Authority, Person
from tests.factories import NOW, Cast
from tracker.audit import Actor
from tracker.rounds.models import SpotCheck, SpotDraw
from tracker.rounds.spot_checks.announce import announce_draw
from tracker.rounds.spot_checks.carry_out import carry_out


def announce(world: Cast, *, by: Person | None = None, **values: Any) -> SpotDraw:
    """By the region's officer; out of both of the region's plants and its two officers."""
    asked: dict[str, Any] = {
        "title": "2026年下半年抽查",
        "authority": Authority.objects.get(code="region"),
        "plants": [world.plant, world.other_plant],
        "inspectors": [world.changji_officer, world.region_officer],
        "plants_asked": 1,
        "inspectors_asked": 1,
    }
    by = by or world.region_officer
    return announce_draw(**(asked | values), by=Actor(by, "tests"), at=NOW)


def announce_one(world: Cast) -> SpotDraw:
    """Of Changji's officer: its plant and she alone, so that both will be drawn."""
    return announce(
        world,
        by=world.changji_officer,
        authority=world.plant.authority,
        plants=[world.plant],
        inspectors=[world.changji_officer],
    )


def carry(draw: SpotDraw, *, by: Person, word: str = "天山 4711") -> Sequence[SpotCheck]:
    return carry_out(draw, word=word, witnesses="王、李", by=Actor(by, "tests"), at=NOW)


def check_of(world: Cast) -> SpotCheck:
    """A check of Changji's plant by Changji's officer, not made yet."""
    [check] = carry(announce_one(world), by=world.changji_officer)
    return check
