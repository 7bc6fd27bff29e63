"""Two at the same moment: one is done, the other is told, and the steps stay one line."""

import pytest

from plants.models import Person, Plant
from tests.factories import NOW
from tests.flows.test_races import at_once
from tests.rounds.walks import ORIGIN, Scene, condition, scene
from tracker.audit import Actor, broken_links, chain_of_plant
from tracker.rounds.acting import RoundRefused, StaleRound
from tracker.rounds.models import Override, Round, RoundStep
from tracker.rounds.walk import open_round

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> Scene:
    """Threads have connections of their own: what they see is committed."""
    return scene()


def own(world: Scene) -> Scene:
    """The same round as another reader has it."""
    rows = Round.objects.select_related("plant__authority", "plant__place")
    people = {who: Person.objects.get(pk=person.pk) for who, person in world.people.items()}
    return Scene(world.world, rows.get(pk=world.round.pk), people)


def test_round_is_moved_once(world: Scene) -> None:
    world.walk("document_review")
    first, second = own(world), own(world)

    outcomes = at_once(
        lambda: first.move("site_survey", "assessor"),
        lambda: second.move("document_rectification", "manager", "补充资料"),
    )

    assert {type(outcome) for outcome in outcomes} == {RoundStep, StaleRound}
    assert RoundStep.objects.filter(left_at=None).count() == 1
    assert broken_links(chain_of_plant(world.plant.pk)) == []


def test_condition_is_overridden_once(world: Scene) -> None:
    asked = condition("a", "planned")
    first, second = own(world), own(world)

    outcomes = at_once(
        lambda: first.override(asked, "officer"), lambda: second.override(asked, "upper")
    )

    assert {type(outcome) for outcome in outcomes} == {Override, RoundRefused}


def test_round_is_opened_once(world: Scene) -> None:
    plant = world.world.corps_plant

    def attempt() -> Round:
        mine = Plant.objects.select_related("authority").get(pk=plant.pk)
        by = Actor(Person.objects.get(pk=world.people["group"].pk), ORIGIN)
        return open_round(plant=mine, by=by, at=NOW)

    outcomes = at_once(attempt, attempt)

    assert {type(outcome) for outcome in outcomes} == {Round, RoundRefused}
    assert plant.rounds.count() == 1
