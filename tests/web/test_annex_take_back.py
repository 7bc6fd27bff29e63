"""An applied annex taken back in the browser without scripts, or left where others came over it."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import NOW, TODAY, Cast, DocumentFactory, PlantFactory, RequirementFactory
from tests.web.annex_forms import Rows, apply, bring, dates
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tracker.annexes.models import AnnexImport, ImportState
from tracker.audit import Actor
from tracker.obligations.models import Obligation
from tracker.obligations.schedule import schedule_obligations
from tracker.regulations.models import AnnexDate, Document

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(world: Cast) -> Document:
    document = DocumentFactory.create(number="示例〔2024〕1号")
    RequirementFactory.create(
        document=document,
        applies={"plant.tree": "region"},
        due={"annex": "organised", "backstop": "2028-12-31"},
    )
    schedule_obligations(today=TODAY, by=Actor(None, "tests"), at=NOW)
    return document


@pytest.fixture
def officer(world: Cast, plan: Document, browser_of: BrowserOf) -> Client:
    return browser_of(world.region_officer)


def applied(client: Client, plan: Document, rows: Rows) -> AnnexImport:
    annex = bring(client, plan, rows)
    apply(client, annex)
    return annex


def take_back(client: Client, annex: AnnexImport, **changed: object) -> Any:
    page = client.get(reverse("annex-take-back", args=[annex.pk]))
    form = {"seen": page.context.get("seen", ""), "reason": "读错了行", **changed}
    return client.post(reverse("annex-take-back-apply", args=[annex.pk]), form, follow=True)


def due() -> list[date]:
    return list(Obligation.objects.order_by("pk").values_list("due_on", flat=True))


def test_import_is_taken_back_with_a_reason(
    world: Cast, plan: Document, officer: Client, browser_of: BrowserOf
) -> None:
    before = due()
    annex = applied(officer, plan, [[world.plant.name_zh, "2025年6月底", "2027年底"]])
    ended = officer.get(reverse("annex", args=[annex.pk])).content.decode()
    assert reverse("annex-take-back", args=[annex.pk]) in ended

    page = text_of(officer.get(reverse("annex-take-back", args=[annex.pk])))
    said = text_of(take_back(officer, annex))

    assert (
        "Dates that become what stood before 0 Dates taken out 2 Dates left as they are 0" in page
    )
    assert "1 due date moves at 1 plant; 0 become overdue" in page
    assert f"{world.plant.name_en} 2025-06-30 → 2028-12-31" in page
    assert "2 dates taken back at 1 plant; 1 due date moved." in said
    assert "taken back" in said
    assert "读错了行" in said
    assert (dates(), due()) == ([], before)
    history = browser_of(world.manager).get(reverse("plant-history", args=[world.plant.pk]))
    assert "organised emissions 2025-06-30 → —, whole plant 2027-12-31 → —" in text_of(history)
    assert "读错了行" in text_of(history)
    annex.refresh_from_db()
    assert annex.state == ImportState.TAKEN_BACK


def test_what_others_came_over_is_named_before_and_after(
    world: Cast, plan: Document, officer: Client
) -> None:
    first = applied(officer, plan, [[world.plant.name_zh, "2026年底", "2027年底"]])
    applied(officer, plan, [[world.plant.name_zh, "2027年6月底", None]])

    page = text_of(officer.get(reverse("annex-take-back", args=[first.pk])))
    said = text_of(take_back(officer, first))

    left = f"{world.plant.name_en} organised emissions a later import wrote another"
    assert left in page
    assert left in said
    assert dates() == [(world.plant.pk, "organised", date(2027, 6, 30))]


def test_import_of_which_nothing_is_left_says_so(
    world: Cast, plan: Document, officer: Client
) -> None:
    first = applied(officer, plan, [[world.plant.name_zh, "2026年底", None]])
    applied(officer, plan, [[world.plant.name_zh, "2027年底", None]])

    page = officer.get(reverse("annex-take-back", args=[first.pk]))
    answer = take_back(officer, first)

    assert "Each of its dates was changed since: none can be taken back." in text_of(page)
    assert "<textarea" not in page.content.decode()
    assert answer.status_code == 409


@pytest.mark.parametrize("reason", ["", "  ", "\x00", "长" * 2001])
def test_reason_is_asked_for_and_nothing_is_lost(
    world: Cast, plan: Document, officer: Client, reason: str
) -> None:
    annex = applied(officer, plan, [[world.plant.name_zh, "2026年底", None]])
    stood = dates()

    answer = take_back(officer, annex, reason=reason)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert dates() == stood


def test_record_that_moved_meanwhile_is_shown_first(
    world: Cast, plan: Document, officer: Client
) -> None:
    annex = applied(officer, plan, [[world.plant.name_zh, "2026年底", "2027年底"]])
    seen = officer.get(reverse("annex-take-back", args=[annex.pk])).context["seen"]
    AnnexDate.objects.filter(part="whole").update(completion_on=date(2027, 6, 30))

    answer = take_back(officer, annex, seen=seen, reason="错")

    assert answer.status_code == 409
    assert "Nothing was taken back: look it over once more." in text_of(answer)
    assert ">错</textarea>" in answer.content.decode()
    assert len(dates()) == 2


def test_import_that_is_taken_back_offers_it_no_more(
    world: Cast, plan: Document, officer: Client
) -> None:
    annex = applied(officer, plan, [[world.plant.name_zh, "2026年底", None]])
    take_back(officer, annex)

    page = officer.get(reverse("annex", args=[annex.pk])).content.decode()
    again = officer.get(reverse("annex-take-back", args=[annex.pk]))

    assert reverse("annex-take-back", args=[annex.pk]) not in page
    assert "It was taken back already." in text_of(again)


def test_open_import_has_nothing_to_take_back(world: Cast, plan: Document, officer: Client) -> None:
    annex = bring(officer, plan, [[world.plant.name_zh, "2026年底", None]])

    assert "It has written no date" in text_of(
        officer.get(reverse("annex-take-back", args=[annex.pk]))
    )
    assert take_back(officer, annex, seen="x").status_code == 409


@pytest.mark.parametrize("count", [1, 30])
def test_page_asks_as_little_for_many_dates(
    world: Cast,
    plan: Document,
    officer: Client,
    django_assert_max_num_queries: Any,
    count: int,
) -> None:
    plants = [PlantFactory.create(authority=world.plant.authority) for _ in range(count)]
    annex = applied(officer, plan, [[plant.name_zh, "2026年6月底", None] for plant in plants])
    officer.get(reverse("annex-take-back", args=[annex.pk]))

    with django_assert_max_num_queries(30):
        officer.get(reverse("annex-take-back", args=[annex.pk]))
