"""The queue: claimed by opening, narrowed and sorted by its address, a page at a time."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from plants.models import Person
from tests.factories import (
    NOW,
    TODAY,
    Cast,
    RequirementFactory,
    make_obligation_at,
    submit,
)
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tests.web.test_review import decide_address, form_of
from tracker.assessments.models import Review, ReviewClaim
from tracker.obligations.models import Obligation, State
from tracker.web import review_queue as paging

QUEUE = "/review/"


def waiting(world: Cast, hours: int = 1, **fields: Any) -> Obligation:
    """Handed in by somebody of the plant, the cast's first unless told otherwise."""
    fields = {"plant": world.plant, **fields}
    return make_obligation_at(State.SUBMITTED, at=NOW - timedelta(hours=hours), **fields)


def opened(browser: Client, obligation: Obligation) -> Any:
    return browser.get(reverse("review", args=[obligation.pk]))


def shown(page: Any) -> list[int]:
    return [each.row.pk for each in page.context["queue"]]


def holder_of(obligation: Obligation) -> Person | None:
    claim = ReviewClaim.objects.filter(submission__obligation=obligation).first()
    return claim.person if claim else None


def test_opening_claims_and_others_see_whose_it_is(world: Cast, browser_of: BrowserOf) -> None:
    first, second = waiting(world, 3), waiting(world, 2)
    browser_of(world.changji_officer).get(QUEUE)

    page = browser_of(world.region_officer).get(QUEUE)

    assert [each.holder for each in page.context["queue"]] == [world.changji_officer.name, ""]
    assert page.context["obligation"] == second
    assert (holder_of(first), holder_of(second)) == (world.changji_officer, world.region_officer)
    assert text_of(page).count(world.changji_officer.name) == 1


def test_next_skips_what_others_are_at(world: Cast, browser_of: BrowserOf) -> None:
    first, second, third = (waiting(world, hours) for hours in (3, 2, 1))
    opened(browser_of(world.region_officer), second)
    browser = browser_of(world.changji_officer)

    page = opened(browser, first)
    answer: Any = browser.post(decide_address(first), form_of(first, "accept"))

    assert page.context["next_pk"] == third.pk
    assert answer.url == reverse("review", args=[third.pk])


def test_whoever_only_looks_claims_nothing(world: Cast, browser_of: BrowserOf) -> None:
    obligation = waiting(world)
    address = reverse("review", args=[obligation.pk])

    browser_of(world.changji_officer).head(address)
    browser_of(world.changji_officer).post(decide_address(obligation), {})

    assert ReviewClaim.objects.count() == 0


def test_another_takes_it_over_and_the_first_reads_so(world: Cast, browser_of: BrowserOf) -> None:
    obligation = waiting(world)
    first, second = browser_of(world.changji_officer), browser_of(world.region_officer)
    opened(first, obligation)
    form = form_of(obligation, "accept")

    page = opened(second, obligation)
    refused = second.post(decide_address(obligation), form)
    take_over = {"submission": form["submission"], "holder": world.changji_officer.pk}
    taken = second.post(reverse("review-take-over", args=[obligation.pk]), take_over)
    told = first.get(QUEUE)
    late = first.post(decide_address(obligation), form)
    decided = second.post(decide_address(obligation), form)

    assert f"Take it over from {world.changji_officer.name}" in text_of(page)
    assert [answer.status_code for answer in (refused, taken, late, decided)] == [
        409,
        302,
        409,
        302,
    ]
    assert f"{world.region_officer.name} took over" in text_of(told)
    assert Review.objects.get().reviewed_by == world.region_officer


def test_taking_over_what_nobody_holds_any_more_says_so(world: Cast, browser_of: BrowserOf) -> None:
    obligation = waiting(world)
    submission = obligation.submissions.get().pk
    form = {"submission": submission, "holder": world.changji_officer.pk}

    answers = [
        browser_of(world.region_officer).post(
            reverse("review-take-over", args=[obligation.pk]), sent
        )
        for sent in (form, {**form, "holder": "x"})
    ]

    assert [answer.status_code for answer in answers] == [409, 422]


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("authority=region-tacheng", ["other"]),
        ("authority=region", ["late", "soon", "other", "line"]),
        ("authority=corps", ["late", "soon", "other", "line"]),  # not hers: left out
        ("part=organised", ["soon"]),
        ("kind=line", ["line"]),
        ("due=past", ["late"]),
        ("due=soon", ["soon", "line"]),
        ("due=past&part=organised", []),
        ("sort=due", ["late", "soon", "line", "other"]),
        (
            "part=nonsense&due=x&kind=%F0%9F%92%A9&plant=abc&after=x_y",
            ["late", "soon", "other", "line"],
        ),
    ],
)
def test_filters_and_order(world: Cast, browser_of: BrowserOf, query: str, fits: list[str]) -> None:
    organised = RequirementFactory.create(part="organised")
    of_line = RequirementFactory.create(subject_kind="line", part="reporting")
    made = {
        "late": waiting(world, 5, due_on=TODAY - timedelta(days=1)),
        "soon": waiting(world, 4, due_on=TODAY, requirement=organised),
        "other": waiting(world, 3, plant=world.other_plant, due_on=TODAY + timedelta(days=90)),
        "line": waiting(world, 2, requirement=of_line, due_on=TODAY + timedelta(days=20)),
    }

    page = browser_of(world.region_officer).get(f"{QUEUE}?{query}")

    assert shown(page) == [made[name].pk for name in fits]


def test_plant_by_name_or_by_number(world: Cast, browser_of: BrowserOf) -> None:
    here, there = waiting(world), waiting(world, plant=world.other_plant)
    browser = browser_of(world.region_officer)

    by_name = browser.get(QUEUE, {"name": world.other_plant.name_zh})
    by_number = browser.get(QUEUE, {"plant": world.plant.pk})

    assert (shown(by_name), shown(by_number)) == ([there.pk], [here.pk])


@pytest.mark.parametrize("sort", ["waiting", "due"])
def test_pages_follow_each_other_without_gap_or_repeat(
    world: Cast, browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    # Two of them wait, and are due, since the same moment.
    made = [waiting(world, hours) for hours in (3, 2, 2, 2, 1)]
    browser, found, query = browser_of(world.changji_officer), [], f"?sort={sort}"

    while query:
        page = browser.get(f"{QUEUE}{query}")
        found.append(shown(page))
        query = page.context["further"]

    assert [len(some) for some in found] == [2, 2, 1]
    assert [pk for some in found for pk in some] == [obligation.pk for obligation in made]


def test_address_keeps_filters_through_a_decision(world: Cast, browser_of: BrowserOf) -> None:
    rule = RequirementFactory.create(part="organised")
    first = waiting(world, 3, requirement=rule)
    waiting(world, 2)
    third = waiting(world, 1, requirement=rule, plant=world.other_plant)
    browser = browser_of(world.region_officer)

    page = browser.get(f"{QUEUE}?part=organised")
    answer: Any = browser.post(f"{decide_address(first)}?part=organised", form_of(first, "accept"))

    assert f'action="{decide_address(first)}?part=organised"' in page.content.decode()
    assert answer.url == reverse("review", args=[third.pk]) + "?part=organised"


def test_answering_anew_frees_the_claim(world: Cast, browser_of: BrowserOf) -> None:
    obligation = waiting(world)
    browser = browser_of(world.changji_officer)
    opened(browser, obligation)
    browser.post(decide_address(obligation), form_of(obligation, "return", "缺页。"))
    submit(Obligation.objects.get(pk=obligation.pk), world.manager)

    assert holder_of(obligation) is None
