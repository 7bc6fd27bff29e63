"""How each invented plant gets on: which parts it has done, and how punctual it is. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from random import Random

from plants.models import Part

RING: tuple[str, ...] = (Part.ORGANISED, Part.FUGITIVE, Part.CLEAN_TRANSPORT)
COMPLETE_SHARE_PERCENT = 46.2
LAGGING_SHARE = 0.14
LAGGING_IN_VIEW = 3


class Diligence(Enum):
    DILIGENT = "diligent"
    USUAL = "usual"
    LAGGING = "lagging"


@dataclass(frozen=True)
class Story:
    """What became of a plant so far. ``on_show`` is the plant of the demo's first manager."""

    done: frozenset[str]
    diligence: Diligence
    on_show: bool = False

    @property
    def is_complete(self) -> bool:
        return self.done.issuperset(RING)


ON_SHOW = Story(frozenset({Part.ORGANISED}), Diligence.LAGGING, on_show=True)


def tell_stories(
    capacities_tpd: list[int], *, on_show: int, in_view: frozenset[int], rng: Random
) -> list[Story]:
    """A story for each plant by its capacity (0 for a grinding station), in the same order.

    The complete plants together have about 46 % of the clinker capacity, among those in view (of
    the demo's first officer) and among the others alike; a handful lag behind.
    """
    order = [number for number in range(len(capacities_tpd)) if number != on_show]
    rng.shuffle(order)
    seen = [number for number in order if number in in_view]
    others = [number for number in order if number not in in_view]
    complete = _complete(capacities_tpd, seen, room=_goal(capacities_tpd, seen))
    left = _goal(capacities_tpd, range(len(capacities_tpd)))
    left -= sum(capacities_tpd[number] for number in complete)
    complete |= _complete(capacities_tpd, others, room=left)
    lagging = {number for number in others if rng.random() < LAGGING_SHARE}
    lagging |= set([number for number in seen if number not in complete][:LAGGING_IN_VIEW])
    stories = []
    for number in range(len(capacities_tpd)):
        if number == on_show:
            stories.append(ON_SHOW)
        elif number in complete:
            stories.append(Story(frozenset(RING), Diligence.DILIGENT))
        else:
            diligence = Diligence.LAGGING if number in lagging else Diligence.USUAL
            stories.append(Story(_some_parts(rng), diligence))
    return stories


def _goal(capacities_tpd: list[int], numbers: Iterable[int]) -> float:
    return sum(capacities_tpd[number] for number in numbers) * COMPLETE_SHARE_PERCENT / 100


def _complete(capacities_tpd: list[int], order: list[int], *, room: float) -> set[int]:
    """Plants picked in their order as long as there is room in t/d; every third station."""
    complete: set[int] = set()
    stations = 0
    for number in order:
        capacity = capacities_tpd[number]
        if capacity == 0:
            stations += 1
            if stations % 3 == 0:
                complete.add(number)
        elif capacity <= room:
            complete.add(number)
            room -= capacity
    return complete


def _some_parts(rng: Random) -> frozenset[str]:
    """Two parts of three done by a quarter, one by a bit more, none by the rest."""
    draw = rng.random()
    count = 2 if draw < 0.25 else 1 if draw < 0.6 else 0
    return frozenset(rng.sample(RING, count))
