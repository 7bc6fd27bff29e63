"""A round's own page: what is asked, what is in the way, who overrode what, the way so far."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from plants.models import Person
from tests.factories import NOW, TODAY, Cast, PersonFactory
from tests.web.access_to_rounds import make_round
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tracker.audit import Actor
from tracker.rounds.answering import override_condition, set_step
from tracker.rounds.models import Body, Condition, Round, Stage
from tracker.rounds.seating import give_seat
from tracker.rounds.walk import give_up, move_round

pytestmark = pytest.mark.django_db


def by(person: Person) -> Actor:
    return Actor(person, "tests")


@pytest.fixture
def running(world: Cast) -> Round:
    """In its stable running, of days that are named."""
    call_command("load_regulations", verbosity=0)
    round_ = make_round(world)
    move_round(round_, to=Stage.STABLE_RUNNING, by=by(world.manager), at=NOW, today=TODAY)
    set_step(
        round_,
        starts_on=date(2026, 7, 1),
        ends_on=date(2026, 7, 31),
        responsible=world.manager,
        note="",
        by=by(world.manager),
        at=NOW,
    )
    return round_


def page_of(round_: Round) -> str:
    return reverse("round", args=[round_.pk])


def test_tells_what_is_asked_and_the_way_so_far(
    world: Cast, running: Round, browser_of: BrowserOf
) -> None:
    page = browser_of(world.changji_officer).get(page_of(running))
    shown = text_of(page)

    asked = [each.condition for each in page.context["standings"]]
    assert asked
    assert all(str(condition) in shown for condition in asked)
    assert "2026-07-01 – 2026-07-31" in shown
    in_the_way = sum(each.is_in_the_way for each in page.context["standings"])
    assert shown.count("· in the way of the next step") == in_the_way > 0
    assert shown.index("stable running 2026") < shown.rindex("planned 2026")


def test_an_override_is_shown_with_its_reason(
    world: Cast, running: Round, browser_of: BrowserOf
) -> None:
    blocking = Condition.objects.filter(is_blocking=True, stage=Stage.STABLE_RUNNING).first()
    condition = blocking or Condition.objects.filter(stage=Stage.STABLE_RUNNING)[0]
    reason = "窑尾在线数据已由省站核实"
    override_condition(
        running,
        condition=condition,
        reason=reason,
        by=by(world.changji_officer),
        at=NOW,
        today=TODAY,
    )

    shown = text_of(browser_of(world.manager).get(page_of(running)))

    assert f"overrode it, 2026-09-01 10:00: {reason}" in shown


def test_who_sits_in_it_sees_it_until_it_is_given_up(
    world: Cast, running: Round, browser_of: BrowserOf
) -> None:
    body = PersonFactory.create()
    give_seat(
        running,
        person=body,
        body=Body.TECHNICAL,
        organisation="示例技术中心",
        by=by(world.manager),
        at=NOW,
    )
    assert "示例技术中心" in text_of(browser_of(body).get(page_of(running)))

    give_up(running, reason="改造推迟到明年", by=by(world.manager), at=NOW + timedelta(days=1))

    assert browser_of(body).get(page_of(running)).status_code == 404
    assert "改造推迟到明年" in text_of(browser_of(world.manager).get(page_of(running)))


def test_costs_few_queries(
    world: Cast, running: Round, browser_of: BrowserOf, django_assert_max_num_queries: Any
) -> None:
    browser = browser_of(world.manager)
    browser.get(page_of(running))

    with django_assert_max_num_queries(26):
        browser.get(page_of(running))


def test_the_plants_history_tells_stages_and_days_in_words(
    world: Cast, running: Round, browser_of: BrowserOf
) -> None:
    address = reverse("plant-history", args=[running.plant_id])

    shown = text_of(browser_of(world.changji_officer).get(address))

    assert "planned → stable running" in shown
    assert "stable_running" not in shown
    assert "To: — → 2026-07-31" in shown
