"""What an annex would do to the obligations, as its page says it before it is applied."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import NOW, TODAY, Cast, DocumentFactory, RequirementFactory
from tests.web.annex_forms import bring, dates, rows_form
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tracker.audit import Actor
from tracker.obligations.schedule import schedule_obligations
from tracker.regulations.models import Document

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(world: Cast) -> Document:
    document = DocumentFactory.create(number="示例〔2024〕1号")
    RequirementFactory.create(
        document=document,
        applies={"plant.tree": "region"},
        due={"annex": "organised", "backstop": "2028-12-31"},
    )
    return document


@pytest.fixture
def officer(world: Cast, plan: Document, browser_of: BrowserOf) -> Client:
    return browser_of(world.region_officer)


def test_page_says_what_applying_would_do(world: Cast, plan: Document, officer: Client) -> None:
    schedule_obligations(today=TODAY, by=Actor(None, "tests"), at=NOW)
    annex = bring(officer, plan, [[world.plant.name_zh, "2025年6月底", None]])

    page = text_of(officer.get(reverse("annex", args=[annex.pk])))

    told = page.index("1 due date moves at 1 plant; 1 becomes overdue")
    assert told < page.index("Apply the ticked rows")
    assert f"{world.plant.name_en} 2028-12-31 → 2025-06-30" in page
    assert dates() == []


def test_impact_of_many_rows_is_shown_when_asked_for(
    world: Cast, plan: Document, officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.web.views.annex.IMPACT_UNASKED", 1)
    schedule_obligations(today=TODAY, by=Actor(None, "tests"), at=NOW)
    plants = [world.plant, world.other_plant]
    annex = bring(officer, plan, [[plant.name_zh, "2027年底", None] for plant in plants])
    address = reverse("annex-rows", args=[annex.pk])
    unasked = text_of(officer.get(reverse("annex", args=[annex.pk])))

    answer = officer.post(address, rows_form(officer, annex, go="impact"))
    asked = officer.get(answer["Location"].partition("#")[0])

    assert "due dates move" not in unasked
    assert "Preview the effect" in unasked
    assert answer["Location"] == f"/annexes/{annex.pk}/?show=all&page=1&impact=1#apply"
    assert "2 due dates move at 2 plants; 0 become overdue" in text_of(asked)
