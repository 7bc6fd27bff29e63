"""Seats in a round: who gives them, what they show, and when they end."""

import pytest

from plants.models import Plant
from tests.factories import PersonFactory
from tests.rounds.walks import Scene, scene
from tracker.audit import Event, Verb
from tracker.rounds.acting import RoundRefused
from tracker.rounds.models import Body, Round, Seat
from tracker.rounds.seating import end_seat
from tracker.rounds.walk import open_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Scene:
    return scene()


def test_seat_shows_its_round_and_nothing_else(world: Scene) -> None:
    assessor = world.people["assessor"]
    other = open_round(plant=world.world.corps_plant, by=world.actor("group"), at=world.at())

    assert list(Round.objects.visible_to(assessor)) == [world.round]
    assert other not in Round.objects.visible_to(assessor)
    assert not Plant.objects.visible_to(assessor).exists()


def test_seat_of_one_round_is_none_in_the_next(world: Scene) -> None:
    world.walk("listed")
    world.move("removed", "upper", "不能稳定达到")
    world.round = open_round(plant=world.plant, by=world.actor("manager"), at=world.at())
    world.walk("document_review")

    with pytest.raises(RoundRefused):
        world.move("site_survey", "assessor")
    assert not Round.objects.visible_to(world.people["assessor"]).exists()


def test_removal_ends_every_seat(world: Scene) -> None:
    world.seat(PersonFactory.create(), Body.TECHNICAL)
    world.walk("listed")
    assert Seat.objects.standing().count() == 2

    world.move("removed", "upper", "不能稳定达到")

    assert not Seat.objects.standing().exists()
    assert Event.objects.about(world.round).filter(verb=Verb.ENDED_SEAT).count() == 2


@pytest.mark.parametrize("who", ["assessor", "officer", "upper", "stranger", "auditor"])
def test_only_the_plant_appoints(world: Scene, who: str) -> None:
    with pytest.raises(RoundRefused):
        world.seat(PersonFactory.create(), who=who)

    assert Seat.objects.count() == 1


def test_nobody_sits_on_both_sides(world: Scene) -> None:
    for who in ("manager", "group", "officer", "upper"):
        with pytest.raises(RoundRefused):
            world.seat(world.people[who])
    with pytest.raises(RoundRefused):
        world.seat(PersonFactory.create(is_active=False))
    assert Seat.objects.count() == 1


def test_seat_is_given_once(world: Scene) -> None:
    first = Seat.objects.get()

    assert world.seat(world.people["assessor"]) == first
    assert world.seat(world.people["assessor"], Body.TECHNICAL) != first


def test_ended_seat_is_over_and_may_be_given_again(world: Scene) -> None:
    seat = Seat.objects.get()
    with pytest.raises(RoundRefused):
        end_seat(seat, by=world.actor("officer"), at=world.at())
    end_seat(seat, by=world.actor("assessor"), at=world.at())
    ended = Seat.objects.get()

    assert ended.ended_at is not None
    assert not Round.objects.visible_to(world.people["assessor"]).exists()
    end_seat(seat, by=world.actor("manager"), at=world.at())
    assert Seat.objects.get().ended_at == ended.ended_at
    assert world.seat(world.people["assessor"]) != seat


def test_no_seat_in_a_round_that_is_over(world: Scene) -> None:
    world.walk("listed")
    world.move("removed", "upper", "不能稳定达到")

    with pytest.raises(RoundRefused):
        world.seat(PersonFactory.create())
