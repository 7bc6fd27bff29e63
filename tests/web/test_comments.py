"""Comments on the obligation's page: who writes, who reads, and what stays after a refusal."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import Cast, make_obligation_at
from tests.rows import everything
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tests.web.personas import (
    ANSWERERS,
    PERSONAS,
    REVIEWERS,
    knock_as,
    people_of,
    those_who_ask,
)
from tracker.assessments.models import Comment
from tracker.audit import Event
from tracker.obligations.models import Obligation, State

TEXT = "第3页看不清。<b>"


@pytest.fixture
def obligation(world: Cast) -> Obligation:
    return make_obligation_at(State.SUBMITTED, plant=world.plant, manager=world.manager)


def page_of(obligation: Obligation) -> str:
    return reverse("obligation", args=[obligation.pk])


def form(text: str = TEXT) -> dict[str, Any]:
    return {"token": str(uuid4()), "text": text}


def test_comment_is_read_with_name_and_side_by_all_who_see_the_plant(
    world: Cast, browser_of: BrowserOf, obligation: Obligation
) -> None:
    sent, address = form(), f"{page_of(obligation)}comment/"
    browser = browser_of(world.changji_officer)

    answers: list[Any] = [browser.post(address, sent) for _ in range(2)]

    assert [answer.url for answer in answers] == [f"{page_of(obligation)}#comments"] * 2
    assert Comment.objects.count() == 1
    for reader in (world.manager, world.auditor, world.region_officer):
        page = browser_of(reader).get(page_of(obligation))
        text = text_of(page)
        assert f"{world.changji_officer.name} for the authority {TEXT}" in text
        assert f"{world.changji_officer.name} (for the authority) commented on" in text
        assert "<b>第" not in page.content.decode()
    assert 'name="text"' not in browser_of(world.auditor).get(page_of(obligation)).content.decode()


@pytest.mark.parametrize("changed", [{"text": " "}, {"text": "字" * 2001}, {"token": "x"}])
def test_refused_comment_stays_to_be_mended(
    world: Cast, browser_of: BrowserOf, obligation: Obligation, changed: dict[str, str]
) -> None:
    sent = form() | changed

    answer = browser_of(world.manager).post(f"{page_of(obligation)}comment/", sent)

    assert (answer.status_code, Comment.objects.count()) == (422, 0)
    assert answer.context["comment"] == sent["text"]


@pytest.mark.parametrize("count", [1, 3])
def test_page_asks_few_queries_however_many_comments(
    world: Cast,
    browser_of: BrowserOf,
    django_assert_num_queries: Any,
    obligation: Obligation,
    count: int,
) -> None:
    browser = browser_of(world.manager)
    for _ in range(count):
        browser.post(f"{page_of(obligation)}comment/", form())
    browser.get(page_of(obligation))

    with django_assert_num_queries(12):
        page = browser.get(page_of(obligation))

    assert len(page.context["comments"]) == count


@pytest.mark.parametrize("persona", PERSONAS)
def test_comment_as(persona: str, world: Cast, obligation: Obligation) -> None:
    client = Client()
    knock_as(client, people_of(world).get(persona))
    before = everything()

    status = client.post(f"{page_of(obligation)}comment/", form()).status_code

    may = persona in (*ANSWERERS, *REVIEWERS)
    assert status == those_who_ask(302)[persona]
    assert (everything() == before) != may
    assert Event.objects.filter(verb="commented").count() == may
