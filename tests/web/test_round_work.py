"""Whose rounds wait for her: the home of who has seats only, and of the plant's people."""

from typing import Any

import pytest
from django.urls import reverse

from tests.rounds.walks import Scene, condition, scene
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tracker.rounds.models import Body
from tracker.rounds.walk import open_round

pytestmark = pytest.mark.django_db
HOME = reverse("home")


@pytest.fixture
def walked(db: None) -> Scene:
    return scene()


def test_seat_holder_lands_on_her_rounds_what_waits_for_her_first(
    walked: Scene, browser_of: BrowserOf
) -> None:
    """The older waits for its plant; the newer, in its document review, for her."""
    body, older = walked.people["assessor"], walked.round
    walked.round = open_round(
        plant=walked.world.corps_plant, by=walked.actor("group"), at=walked.at()
    )
    walked.seat(body, Body.TECHNICAL, who="group")
    condition("资料齐全", "document_review")
    for stage in ("stable_running", "document_review"):
        walked.move(stage, "group")

    page = browser_of(body).get(HOME)

    work = page.context["round_work"]
    assert [each.row.round for each in work] == [walked.round, older]
    assert [each.is_hers for each in work] == [True, False]
    shown = text_of(page)
    assert "My rounds" in shown
    assert "Your turn: 1 condition is in the way of “site survey”." in shown
    assert "Waits for the plant" in shown
    assert reverse("plants") not in page.content.decode()


def test_plants_home_says_what_its_round_needs_next(walked: Scene, browser_of: BrowserOf) -> None:
    asked = condition("自查完成", "planned")
    link = f"{reverse('round', args=[walked.round.pk])}#condition-{asked.pk}"

    for who in ("manager", "group"):
        page = browser_of(walked.people[who]).get(HOME)
        assert "Your turn: 1 condition is in the way of “stable running”." in text_of(page)
        assert link in page.content.decode()

    walked.answer(asked)
    walked.walk("filed")
    page = browser_of(walked.people["manager"]).get(HOME)
    assert "Waits for the prefecture to go on to “review”." in text_of(page)
    assert link not in page.content.decode()


def test_whose_last_seat_ended_has_no_role(walked: Scene, browser_of: BrowserOf) -> None:
    walked.round.seats.update(ended_at=walked.at())

    assert "You have no role yet" in text_of(browser_of(walked.people["assessor"]).get(HOME))


def test_many_rounds_cost_no_more_queries(
    walked: Scene, browser_of: BrowserOf, django_assert_max_num_queries: Any
) -> None:
    made = walked
    for part in range(4):
        made.round.pk, made.round.number = None, part + 2
        made.round._state.adding = True
        made.round.save()
        made.round.steps.create(number=1, stage="planned", entered_at=made.at())
    browser = browser_of(made.people["manager"])

    with django_assert_max_num_queries(30):
        page = browser.get(HOME)

    assert len(page.context["round_work"]) == 5
