"""What must I do now: each role's own page, its numbers and its few queries."""

from datetime import timedelta

import pytest
from django.urls import reverse

from plants.models import Part
from tests.factories import (
    TODAY,
    Cast,
    CompanyFactory,
    LineFactory,
    ObligationFactory,
    PersonFactory,
    RequirementFactory,
    TargetFactory,
    group_manager_of,
    make_obligation_at,
)
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tracker.obligations.models import State


def _fill(world: Cast, count: int) -> None:
    """Overdue, due soon and waiting for review, so many of each at the first plant."""
    requirement = RequirementFactory.create()
    for number in range(count):
        for days in (-1 - number, 5 + number, 200 + number):
            ObligationFactory.create(
                plant=world.plant,
                requirement=requirement,
                period=f"2{abs(days):03}",
                due_on=TODAY + timedelta(days=days),
            )
        for state in (State.SUBMITTED, State.RETURNED):
            make_obligation_at(
                state,
                plant=world.plant,
                manager=world.manager,
                officer=world.changji_officer,
                due_on=TODAY + timedelta(days=100),
            )


def test_officer_reads_her_numbers_in_one_sentence(world: Cast, browser_of: BrowserOf) -> None:
    _fill(world, 2)
    TargetFactory.create(share_percent=50, by_on=TODAY - timedelta(days=1))
    TargetFactory.create(share_percent=80, by_on=TODAY + timedelta(days=365))

    text = text_of(browser_of(world.changji_officer).get(reverse("home")))

    assert "2 to review · 2 overdue at 1 plant · 2 due in 30 days" in text
    assert "50 % by 2026-08-31 was missed" in text
    assert "80 % by 2027-09-01 needs 0.1 lines a month" in text


def test_officer_of_another_authority_reads_nothing_of_it(
    world: Cast, browser_of: BrowserOf
) -> None:
    _fill(world, 2)

    text = text_of(browser_of(world.corps_officer).get(reverse("home")))

    assert "0 to review · 0 overdue at 0 plants · 0 due in 30 days" in text
    assert "Nothing waits for you" in text


def test_worklist_is_grouped_by_plant_reviews_first(world: Cast, browser_of: BrowserOf) -> None:
    _fill(world, 2)

    [work] = browser_of(world.changji_officer).get(reverse("home")).context["work"]

    assert work.plant == world.plant.name
    assert [row.state for row in work.rows] == ["submitted", "submitted", "open", "open", "open"]
    assert work.more == 1


@pytest.mark.parametrize(("who", "queries"), [("changji_officer", 13), ("auditor", 11)])
@pytest.mark.parametrize("count", [1, 3])
def test_officer_home_asks_few_queries(
    world: Cast,
    browser_of: BrowserOf,
    django_assert_num_queries: object,
    who: str,
    queries: int,
    count: int,
) -> None:
    _fill(world, count)
    TargetFactory.create()
    RequirementFactory.create(completes=Part.ORGANISED)
    browser = browser_of(getattr(world, who))

    with django_assert_num_queries(queries):  # type: ignore[operator]
        assert browser.get(reverse("home")).status_code == 200


def test_manager_finds_the_returned_first_then_the_nearest(
    world: Cast, browser_of: BrowserOf
) -> None:
    _fill(world, 1)

    page = browser_of(world.manager).get(reverse("home"))

    desks = page.context["desks"]
    assert [desk.answer.obligation.state for desk in desks] == ["returned", "open", "open", "open"]
    dates = [desk.answer.obligation.due_on for desk in desks[1:]]
    assert dates == [TODAY + timedelta(days=days) for days in (-1, 5, 200)]
    assert "缺少盖章页。" in text_of(page)


def test_manager_is_told_how_much_comes_later(world: Cast, browser_of: BrowserOf) -> None:
    ObligationFactory.create_batch(23, plant=world.plant)

    text = text_of(browser_of(world.manager).get(reverse("home")))

    assert "23 owed in all" in text
    assert "11 more, due later" in text


@pytest.mark.parametrize("count", [1, 3])
def test_manager_home_asks_few_queries(
    world: Cast, browser_of: BrowserOf, django_assert_num_queries: object, count: int
) -> None:
    _fill(world, count)
    RequirementFactory.create(completes=Part.ORGANISED)
    browser = browser_of(world.manager)

    with django_assert_num_queries(15):  # type: ignore[operator]
        assert len(browser.get(reverse("home")).context["desks"]) == 4 * count


def test_group_manager_finds_her_plants(world: Cast, browser_of: BrowserOf) -> None:
    _fill(world, 1)

    page = browser_of(world.group_manager).get(reverse("home"))

    rows = {row.pk: row.load.overdue for row in page.context["rows"]}
    assert rows == {world.plant.pk: 1, world.corps_plant.pk: 0}


@pytest.mark.parametrize("count", [1, 3])
def test_group_home_asks_few_queries(
    world: Cast, browser_of: BrowserOf, django_assert_num_queries: object, count: int
) -> None:
    group = CompanyFactory.create()
    for _ in range(count):
        plant = LineFactory.create(plant__company=group).plant
        ObligationFactory.create(plant=plant)
    RequirementFactory.create(completes=Part.ORGANISED)
    browser = browser_of(group_manager_of(group))

    with django_assert_num_queries(14):  # type: ignore[operator]
        page = browser.get(reverse("home"))

    assert len(page.context["rows"]) == count


def test_administrator_finds_the_site(world: Cast, browser_of: BrowserOf) -> None:
    page = browser_of(world.administrator).get(reverse("home"))

    assert page.context["plant_count"] == 3
    assert "No sign of life yet" in text_of(page)


def test_person_without_a_role_is_told_what_to_do(browser_of: BrowserOf) -> None:
    text = text_of(browser_of(PersonFactory.create()).get(reverse("home")))

    assert "Ask your administrator" in text
