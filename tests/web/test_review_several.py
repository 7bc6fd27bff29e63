"""Several decided at once: what each rests on, a decision for each, refusals by name."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from plants.models import Membership, Role
from tests.factories import NOW, Cast, ObligationFactory, decide, make_obligation_at, submit
from tests.factories.walks import quarantine, store_file
from tests.rows import everything
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tests.web.personas import PERSONAS, REVIEWERS, everyone, knock_as, people_of
from tracker.assessments.claims import claim_submission
from tracker.assessments.models import Review, ReviewClaim
from tracker.assessments.seen import digest_of
from tracker.audit import Actor, Event
from tracker.demo.evidence_files import make_pdf
from tracker.evidence.attach import attach_evidence
from tracker.obligations.models import Obligation, State

DECIDE = "/review/several/decide/"


@pytest.fixture
def three(world: Cast) -> list[Obligation]:
    return [
        make_obligation_at(
            State.SUBMITTED, plant=world.plant, manager=world.manager, at=NOW - timedelta(hours=h)
        )
        for h in (3, 2, 1)
    ]


def item_of(obligation: Obligation) -> str:
    submission = obligation.submissions.get()
    return f"{obligation.pk}-{submission.pk}-{digest_of(submission)}"


def form_of(obligations: list[Obligation], decision: str, reason: str = "") -> dict[str, Any]:
    items = [item_of(obligation) for obligation in obligations]
    return {"item": items, "decision": decision, "reason": reason}


def picked(browser: Client, obligations: list[Obligation]) -> Any:
    return browser.get(reverse("review-several"), {"pick": [each.pk for each in obligations]})


def states(obligations: list[Obligation]) -> list[str]:
    return [Obligation.objects.get(pk=obligation.pk).state for obligation in obligations]


def test_page_shows_what_each_decision_rests_on(
    world: Cast, browser_of: BrowserOf, three: list[Obligation]
) -> None:
    page = picked(browser_of(world.changji_officer), three[:2])

    html, text = page.content.decode(), text_of(page)
    for obligation in three[:2]:
        file = obligation.submissions.get().evidence.get()
        assert f'value="{item_of(obligation)}"' in html
        assert f"SHA-256 {file.stored.sha256[:12]}…" in text
        assert f"SM3 {file.stored.sm3[:12]}…" in text
    assert item_of(three[2]) not in html
    assert text.count("no date of its own") == 2
    assert ReviewClaim.objects.filter(person=world.changji_officer).count() == 2


@pytest.mark.parametrize(
    ("decision", "reason", "state"),
    [("accept", "", State.ACCEPTED), ("return", "缺页。", State.RETURNED)],
)
def test_each_gets_a_decision_of_its_own(
    world: Cast,
    browser_of: BrowserOf,
    three: list[Obligation],
    decision: str,
    reason: str,
    state: str,
) -> None:
    form = form_of(three[:2], decision, reason)

    answer: Any = browser_of(world.changji_officer).post(f"{DECIDE}?sort=due", form)

    assert (answer.status_code, answer.url) == (302, "/review/?sort=due")
    assert states(three) == [state, state, State.SUBMITTED]
    assert list(Review.objects.values_list("decision", "reason")) == [(decision, reason)] * 2
    assert Event.objects.for_plant(world.plant).filter(note=reason, after={"state": state}).count()


def test_file_with_a_virus_is_refused_by_name_and_the_others_go_through(
    world: Cast, browser_of: BrowserOf, three: list[Obligation]
) -> None:
    owed = ObligationFactory.create(plant=world.plant)
    unclean = attach_evidence(
        obligation=owed,
        file=store_file(make_pdf(2), name="毒.pdf"),
        document_on=None,
        by=Actor(world.manager, ""),
        at=NOW,
    )
    submit(owed, world.manager)
    form = form_of([owed, *three[:2]], "accept")
    quarantine(unclean.evidence.stored)

    answer = browser_of(world.changji_officer).post(DECIDE, form)

    assert answer.status_code == 409
    assert "A virus was found in “毒.pdf”, so it can't be accepted" in text_of(answer)
    assert states([owed, *three[:2]]) == [State.SUBMITTED, State.ACCEPTED, State.ACCEPTED]
    assert not Review.objects.filter(submission__obligation=owed).exists()


def test_what_moved_meanwhile_is_refused_by_name_and_the_others_go_through(
    world: Cast, browser_of: BrowserOf, three: list[Obligation]
) -> None:
    form = form_of(three, "accept")
    decide(three[0].submissions.get(), "return", world.region_officer, reason="缺页。")
    answered = submit(Obligation.objects.get(pk=three[0].pk), world.manager)
    claim_submission(three[1].submissions.get(), person=world.region_officer, at=NOW)

    answer = browser_of(world.changji_officer).post(DECIDE, form)

    text = text_of(answer)
    assert answer.status_code == 409
    assert states(three) == [State.SUBMITTED, State.SUBMITTED, State.ACCEPTED]
    assert "1 decided" in text
    for obligation in three[:2]:
        assert f"{obligation.plant.name} · " in text
    assert f"{world.region_officer.name} decided on this meanwhile: returned" in text
    assert f"{world.region_officer.name} is at this one" in text
    assert digest_of(answered) in answer.content.decode()


def test_what_she_submitted_herself_is_not_offered_and_not_taken(
    world: Cast, browser_of: BrowserOf
) -> None:
    both = world.changji_officer
    Membership.objects.create(person=both, role=Role.MANAGER, plant=world.plant)
    own = make_obligation_at(State.SUBMITTED, plant=world.plant, manager=both)
    browser = browser_of(both)

    page = picked(browser, [own])
    answer = browser.post(DECIDE, form_of([own], "accept"))

    assert "You submitted it yourself" in text_of(page)
    assert (answer.status_code, Review.objects.count()) == (409, 0)


@pytest.mark.parametrize(
    "changed",
    [{"item": []}, {"item": ["1-2-zz", "x"]}, {"decision": "burn"}, {"decision": "return"}],
)
def test_wrong_form_decides_nothing(
    world: Cast, browser_of: BrowserOf, three: list[Obligation], changed: dict[str, Any]
) -> None:
    answer = browser_of(world.changji_officer).post(DECIDE, form_of(three, "accept") | changed)

    assert (answer.status_code, Review.objects.count()) == (422, 0)


def test_nothing_ticked_says_so(world: Cast, browser_of: BrowserOf) -> None:
    for query in ("", "?pick=x&pick=%E2%91%A0", "?pick=999999"):
        page = browser_of(world.changji_officer).get(reverse("review-several") + query)
        assert "Nothing is ticked that waits for you." in text_of(page)


@pytest.mark.parametrize("persona", PERSONAS)
def test_several_as(persona: str, world: Cast, three: list[Obligation]) -> None:
    client = Client()
    knock_as(client, people_of(world).get(persona))
    before = everything()

    status = client.post(DECIDE, form_of(three, "accept")).status_code

    statuses = everyone(403) | dict.fromkeys(REVIEWERS, 302) | {"corps_officer": 404}
    assert status == statuses[persona]
    assert (everything() == before) == (persona not in REVIEWERS)
