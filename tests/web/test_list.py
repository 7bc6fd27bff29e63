"""The public list: what stands on it since when, what was taken off and why, what comes next."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from plants.models import Listing, Part, Plant
from plants.models.listings import PARTS
from tests.factories import Cast
from tests.web.conftest import BrowserOf
from tests.web.pages import make_owed, text_of
from tests.web.test_rounds_board import round_of
from tracker.obligations.models import Obligation, State
from tracker.rounds.models import RoundStep, Stage

pytestmark = pytest.mark.django_db
LIST = reverse("listings")
WHY = "自动监测数据连续超标。"


def put_on(plant: Plant, *parts: Part, **ended: object) -> list[Listing]:
    return [
        Listing.objects.create(
            plant=plant,
            part=part,
            authority=plant.authority,
            listed_on="2026-03-01",
            capacity_tpd=2500,
            **ended,
        )
        for part in parts or PARTS
    ]


def test_list_tells_parts_days_and_capacity(world: Cast, browser_of: BrowserOf) -> None:
    put_on(world.plant)
    [partly] = put_on(world.other_plant, Part.FUGITIVE, suspended_on="2026-06-01", reason=WHY)

    shown = text_of(browser_of(world.region_officer).get(LIST))

    assert "1 plant is on the list with all three parts, 2,500 t/d of clinker." in shown
    assert "1 more with some of them." in shown
    assert "1 is suspended." in shown
    assert "suspended 2026-06-01" in shown
    assert WHY in shown
    assert str(partly.plant.name_en) in shown


def test_what_was_taken_off_has_its_reason(world: Cast, browser_of: BrowserOf) -> None:
    put_on(world.plant, removed_on="2026-08-01", reason=WHY)
    browser = browser_of(world.manager)

    assert WHY not in text_of(browser.get(LIST))
    shown = text_of(browser.get(LIST, {"show": "removed"}))
    assert "removed 2026-08-01" in shown
    assert WHY in shown


def test_nobody_sees_the_plants_of_others(world: Cast, browser_of: BrowserOf) -> None:
    put_on(world.plant)

    assert "No plant is on the list yet" in text_of(browser_of(world.other_manager).get(LIST))


@pytest.mark.parametrize(
    ("days", "says"),
    [
        (3, "listed the day after"),
        (-1, "a condition is in the way"),
        (None, "it does not end by itself"),
    ],
)
def test_notices_that_run_say_when_they_end(
    world: Cast, browser_of: BrowserOf, days: int | None, says: str
) -> None:
    round_ = round_of(world.plant, world.manager, Stage.PUBLIC_NOTICE)
    ends = None if days is None else timezone.localdate() + timedelta(days=days)
    RoundStep.objects.create(
        round=round_,
        number=1,
        stage=Stage.PUBLIC_NOTICE,
        entered_at=timezone.now(),
        ends_on=ends,
    )

    assert says in text_of(browser_of(world.changji_officer).get(LIST))


def test_plant_page_tells_since_when_its_parts_are_listed(
    world: Cast, browser_of: BrowserOf
) -> None:
    put_on(world.plant, Part.ORGANISED)

    shown = text_of(browser_of(world.manager).get(reverse("plant", args=[world.plant.pk])))

    assert "On the public list" in shown
    assert "2026-03-01" in shown


def test_list_asks_the_database_no_more_for_many(
    world: Cast, browser_of: BrowserOf, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for plant in (world.plant, world.other_plant, world.corps_plant):
        put_on(plant)
    browser = browser_of(world.auditor)
    browser.get(LIST)
    with django_assert_max_num_queries(12):
        browser.get(LIST)


def test_obligation_says_that_the_list_answers_it(world: Cast, browser_of: BrowserOf) -> None:
    owed = make_owed(world)
    [listing] = put_on(owed.plant, Part.ORGANISED)
    Obligation.objects.filter(pk=owed.pk).update(state=State.ACCEPTED, listing=listing)

    shown = text_of(browser_of(world.manager).get(reverse("obligation", args=[owed.pk])))

    assert "on the public list with it since 1 March 2026" in shown
