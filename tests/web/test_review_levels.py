"""Two levels in the browser: what the desk offers, what waits for whom, and who sets it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import NOW, TODAY, Cast, RequirementFactory, make_obligation_at
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tests.web.test_corrections import filled, make_rule, post
from tests.web.test_review import decide_address, form_of
from tracker.assessments.models import Proposal, Review, ReviewClaim
from tracker.obligations.models import Obligation, State
from tracker.regulations.models import Correction, Requirement
from tracker.reporting.home import count_all, read_loads, without_others

QUEUE = "/review/"


@pytest.fixture
def two(world: Cast) -> Obligation:
    return make_obligation_at(
        State.SUBMITTED,
        plant=world.plant,
        manager=world.manager,
        requirement=RequirementFactory.create(review_levels=2),
    )


def opened(browser: Client, obligation: Obligation) -> Any:
    return browser.get(reverse("review", args=[obligation.pk]))


def decide(browser: Client, obligation: Obligation, decision: str, reason: str = "") -> Any:
    return browser.post(decide_address(obligation), form_of(obligation, decision, reason))


def shown(page: Any) -> list[int]:
    return [each.row.pk for each in page.context.get("queue", [])]


def test_first_proposes_and_second_confirms(
    world: Cast, browser_of: BrowserOf, two: Obligation
) -> None:
    first, second = browser_of(world.changji_officer), browser_of(world.region_officer)

    offered = text_of(opened(first, two))
    proposed = first.post(decide_address(two), form_of(two, "accept"), follow=True)
    locked = text_of(opened(first, two))
    page = opened(second, two)
    done = second.post(decide_address(two), form_of(two, "accept"), follow=True)

    assert "Propose to accept" in offered
    assert f"proposed to accept: {two}" in text_of(proposed)
    assert "You proposed to accept it" in locked
    assert f"proposed by {world.changji_officer.name}" in text_of(page)
    assert "Back to the first level" in text_of(page)
    assert f"accepted: {two}" in text_of(done)
    two.refresh_from_db()
    assert (two.state, Review.objects.get().reviewed_by) == (State.ACCEPTED, world.region_officer)
    told = text_of(browser_of(world.manager).get(reverse("obligation", args=[two.pk])))
    assert f"{world.changji_officer.name} proposed to accept “{two}”" in told


def test_sent_back_shows_why_at_the_first_level(
    world: Cast, browser_of: BrowserOf, two: Obligation
) -> None:
    first, second = browser_of(world.changji_officer), browser_of(world.region_officer)
    decide(first, two, "accept")

    without_reason = decide(second, two, "send_back")
    decide(second, two, "send_back", "请核对期间。")
    text = text_of(opened(first, two))

    assert without_reason.status_code == 422
    assert f"{world.region_officer.name} sent the proposal of {world.changji_officer.name}" in text
    assert "请核对期间。" in text
    assert "Propose to accept" in text


def test_who_sent_it_back_does_not_keep_it_from_the_first_level(
    world: Cast, browser_of: BrowserOf, two: Obligation
) -> None:
    first, second = browser_of(world.changji_officer), browser_of(world.region_officer)
    decide(first, two, "accept")

    # The queue opens the only one that waits again: the one that she has just sent back.
    second.post(decide_address(two), form_of(two, "send_back", "请核对期间。"), follow=True)

    assert not ReviewClaim.objects.exists()
    assert "Propose to accept" in text_of(opened(first, two))


def test_queue_and_home_show_what_one_can_act_on(
    world: Cast, browser_of: BrowserOf, two: Obligation
) -> None:
    one = make_obligation_at(State.SUBMITTED, plant=world.plant, manager=world.manager)
    first, second = browser_of(world.changji_officer), browser_of(world.region_officer)
    decide(first, two, "accept")

    queues = [set(shown(browser.get(QUEUE))) for browser in (first, second)]
    homes = [browser.get(reverse("home")) for browser in (first, second)]

    assert queues == [{one.pk}, {one.pk, two.pk}]
    assert [home.context["counts"].to_review for home in homes] == [1, 2]
    rows = [{row.pk for work in home.context["work"] for row in work.rows} for home in homes]
    assert rows == queues
    audited = browser_of(world.auditor).get(reverse("home"))
    assert audited.context["counts"].to_review == 2


def test_obligation_offers_review_to_whose_turn_it_is(
    world: Cast, browser_of: BrowserOf, two: Obligation
) -> None:
    """Before and after the first level; who is no officer over the plant is offered nothing."""
    officers = [browser_of(world.changji_officer), browser_of(world.region_officer)]
    address, review = reverse("obligation", args=[two.pk]), reverse("review", args=[two.pk])

    def offered() -> list[bool]:
        return [f'href="{review}"' in each.get(address).content.decode() for each in officers]

    before = offered()
    decide(officers[0], two, "accept")
    after = offered()
    told = [text_of(each.get(address)) for each in (*officers, browser_of(world.auditor))]

    whose = "an officer of the authority above has to confirm"
    assert (before, after) == ([True, True], [False, True])
    assert [whose in text for text in told] == [True, False, False]


@pytest.mark.parametrize(("level", "fits"), [("first", ["one"]), ("second", ["two"])])
def test_queue_by_level(
    world: Cast, browser_of: BrowserOf, two: Obligation, level: str, fits: list[str]
) -> None:
    one = make_obligation_at(State.SUBMITTED, plant=world.plant, manager=world.manager)
    decide(browser_of(world.changji_officer), two, "accept")

    page = browser_of(world.region_officer).get(f"{QUEUE}?level={level}")

    made = {"one": one.pk, "two": two.pk}
    assert shown(page) == [made[name] for name in fits]


def test_several_are_proposed_and_confirmed_together(
    world: Cast, browser_of: BrowserOf, two: Obligation
) -> None:
    form = form_of(two, "accept")
    item = f"{two.pk}-{form['submission']}-{form['seen']}"
    sent = {"item": [item], "decision": "accept"}
    first, second = browser_of(world.changji_officer), browser_of(world.region_officer)
    address = reverse("review-several")

    before = text_of(first.get(address, {"pick": two.pk}))
    first.post(reverse("review-several-decide"), sent)
    between = text_of(second.get(address, {"pick": two.pk}))
    second.post(reverse("review-several-decide"), sent)

    assert "Accepting proposes it to the authority above." in before
    assert f"proposed by {world.changji_officer.name}" in between
    assert (Proposal.objects.get().answer, Review.objects.count()) == ("confirmed", 1)


def test_late_decision_reads_that_it_was_proposed_meanwhile(
    world: Cast, browser_of: BrowserOf, two: Obligation
) -> None:
    decide(browser_of(world.region_officer), two, "accept")

    late = decide(browser_of(world.changji_officer), two, "accept")

    assert late.status_code == 422
    assert f"{world.region_officer.name} proposed to accept it" in text_of(late)


@pytest.mark.parametrize("count", [1, 3])
def test_queue_asks_few_queries_however_many_are_proposed(
    world: Cast, browser_of: BrowserOf, django_assert_num_queries: Any, count: int
) -> None:
    for _ in range(count):
        rule = RequirementFactory.create(review_levels=2)
        made = make_obligation_at(
            State.SUBMITTED, plant=world.plant, manager=world.manager, requirement=rule
        )
        decide(browser_of(world.changji_officer), made, "accept")
    browser = browser_of(world.region_officer)
    browser.get(QUEUE)

    with django_assert_num_queries(11):
        page = browser.get(QUEUE)

    assert len(page.context["queue"]) == count


def test_officer_of_the_top_sets_two_levels_and_it_is_on_record(
    world: Cast, browser_of: BrowserOf
) -> None:
    rule, browser = make_rule(), browser_of(world.region_officer)

    post(browser, "correction-apply", rule, filled(browser, rule, review_levels="2"))
    wrong = browser.post(
        reverse("correction-apply", args=[rule.code]), filled(browser, rule, review_levels="3")
    )

    assert Requirement.objects.get(pk=rule.pk).review_levels == 2
    correction = Correction.objects.get()
    assert (correction.before, correction.after) == ({"review_levels": 1}, {"review_levels": 2})
    assert wrong.status_code == 422
    text = text_of(browser.get(reverse("requirement", args=[rule.code])))
    assert "two levels: an officer proposes to accept" in text


def test_what_waits_for_another_is_counted_by_plant(
    world: Cast, browser_of: BrowserOf, two: Obligation
) -> None:
    there = make_obligation_at(
        State.SUBMITTED, plant=world.other_plant, requirement=two.requirement, at=NOW
    )
    decide(browser_of(world.region_officer), there, "accept")
    plants = type(world.plant).objects.visible_to(world.region_officer)

    loads = without_others(world.region_officer, read_loads(plants, TODAY))

    counted = {load.plant_id: load.to_review for load in loads}
    assert (counted[world.plant.pk], counted[world.other_plant.pk]) == (1, 0)
    assert count_all(loads).to_review == 1
