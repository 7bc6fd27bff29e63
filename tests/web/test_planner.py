"""The planner's page: answers for each line, approvals entered and ended, nothing typed is lost."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from plants.models import Agreement, Line, PlantKind, Swap
from tests.factories import (
    AgreementFactory,
    Cast,
    LineFactory,
    ObligationFactory,
    PlantFactory,
    RequirementFactory,
    SwapFactory,
)
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tracker.audit import Event
from tracker.obligations.models import Obligation

pytestmark = pytest.mark.django_db

SWAP = {
    "kind": "run",
    "starts_on": "2025-11-01",
    "ends_on": "2025-11-10",
    "document": "第四批",
    "approved_by": "示例部门",
    "verification": "verified",
}
AGREEMENT = {
    "partner_name": "示例一厂",
    "season": "2025-26",
    "starts_on": "2025-12-01",
    "ends_on": "2025-12-31",
    "days": "31",
    "filed_on": "2025-11-25",
    "document": "示例协议",
    "verification": "to_verify",
}


def address(world: Cast) -> str:
    return reverse("plant-planner", args=[world.plant.pk])


def test_answer_stands_with_where_its_numbers_come_from(
    world: Cast, line: Line, browser_of: BrowserOf
) -> None:
    page = browser_of(world.manager).get(address(world), {"retrofit_days": "0"})

    text = text_of(page)
    for said in (
        "Due 31 December 2026 tight projected",
        "must end by 31 October 2026, because the kiln stops on 1 November 2026",
        "begin the steady running by 25 September 2026. It is tight: 24 days left to begin.",
        "a month of steady running to be verified",
        "an assumption: no document that we know gives the number of days",
        "Assess the plant",
        "2026-11-01 – 2027-04-30 projected from the peak-shifting plan of 2025-26",
    ):
        assert said in text
    assert "Enter an approved swap" not in text


def test_longer_works_make_it_too_late(world: Cast, line: Line, browser_of: BrowserOf) -> None:
    page = browser_of(world.manager).get(address(world), {"retrofit_days": "60"})

    assert "no longer fits" in text_of(page)
    assert "That no longer fits: it is 36 days late." in text_of(page)


def test_far_days_that_are_there_already_are_shown(
    world: Cast, line: Line, browser_of: BrowserOf
) -> None:
    Obligation.objects.filter(plant=world.plant).update(due_on=date.max)
    SwapFactory.create(line=line, kind="stop", starts_on=date(2100, 6, 1), ends_on=date.max)
    browser = browser_of(world.manager)

    planner = browser.get(address(world))
    plant = browser.get(reverse("plant", args=[world.plant.pk]))

    assert (planner.status_code, plant.status_code) == (200, 200)
    assert "9999-12-31" in text_of(planner)


def test_complete_parts_leave_no_works(world: Cast, line: Line, browser_of: BrowserOf) -> None:
    world.plant.obligations.exclude(requirement__completes="").delete()

    text = text_of(browser_of(world.manager).get(address(world)))

    assert "nothing is left: every part is complete or handed in" in text
    assert "begin the steady running by 25 September 2026" in text


def test_number_that_makes_no_sense_is_said_and_left_out(
    world: Cast, line: Line, browser_of: BrowserOf
) -> None:
    given = {"monitoring_days": "0", "retrofit_days": "many"}
    page = browser_of(world.manager).get(address(world), given)

    assert "Give whole days: at most 1500 of retrofit" in text_of(page)
    assert (page.context["asked"].monitoring_days, page.context["asked"].retrofit_days) == (7, 90)


def test_place_without_windows_is_told(world: Cast, line: Line, browser_of: BrowserOf) -> None:
    world.plant.place.stop_windows.all().delete()

    text = text_of(browser_of(world.manager).get(address(world)))

    assert "No stop window is known for this place." in text
    assert "must end by the due date, 31 December 2026" in text


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (PlantKind.GRINDING, "This plant has no clinker line"),
        (PlantKind.CLINKER, "No rule says how long a line runs before its assessment"),
    ],
)
def test_nothing_to_plan_says_why(world: Cast, browser_of: BrowserOf, kind: str, said: str) -> None:
    plant = PlantFactory.create(authority=world.plant.authority, kind=kind)
    if kind == PlantKind.CLINKER:
        LineFactory.create(plant=plant)

    page = browser_of(world.changji_officer).get(reverse("plant-planner", args=[plant.pk]))

    assert said in text_of(page)


def test_officer_enters_and_ends_a_swap(world: Cast, line: Line, browser_of: BrowserOf) -> None:
    browser = browser_of(world.changji_officer)

    added = browser.post(
        reverse("swap-add", args=[world.plant.pk]), {**SWAP, "line": line.pk}, follow=True
    )
    swap = Swap.objects.get()
    ended = browser.post(
        reverse("swap-end", args=[world.plant.pk, swap.pk]),
        {"ended_on": "2025-11-05", "reason": "重污染天气"},
        follow=True,
    )

    assert added.redirect_chain == ended.redirect_chain == [(f"{address(world)}#approvals", 302)]
    assert "Entered: Clinker line 1 · runs inside a stop window" in text_of(added)
    assert "ended 2025-11-05" in text_of(ended)
    swap.refresh_from_db()
    assert swap.ended_on == date(2025, 11, 5)
    verbs = Event.objects.for_plant(world.plant).filter(thing_kind="swap")
    assert [event.verb for event in verbs] == ["changed", "created"]
    history = browser.get(reverse("plant-history", args=[world.plant.pk]))
    assert "— → 2025-11-05" in text_of(history)


def test_officer_enters_and_ends_an_agreement(
    world: Cast, line: Line, browser_of: BrowserOf
) -> None:
    slag = LineFactory.create(plant=world.plant, number=2, carbide_slag=True)
    browser = browser_of(world.changji_officer)

    added = browser.post(
        reverse("agreement-add", args=[world.plant.pk]),
        {
            **AGREEMENT,
            "line": slag.pk,
            "partner_name": "",
            "days": "",
            "partner": line.pk,
            "partner_starts_on": "2026-07-01",
            "partner_ends_on": "2026-07-31",
        },
        follow=True,
    )
    agreement = Agreement.objects.get()
    ended = browser.post(
        reverse("agreement-end", args=[world.plant.pk, agreement.pk]),
        {"ended_on": "2025-12-01", "reason": "误录"},
        follow=True,
    )

    named = f"{world.plant.name_en} Clinker line 1 stops instead 2026-07-01 – 2026-07-31"
    assert named in text_of(added)
    assert "ended 2025-12-01" in text_of(ended)


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({"document": ""}, 422, "Name the batch or the document that approves it."),
        ({"starts_on": "soon"}, 422, "A day must look like 2026-12-31."),
        ({"ends_on": "9999-12-31"}, 422, "This year can't be right."),
        ({"kind": "stop", "starts_on": "0001-01-01"}, 422, "This year can't be right."),
        ({"line": "999999"}, 422, "The form was incomplete."),
        ({"starts_on": "2026-05-01", "ends_on": "2026-05-02"}, 409, "nothing to be let off"),
    ],
)
def test_refused_swap_keeps_what_was_typed(
    world: Cast,
    line: Line,
    browser_of: BrowserOf,
    changed: Mapping[str, str],
    status: int,
    said: str,
) -> None:
    page = browser_of(world.changji_officer).post(
        reverse("swap-add", args=[world.plant.pk]), {**SWAP, "line": line.pk, **changed}
    )

    assert page.status_code == status
    assert said in text_of(page)
    assert 'value="示例部门"' in page.content.decode()
    assert Swap.objects.count() == 0


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({"partner_name": ""}, 422, "one of the two"),
        ({"days": ""}, 422, "or the number of its days"),
        ({"partner_starts_on": "2026-07-01"}, 422, "or the number of its days"),
        (
            {"days": "", "partner_starts_on": "2026-07-02", "partner_ends_on": "2026-07-01"},
            422,
            "The last day lies before the first.",
        ),
        ({"season": "2025"}, 422, "A season is two years, like 2025-26."),
        ({"ends_on": "9999-12-31"}, 422, "This year can't be right."),
        ({"filed_on": "0001-01-01"}, 422, "This year can't be right."),
        ({"starts_on": "2025-10-01"}, 409, "outside the line's stop windows"),
    ],
)
def test_refused_agreement_keeps_what_was_typed(
    world: Cast,
    line: Line,
    browser_of: BrowserOf,
    changed: Mapping[str, str],
    status: int,
    said: str,
) -> None:
    slag = LineFactory.create(plant=world.plant, number=2, carbide_slag=True)

    page = browser_of(world.changji_officer).post(
        reverse("agreement-add", args=[world.plant.pk]), {**AGREEMENT, "line": slag.pk, **changed}
    )

    assert page.status_code == status
    assert said in text_of(page)
    assert 'value="示例协议"' in page.content.decode()
    assert Agreement.objects.count() == 0


def test_refused_end_stays_open_at_its_approval(
    world: Cast, line: Line, browser_of: BrowserOf
) -> None:
    swap, browser = SwapFactory.create(line=line), browser_of(world.changji_officer)
    end = reverse("swap-end", args=[world.plant.pk, swap.pk])

    without = browser.post(end, {"ended_on": "2025-11-05"})
    outside = browser.post(end, {"ended_on": "2026-11-05", "reason": "误录"})
    far = browser.post(end, {"ended_on": "9999-12-31", "reason": "误录"})

    assert [page.status_code for page in (without, outside, far)] == [422, 409, 422]
    assert "Say why it ended." in text_of(without)
    assert "It can end from 2025-11-01 to 2025-11-10." in text_of(outside)
    assert 'value="误录"' in outside.content.decode()


def test_partner_sees_the_agreement_and_cannot_end_it(
    world: Cast, line: Line, browser_of: BrowserOf
) -> None:
    other = LineFactory.create(plant=world.other_plant, number=2)
    agreement = AgreementFactory.create(
        line=LineFactory.create(plant=world.plant, number=2, carbide_slag=True),
        partner=other,
        partner_name="",
    )
    browser = browser_of(world.region_officer)
    there = reverse("plant-planner", args=[world.other_plant.pk])

    page = browser.get(there)
    ended = browser.post(
        reverse("agreement-end", args=[world.other_plant.pk, agreement.pk]),
        {"ended_on": "2025-12-02", "reason": "x"},
    )

    assert f"{world.other_plant.name_en} Clinker line 2 stops instead 31 days" in text_of(page)
    assert "end it" not in text_of(page)
    assert ended.status_code == 404


def test_strip_of_the_plant_shows_swaps_and_what_is_projected(
    world: Cast, line: Line, browser_of: BrowserOf
) -> None:
    SwapFactory.create(line=line)
    SwapFactory.create(
        line=line, kind="stop", starts_on=date(2026, 5, 1), ends_on=date(2026, 5, 10)
    )

    page = browser_of(world.manager).get(reverse("plant", args=[world.plant.pk]))

    assert [mark.tone for mark in page.context["years"].strip.stops] == [
        "run",
        "stop",
        "stop besides",
        "stop projected",
        "stop projected",
        "stop projected",
    ]
    text = text_of(page)
    assert "may run 2025-11-01 – 2025-11-10 swap: 示例批次 verified" in text
    assert (
        "stops 2027-11-01 – 2028-04-30 projected from the peak-shifting plan of 2025-26 projected"
    ) in text


@pytest.mark.parametrize("count", [1, 3])
def test_planner_asks_few_queries_however_full(
    world: Cast, line: Line, browser_of: BrowserOf, django_assert_num_queries: Any, count: int
) -> None:
    for number in range(count):
        slag = LineFactory.create(plant=world.plant, number=10 + number, carbide_slag=True)
        SwapFactory.create(line=slag)
        AgreementFactory.create(line=slag)
        partner = LineFactory.create(plant=PlantFactory.create(authority=world.plant.authority))
        AgreementFactory.create(
            line=slag, partner=partner, partner_name="", starts_on=date(2025, 12, 2)
        )
        ObligationFactory.create(
            plant=world.plant,
            requirement=RequirementFactory.create(part="assessment"),
            line=slag,
        )
    browser = browser_of(world.changji_officer)

    with django_assert_num_queries(12):
        page = browser.get(address(world))

    assert len(page.context["shown"]) == count + 1
