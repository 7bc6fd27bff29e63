"""Two officers at one line at the same moment: no day is approved twice, nothing ends twice."""

from datetime import date

import pytest

from plants.models import Line, Swap, SwapKind
from tests.factories import NOW, Cast, StopWindowFactory, SwapFactory, cast, officer_of
from tests.flows.test_races import at_once
from tracker import audit
from tracker.obligations.windows import WindowRefused, add_swap, end_approval

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> Cast:
    made = cast()
    StopWindowFactory.create(place=made.plant.place)
    return made


@pytest.fixture
def officers(world: Cast) -> list[audit.Actor]:
    others = [officer_of(world.plant.authority) for _ in range(3)]
    return [audit.Actor(person, "tests") for person in (world.changji_officer, *others)]


def enter(world: Cast, by: audit.Actor, first: date) -> Swap:
    swap = Swap(
        line=Line.objects.select_related("plant__authority", "plant__place").get(plant=world.plant),
        kind=SwapKind.RUN,
        starts_on=first,
        ends_on=date(2025, 11, 20),
        document="第四批",
        approved_by="示例部门",
        verification="verified",
    )
    return add_swap(swap=swap, by=by, at=NOW)


def test_of_four_swaps_with_a_day_in_common_one_is_entered(
    world: Cast, officers: list[audit.Actor]
) -> None:
    firsts = [date(2025, 11, day) for day in (1, 5, 9, 13)]

    outcomes = at_once(
        *(
            lambda by=by, first=first: enter(world, by, first)
            for by, first in zip(officers, firsts, strict=True)
        )
    )

    assert (
        sorted(type(outcome).__name__ for outcome in outcomes)
        == ["Swap"] + [WindowRefused.__name__] * 3
    )
    assert Swap.objects.count() == 1


def test_swap_ends_once(world: Cast, officers: list[audit.Actor]) -> None:
    swap = SwapFactory.create(line=world.plant.lines.get())

    def end(by: audit.Actor) -> None:
        end_approval(
            approval=Swap.objects.get(pk=swap.pk),
            ended_on=date(2025, 11, 5),
            reason="误录",
            by=by,
            at=NOW,
        )

    outcomes = at_once(*(lambda by=by: end(by) for by in officers))

    assert sum(outcome is None for outcome in outcomes) == 1
    assert audit.Event.objects.filter(thing_kind="swap", verb=audit.Verb.CHANGED).count() == 1
