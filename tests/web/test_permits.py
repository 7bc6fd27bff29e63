"""Permits in the browser: validity that re-dates at once, report dates, two editors."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from plants.models import Permit, PermitReport
from tests.factories import (
    NOW,
    TODAY,
    Cast,
    PermitFactory,
    PermitReportFactory,
    RequirementFactory,
)
from tests.web.conftest import BrowserOf
from tests.web.forms_on_page import fields_of
from tests.web.pages import text_of
from tracker.audit import Actor
from tracker.obligations.models import Obligation
from tracker.obligations.schedule import schedule_obligations
from tracker.reminders.changes import plan_changes
from tracker.reminders.send import send_due

pytestmark = pytest.mark.django_db
NUMBER = "91650000SL00009999002P"


@pytest.fixture
def permit(world: Cast) -> Permit:
    return Permit.objects.get(plant=world.plant)


def form_to(browser: Client, world: Cast, action: str) -> dict[str, str]:
    return fields_of(browser.get(reverse("plant-permits", args=[world.plant.pk])), action)


def test_changed_validity_re_dates_at_once_and_is_told(
    world: Cast, permit: Permit, browser_of: BrowserOf
) -> None:
    RequirementFactory.create(due={"before": "permit.valid_until", "days": 60})
    schedule_obligations(today=TODAY, by=Actor(None, "tests"), at=NOW, plants=[world.plant])
    browser, address = browser_of(world.manager), reverse("permit-change", args=[permit.pk])
    form = form_to(browser, world, address) | {"valid_until_on": "2029-01-31"}

    page = browser.post(address, form, follow=True)

    assert Obligation.objects.get(plant=world.plant).due_on == date(2028, 12, 2)
    assert f"Saved: {permit.number}; 1 obligation follows." in text_of(page)
    told = f"{world.manager.name} changed permit “{permit.number}”"
    assert told in text_of(page)
    assert "valid until: 2027-12-31 → 2029-01-31" in text_of(page)


def test_history_says_which_officers_were_told_of_a_later_date(
    world: Cast, permit: Permit, browser_of: BrowserOf
) -> None:
    RequirementFactory.create(due={"before": "permit.valid_until", "days": 60})
    schedule_obligations(today=TODAY, by=Actor(None, "tests"), at=NOW, plants=[world.plant])
    browser, address = browser_of(world.manager), reverse("permit-change", args=[permit.pk])
    form = form_to(browser, world, address)
    browser.post(address, form | {"valid_until_on": "2029-01-31"})
    page = reverse("plant-permits", args=[world.plant.pk])

    seen = [text_of(browser.get(page))]
    plan_changes(at=NOW)
    seen.append(text_of(browser.get(page)))
    send_due(now=NOW + timedelta(days=1))
    seen.append(text_of(browser.get(page)))

    name = world.changji_officer.name
    assert "The authority" not in seen[0]
    assert f"The authority is being told: {name}" in seen[1]
    assert f"The authority was told: {name}" in seen[2]
    assert all(world.group_manager.name not in text for text in seen)


def test_permit_is_added(world: Cast, browser_of: BrowserOf) -> None:
    browser, address = (
        browser_of(world.changji_officer),
        reverse("permit-add", args=[world.plant.pk]),
    )
    form = form_to(browser, world, address)
    form |= {"number": f" {NUMBER} ", "valid_from_on": "2028-01-01", "valid_until_on": "2032-12-31"}

    page = browser.post(address, form, follow=True)

    assert page.context["rows"][0].permit.number == NUMBER
    assert [row.counts for row in page.context["rows"]] == [True, False]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"valid_until_on": "2023-01-01"}, "The permit ends before it begins."),
        ({"valid_until_on": "soon"}, "Dates look like 2026-12-31."),
        ({"valid_until_on": "2099-12-31"}, "No permit is valid for more than 20 years"),
        ({"valid_until_on": "9999-12-31"}, "This year can't be right."),
        ({"number": ""}, "Enter the permit's number."),
        ({"number": "9" * 41}, "at most 40 characters"),
        ({"number": NUMBER}, "A permit with this number is entered already."),
    ],
)
def test_what_is_wrong_is_said_and_all_that_was_typed_stays(
    world: Cast, permit: Permit, browser_of: BrowserOf, typed: dict[str, str], says: str
) -> None:
    PermitFactory.create(plant=world.other_plant, number=NUMBER)
    browser, address = browser_of(world.manager), reverse("permit-change", args=[permit.pk])
    form = form_to(browser, world, address) | typed

    page = browser.post(address, form)

    assert page.status_code == 422
    assert says in text_of(page)
    assert fields_of(page, address) == form


def test_of_two_editors_none_is_lost(world: Cast, permit: Permit, browser_of: BrowserOf) -> None:
    address = reverse("permit-change", args=[permit.pk])
    mine, hers = browser_of(world.manager), browser_of(world.changji_officer)
    my_form = form_to(mine, world, address) | {"valid_until_on": "2028-06-30"}
    her_form = form_to(hers, world, address) | {"valid_until_on": "2028-01-31"}
    hers.post(address, her_form)

    page = mine.post(address, my_form)

    assert page.status_code == 409
    again = fields_of(page, address)
    assert again["valid_until_on"] == "2028-06-30"
    assert again["initial-valid_until_on"] == "2028-01-31"
    assert mine.post(address, again).status_code == 302


def test_report_date_is_set_changed_and_taken_out(
    world: Cast, permit: Permit, browser_of: BrowserOf
) -> None:
    browser = browser_of(world.manager)
    add = reverse("permit-report-add", args=[permit.pk])
    form = form_to(browser, world, add) | {"every": "year", "month": "1", "day": "31"}

    set_page = text_of(browser.post(add, form | {"next_year": "on"}, follow=True))
    report = PermitReport.objects.get()
    change = reverse("permit-report-change", args=[report.pk])
    by_days = form_to(browser, world, change) | {"days_after": "15", "month": "", "day": ""}
    changed_page = text_of(browser.post(change, by_days, follow=True))
    empty = form_to(browser, world, change) | {"days_after": ""}
    gone_page = text_of(browser.post(change, empty, follow=True))

    assert "year report : by 31 January of the next year" in set_page
    assert "year report : within 15 days after the period" in changed_page
    assert "None entered: the dates of the rules stand." in gone_page
    assert not PermitReport.objects.exists()
    assert f"removed report date of a permit “{permit.number}: year”" in gone_page


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({}, "Enter either the days after the period, or a month and a day."),
        ({"days_after": "15", "month": "1", "day": "31"}, "Enter either"),
        ({"month": "1"}, "A date needs both"),
        ({"month": "6", "day": "31"}, "This month has no such day."),
        ({"every": "quarter", "month": "10", "day": "15"}, "several such periods in a year"),
        ({"month": "13", "day": "1"}, "less than or equal to 12"),
        ({"days_after": "a week"}, "Enter a whole number."),
        ({"every": "year", "days_after": "15"}, "The permit has a date for this report already."),
        ({"every": "decade", "days_after": "15"}, "Select a valid choice"),
    ],
)
def test_wrong_report_date_is_said(
    world: Cast, permit: Permit, browser_of: BrowserOf, typed: dict[str, str], says: str
) -> None:
    PermitReportFactory.create(permit=permit)
    browser, address = browser_of(world.manager), reverse("permit-report-add", args=[permit.pk])

    page = browser.post(address, form_to(browser, world, address) | typed)

    assert page.status_code == 422
    assert says in text_of(page)
    assert PermitReport.objects.count() == 1


def test_report_date_that_was_changed_meanwhile_is_not_taken_out(
    world: Cast, permit: Permit, browser_of: BrowserOf
) -> None:
    report = PermitReportFactory.create(permit=permit)
    address = reverse("permit-report-change", args=[report.pk])
    mine, hers = browser_of(world.manager), browser_of(world.changji_officer)
    my_form = form_to(mine, world, address) | {"month": "", "day": ""}
    hers.post(address, form_to(hers, world, address) | {"day": "15"})

    page = mine.post(address, my_form)

    assert page.status_code == 409
    assert PermitReport.objects.get().day == 15


@pytest.mark.parametrize(
    ("until", "mark"),
    [("2026-08-31", "expired"), ("2026-09-01", "valid"), ("2027-09-01", "valid")],
)
def test_mark_says_whether_it_is_valid(
    world: Cast, permit: Permit, browser_of: BrowserOf, until: str, mark: str
) -> None:
    Permit.objects.filter(pk=permit.pk).update(valid_until_on=until)

    page = browser_of(world.auditor).get(reverse("plant-permits", args=[world.plant.pk]))

    assert f"</svg>{mark}</span>" in page.content.decode()


def test_plant_without_a_permit_says_what_hangs_on_it(world: Cast, browser_of: BrowserOf) -> None:
    Permit.objects.filter(plant=world.plant).delete()

    page = browser_of(world.auditor).get(reverse("plant-permits", args=[world.plant.pk]))

    assert "No permit is entered" in text_of(page)


@pytest.mark.parametrize("count", [1, 3])
def test_page_asks_few_queries_however_many_permits(
    world: Cast, browser_of: BrowserOf, django_assert_num_queries: object, count: int
) -> None:
    Permit.objects.filter(plant=world.plant).delete()
    for _ in range(count):
        PermitReportFactory.create(permit=PermitFactory.create(plant=world.plant))
    browser = browser_of(world.manager)

    with django_assert_num_queries(7):  # type: ignore[operator]
        page = browser.get(reverse("plant-permits", args=[world.plant.pk]))

    assert len(page.context["rows"]) == count
