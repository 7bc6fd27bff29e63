"""The board of rounds: what stands where, for how long, with whom; and who sees which."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from plants.models import Person, Plant
from tests.factories import Cast, PersonFactory
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tracker.reporting.rounds import turn_in
from tracker.rounds.models import Body, Round, Seat, Stage
from tracker.rounds.stages import Mover

pytestmark = pytest.mark.django_db
BOARD = reverse("rounds")


def round_of(
    plant: Plant, by: Person, stage: Stage = Stage.PLANNED, days: int = 0, **fields: Any
) -> Round:
    at = timezone.now() - timedelta(days=days)
    number = plant.rounds.count() + 1
    return Round.objects.create(
        plant=plant,
        number=number,
        stage=stage,
        stage_since_at=at,
        opened_by=by,
        opened_at=at,
        **fields,
    )


@pytest.fixture
def three(world: Cast) -> list[Round]:
    """In Changji one that waits for the prefecture and one for the region, in the Corps one."""
    return [
        round_of(world.plant, world.manager, Stage.FILED, days=12),
        round_of(world.plant, world.manager, Stage.REVIEW, days=40, fugitive=False),
        round_of(world.corps_plant, world.group_manager, Stage.FILED, days=3),
    ]


@pytest.mark.usefixtures("three")
def test_what_has_stood_longest_comes_first(world: Cast, browser_of: BrowserOf) -> None:
    shown = text_of(browser_of(world.region_officer).get(BOARD))

    assert shown.index("Round 2") < shown.index("Round 1")
    assert "40" in shown
    assert "the region" in shown


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("region_officer", {1, 2}),
        ("changji_officer", {1, 2}),
        ("corps_officer", {3}),
        ("manager", {1, 2}),
        ("group_manager", {1, 2, 3}),
        ("auditor", {1, 2, 3}),
        ("other_manager", set()),
    ],
)
def test_each_sees_the_rounds_of_her_plants(
    who: str, seen: set[int], world: Cast, three: list[Round], browser_of: BrowserOf
) -> None:
    page = browser_of(world.people[who]).get(BOARD)

    assert {row.round.pk for row in page.context["rows"]} == {three[n - 1].pk for n in seen}


def test_a_body_sees_its_own_round_until_its_seat_ends(
    world: Cast, three: list[Round], browser_of: BrowserOf
) -> None:
    body = PersonFactory.create()
    seat = Seat.objects.create(
        round=three[0],
        person=body,
        body=Body.MONITORING,
        organisation="示例监测",
        given_by=world.manager,
        given_at=timezone.now(),
    )

    page = browser_of(body).get(BOARD)
    assert [row.round for row in page.context["rows"]] == [three[0]]

    seat.ended_at = timezone.now()
    seat.save()
    assert browser_of(body).get(BOARD).context["rows"] == []


def test_stage_narrows_and_nonsense_does_not(
    world: Cast, three: list[Round], browser_of: BrowserOf
) -> None:
    browser = browser_of(world.auditor)

    filed = browser.get(f"{BOARD}?stage=filed").context["rows"]
    none = text_of(browser.get(f"{BOARD}?stage=planned"))
    all_of_them = browser.get(f"{BOARD}?stage=nonsense").context["rows"]

    assert [row.round for row in filed] == [three[0], three[2]]
    assert "No round stands in this stage" in none
    assert len(all_of_them) == 3


def test_given_up_and_removed_are_not_on_it(world: Cast, browser_of: BrowserOf) -> None:
    at = timezone.now()
    round_of(world.plant, world.manager, given_up_at=at, given_up_reason="改造推迟")
    round_of(world.plant, world.manager, Stage.REMOVED)

    page = browser_of(world.region_officer).get(BOARD)

    assert page.context["rows"] == []
    assert sum(each.count for each in page.context["stages"]) == 0


@pytest.mark.parametrize(
    ("stage", "turn"),
    [
        (Stage.PLANNED, {Mover.PLANT}),
        (Stage.DOCUMENT_REVIEW, {Mover.PLANT, Mover.BODY}),
        (Stage.DOCUMENT_RECTIFICATION, {Mover.PLANT}),
        (Stage.MONITORING, {Mover.PLANT, Mover.BODY}),
        (Stage.FILED, {Mover.OFFICE}),
        (Stage.REVIEW, {Mover.UPPER}),
        (Stage.PUBLIC_NOTICE, {Mover.UPPER}),
        (Stage.LISTED, set()),
        (Stage.SUSPENDED, {Mover.UPPER}),
        (Stage.REMOVED, set()),
    ],
)
def test_whose_turn_it_is(stage: Stage, turn: set[Mover]) -> None:
    assert turn_in(stage) == turn


def test_many_rounds_cost_no_more_queries(
    world: Cast, browser_of: BrowserOf, django_assert_max_num_queries: Any
) -> None:
    for _ in range(60):
        round_of(world.plant, world.manager)
    browser = browser_of(world.region_officer)
    browser.get(BOARD)

    with django_assert_max_num_queries(12):
        page = browser.get(f"{BOARD}?page=2")

    assert len(page.context["rows"]) == 10
