"""What a change of a permit or a project would do, shown before it is saved; nothing is written."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from plants.models import Permit, Project
from tests.factories import (
    NOW,
    TODAY,
    Cast,
    PermitFactory,
    PermitReportFactory,
    ProjectFactory,
    RequirementFactory,
)
from tests.rows import everything
from tests.web.conftest import BrowserOf
from tests.web.forms_on_page import fields_of
from tests.web.pages import text_of
from tracker.audit import Actor
from tracker.obligations.schedule import schedule_obligations
from tracker.regulations.models import Requirement

pytestmark = pytest.mark.django_db
BUTTON = {"preview": ""}
NUMBER = "91650000SL00009999002P"


@pytest.fixture
def permit(world: Cast) -> Permit:
    return Permit.objects.get(plant=world.plant)


def make_rule(title: str = "Renew the permit") -> Requirement:
    """Due 60 days before the permit ends: 2027-11-01."""
    return RequirementFactory.create(
        title_en=title, due={"before": "permit.valid_until", "days": 60}
    )


def schedule() -> None:
    schedule_obligations(today=TODAY, by=Actor(None, "tests"), at=NOW)


def form_to(browser: Client, world: Cast, address: str, page: str = "permits") -> dict[str, str]:
    return fields_of(browser.get(reverse(f"plant-{page}", args=[world.plant.pk])), address)


@pytest.mark.parametrize("htmx", [False, True])
def test_counts_and_moves_are_shown_and_nothing_is_written(
    world: Cast, permit: Permit, browser_of: BrowserOf, htmx: bool
) -> None:
    make_rule()
    schedule()
    browser, address = (
        browser_of(world.manager, htmx=htmx),
        reverse("permit-change", args=[permit.pk]),
    )
    form = form_to(browser, world, address) | {"valid_until_on": "2026-10-01"}
    before = everything()

    page = browser.post(address, form | BUTTON)

    assert everything() == before
    assert page.status_code == 200
    said = text_of(page)
    assert "1 due date moves at 1 plant; 1 becomes overdue" in said
    assert "Obligation Due now Due then Renew the permit 2027-11-01 → 2026-08-02 30 days" in said
    assert "Saved" not in said
    assert fields_of(page, address) == form
    assert page.content.decode().count('<details class="change" open>') == 1
    saved = browser.post(address, fields_of(page, address), follow=True)
    assert "1 obligation follows." in text_of(saved)


def test_change_that_moves_nothing_says_so(
    world: Cast, permit: Permit, browser_of: BrowserOf
) -> None:
    browser, address = browser_of(world.manager), reverse("permit-change", args=[permit.pk])
    form = form_to(browser, world, address) | {"number": NUMBER}

    page = browser.post(address, form | BUTTON)

    assert "No obligation changes by it" in text_of(page)
    assert Permit.objects.get(pk=permit.pk).number == permit.number


def test_new_permit_is_previewed_in_its_own_form(world: Cast, browser_of: BrowserOf) -> None:
    make_rule()
    schedule()
    browser = browser_of(world.changji_officer)
    address = reverse("permit-add", args=[world.plant.pk])
    form = form_to(browser, world, address)
    form |= {"number": NUMBER, "valid_from_on": "2028-01-01", "valid_until_on": "2032-12-31"}
    before = everything()

    page = browser.post(address, form | BUTTON)

    assert everything() == before
    assert "2027-11-01 → 2032-11-01" in text_of(page)
    assert fields_of(page, address) == form


def test_report_date_set_and_taken_out_is_previewed(
    world: Cast, permit: Permit, browser_of: BrowserOf
) -> None:
    RequirementFactory.create(due={"every": "year", "days_after": 10, "permit": "report"})
    schedule()
    browser, add = browser_of(world.manager), reverse("permit-report-add", args=[permit.pk])
    form = form_to(browser, world, add) | {"every": "year", "month": "1", "day": "31"}
    form["next_year"] = "on"

    added = browser.post(add, form | BUTTON)
    browser.post(add, form)
    change = reverse("permit-report-change", args=[permit.reports.get().pk])
    empty = form_to(browser, world, change) | {"month": "", "day": ""}
    before = everything()
    taken_out = browser.post(change, empty | BUTTON)

    assert everything() == before
    assert "2027-01-10 → 2027-01-31" in text_of(added)
    assert "2027-01-31 → 2027-01-10" in text_of(taken_out)
    assert fields_of(taken_out, change) == empty


def test_project_is_previewed(world: Cast, browser_of: BrowserOf) -> None:
    RequirementFactory.create(due={"after": "project.fugitive.planned_finish_on", "days": 0})
    project: Project = ProjectFactory.create(plant=world.plant, part="fugitive")
    schedule()
    browser, address = browser_of(world.manager), reverse("project-change", args=[project.pk])
    form = form_to(browser, world, address, "projects") | {"planned_finish_on": "2027-06-30"}
    before = everything()

    page = browser.post(address, form | BUTTON)

    assert everything() == before
    assert f"{project.planned_finish_on} → 2027-06-30" in text_of(page)
    assert fields_of(page, address) == form


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"valid_until_on": "2023-01-01"}, "The permit ends before it begins."),
        ({"number": NUMBER}, "A permit with this number is entered already."),
    ],
)
def test_wrong_form_is_refused_as_saving_refuses_it(
    world: Cast, permit: Permit, browser_of: BrowserOf, typed: dict[str, str], says: str
) -> None:
    PermitFactory.create(plant=world.other_plant, number=NUMBER)
    browser, address = browser_of(world.manager), reverse("permit-change", args=[permit.pk])
    form = form_to(browser, world, address) | typed

    page = browser.post(address, form | BUTTON)

    assert page.status_code == 422
    assert says in text_of(page)
    assert "What it would change" not in text_of(page)
    assert fields_of(page, address) == form


@pytest.mark.parametrize(
    ("mine", "hers", "says"),
    [
        ("valid_until_on", "valid_until_on", "Somebody changed this meanwhile."),
        ("valid_until_on", "valid_from_on", "The permit ends before it begins."),
    ],
)
def test_what_was_changed_meanwhile_is_said_as_saving_says_it(
    world: Cast, permit: Permit, browser_of: BrowserOf, mine: str, hers: str, says: str
) -> None:
    browser, address = browser_of(world.manager), reverse("permit-change", args=[permit.pk])
    form = form_to(browser, world, address) | {mine: "2027-03-31"}
    Permit.objects.filter(pk=permit.pk).update(**{hers: date(2027, 6, 30)})
    before = everything()

    page = browser.post(address, form | BUTTON)

    assert page.status_code == 409
    assert says in text_of(page)
    assert fields_of(page, address)[mine] == "2027-03-31"
    assert everything() == before


def test_who_only_reads_is_refused(world: Cast, permit: Permit, browser_of: BrowserOf) -> None:
    address = reverse("permit-change", args=[permit.pk])
    form = form_to(browser_of(world.manager), world, address)

    answer = browser_of(world.auditor).post(address, form | BUTTON)

    assert answer.status_code == 403


def test_only_what_this_plant_owes_is_shown(
    world: Cast, permit: Permit, browser_of: BrowserOf
) -> None:
    """A new rule that nothing was scheduled by yet touches other plants as well."""
    make_rule()
    browser, address = browser_of(world.group_manager), reverse("permit-change", args=[permit.pk])

    page = browser.post(address, form_to(browser, world, address) | BUTTON)

    assert page.context["impact"].plants == {world.plant.pk}
    assert "1 obligations are added" in text_of(page)


@pytest.mark.parametrize("count", [1, 3])
def test_preview_asks_few_queries_however_many_moves(
    world: Cast,
    permit: Permit,
    browser_of: BrowserOf,
    count: int,
    django_assert_num_queries: object,
) -> None:
    for number in range(count):
        make_rule(f"Rule {number}")
        PermitReportFactory.create(permit=PermitFactory.create(plant=world.plant))
    schedule()
    browser, address = browser_of(world.manager), reverse("permit-change", args=[permit.pk])
    form = form_to(browser, world, address) | {"valid_until_on": "2029-01-31"}

    with django_assert_num_queries(52):  # type: ignore[operator]
        page = browser.post(address, form | BUTTON)

    assert len(page.context["moves"]) == count
