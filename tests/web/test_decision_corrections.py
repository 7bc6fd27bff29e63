"""The page that puts a decision right, and how both decisions read afterwards."""

from typing import Any

import pytest
from django.urls import reverse

from tests.factories import Cast, make_obligation_at
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tracker.assessments.models import ReviewCorrection
from tracker.assessments.seen import digest_of
from tracker.obligations.models import Obligation, State

REASON = "附件属于另一家企业。"


@pytest.fixture
def accepted(world: Cast) -> Obligation:
    return make_obligation_at(
        State.ACCEPTED, plant=world.plant, manager=world.manager, officer=world.changji_officer
    )


def address(obligation: Obligation) -> str:
    return reverse("decision-correction", args=[obligation.pk])


def form_of(obligation: Obligation, world: Cast) -> dict[str, Any]:
    submission = obligation.submissions.get()
    return {
        "review": submission.review.pk,
        "corrections": submission.review.corrections.count(),
        "seen": digest_of(submission),
        "superior": world.region_officer.pk,
        "reason": REASON,
    }


def test_officer_corrects_and_everybody_reads_both_decisions(
    world: Cast, browser_of: BrowserOf, accepted: Obligation
) -> None:
    browser, page = browser_of(world.changji_officer), reverse("obligation", args=[accepted.pk])

    offered = browser.get(page).content.decode()
    form = browser.get(address(accepted))
    answer: Any = browser.post(f"{address(accepted)}apply/", form_of(accepted, world))
    text = text_of(browser_of(world.manager).get(page))

    assert address(accepted) in offered
    for name, value in list(form_of(accepted, world).items())[2:3]:
        assert f'name="{name}" value="{value}"' in form.content.decode()
    assert (answer.status_code, answer.url) == (302, page)
    accepted.refresh_from_db()
    assert accepted.state == State.RETURNED
    assert f"Returned by {world.changji_officer.name}" in text
    assert f"Correction, approved by {world.region_officer.name}" in text
    assert (
        f"{world.changji_officer.name} corrected the decision on “{accepted}”, "
        f"approved by {world.region_officer.name} accepted → returned {REASON}"
    ) in text.replace(" ,", ",")


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"reason": ""}, 422),
        ({"superior": ""}, 422),
        ({"superior": "me"}, 422),
        ({"seen": "0" * 64}, 409),
        ({"corrections": 3}, 409),
    ],
)
def test_what_can_not_be_corrected_so_changes_nothing_and_keeps_what_was_typed(
    world: Cast,
    browser_of: BrowserOf,
    accepted: Obligation,
    changed: dict[str, Any],
    status: int,
) -> None:
    form = form_of(accepted, world) | changed
    form["superior"] = {"me": world.changji_officer.pk}.get(form["superior"], form["superior"])

    answer = browser_of(world.changji_officer).post(f"{address(accepted)}apply/", form)

    assert (answer.status_code, ReviewCorrection.objects.count()) == (status, 0)
    assert answer.context["reason"] == form["reason"]


def test_page_says_where_there_is_nobody_who_could_have_ordered_it(
    world: Cast, browser_of: BrowserOf, accepted: Obligation
) -> None:
    text = text_of(browser_of(world.region_officer).get(address(accepted)))

    assert "A correction needs the word of another officer" in text


def test_page_says_where_nothing_is_decided(world: Cast, browser_of: BrowserOf) -> None:
    waiting = make_obligation_at(State.SUBMITTED, plant=world.plant, manager=world.manager)

    text = text_of(browser_of(world.changji_officer).get(address(waiting)))

    assert "There is no decision that stands and could be corrected." in text
