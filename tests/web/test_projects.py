"""Projects in the browser: added, reported on, kept apart where two report at once."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from plants.models import Project
from tests.factories import TODAY, Cast, ProjectFactory
from tests.web.conftest import BrowserOf
from tests.web.forms_on_page import fields_of
from tests.web.pages import text_of
from tracker.audit import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(world: Cast) -> Project:
    return ProjectFactory.create(
        plant=world.plant, started_on=date(2026, 3, 5), progress_percent=40
    )


def page_of(world: Cast) -> str:
    return reverse("plant-projects", args=[world.plant.pk])


def form_of(browser: Client, project: Project) -> dict[str, str]:
    page = browser.get(reverse("plant-projects", args=[project.plant_id]))
    return fields_of(page, change_of(project))


def change_of(project: Project) -> str:
    return reverse("project-change", args=[project.pk])


def test_progress_is_reported_and_told_in_the_history(
    world: Cast, project: Project, browser_of: BrowserOf
) -> None:
    browser = browser_of(world.manager)
    form = form_of(browser, project)
    form |= {"progress_percent": "65", "investment_planned": "1250", "investment_paid": "612.5"}

    page = browser.post(change_of(project), form, follow=True)

    project.refresh_from_db()
    assert project.progress_percent == 65
    assert project.investment_planned_yuan == Decimal("12500000.00")
    assert project.investment_paid_yuan == Decimal("6125000.00")
    assert f"Saved: {project.title_en}" in text_of(page)
    history = text_of(browser.get(reverse("plant-history", args=[world.plant.pk])))
    who = world.manager.name
    assert f"{who} changed retrofit project “{project.title_en}”" in history
    assert "progress (%): 40 → 65" in history


def test_untouched_form_changes_nothing(
    world: Cast, project: Project, browser_of: BrowserOf
) -> None:
    Project.objects.filter(pk=project.pk).update(investment_planned_yuan=Decimal("12345678.90"))
    browser, events = browser_of(world.manager), Event.objects.count()

    answer = browser.post(change_of(project), form_of(browser, project))

    assert answer.status_code == 302
    assert Event.objects.count() == events


@pytest.mark.parametrize("who", ["manager", "group_manager", "changji_officer", "region_officer"])
def test_plants_people_and_its_officers_may_report(
    world: Cast, project: Project, browser_of: BrowserOf, who: str
) -> None:
    browser = browser_of(world.people[who])
    form = form_of(browser, project) | {"progress_percent": "41"}

    assert browser.post(change_of(project), form).status_code == 302
    project.refresh_from_db()
    assert project.progress_percent == 41


def test_auditor_reads_and_finds_no_form(
    world: Cast, project: Project, browser_of: BrowserOf
) -> None:
    page = browser_of(world.auditor).get(page_of(world))

    assert project.title_en in text_of(page)
    assert "fact-form" not in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"planned_finish_on": "2026-01-31"}, "The planned finish lies before the planned start."),
        ({"started_on": "", "progress_percent": "0", "finished_on": "2026-08-31"}, "not started"),
        ({"finished_on": "2026-03-01", "progress_percent": "100"}, "end before they begin"),
        ({"finished_on": "2026-08-31"}, "What is finished stands at 100 %."),
        ({"started_on": ""}, "There is progress: enter when the works began."),
        ({"started_on": "2026-09-02"}, "This day has not come yet."),
        ({"started_on": "2.9.2026"}, "Dates look like 2026-12-31."),
        ({"planned_start_on": "0001-01-01"}, "This year can't be right."),
        ({"planned_start_on": ""}, "This field is required."),
        ({"progress_percent": "101"}, "Progress ends at 100 %."),
        ({"progress_percent": "-1"}, "greater than or equal to 0"),
        ({"progress_percent": "viel"}, "Enter a whole number."),
        ({"investment_paid": "-5"}, "An amount can't be negative."),
        ({"investment_paid": "五百万"}, "Enter the amount as a number"),
        ({"investment_paid": "NaN"}, "Enter the amount as a number"),
        ({"investment_paid": "1e400"}, "no more than"),
        ({"investment_planned": "100000000"}, "less than or equal to 99999999"),
        ({"title_zh": ""}, "This field is required."),
        ({"part": "kitchen"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_all_that_was_typed_stays(
    world: Cast, project: Project, browser_of: BrowserOf, typed: dict[str, str], says: str
) -> None:
    browser = browser_of(world.manager)
    form = form_of(browser, project) | {"title_en": "Typed anew"} | typed
    before = Project.objects.filter(pk=project.pk).values().get()

    page = browser.post(change_of(project), form)

    assert page.status_code == 422
    assert says in text_of(page)
    again = fields_of(page, change_of(project))
    kept = {name: value for name, value in form.items() if name != "part"}
    assert {name: again[name] for name in kept} == kept
    assert Project.objects.filter(pk=project.pk).values().get() == before


def test_of_two_editors_of_one_value_none_is_lost(
    world: Cast, project: Project, browser_of: BrowserOf
) -> None:
    mine, hers = browser_of(world.manager), browser_of(world.changji_officer)
    my_form = form_of(mine, project) | {"progress_percent": "70"}
    her_form = form_of(hers, project) | {"progress_percent": "55"}
    assert hers.post(change_of(project), her_form).status_code == 302

    page = mine.post(change_of(project), my_form)

    assert page.status_code == 409
    assert "Somebody changed this meanwhile" in text_of(page)
    project.refresh_from_db()
    assert project.progress_percent == 55
    again = fields_of(page, change_of(project))
    assert (again["progress_percent"], again["initial-progress_percent"]) == ("70", "55")
    assert mine.post(change_of(project), again).status_code == 302
    project.refresh_from_db()
    assert project.progress_percent == 70


def test_two_editors_of_different_values_both_count(
    world: Cast, project: Project, browser_of: BrowserOf
) -> None:
    mine, hers = browser_of(world.manager), browser_of(world.changji_officer)
    my_form = form_of(mine, project) | {"progress_percent": "70"}
    her_form = form_of(hers, project) | {"investment_paid": "300"}

    answers = [b.post(change_of(project), f) for b, f in ((hers, her_form), (mine, my_form))]

    assert [answer.status_code for answer in answers] == [302, 302]
    project.refresh_from_db()
    assert (project.progress_percent, project.investment_paid_yuan) == (70, Decimal(3_000_000))


def test_two_halves_that_contradict_each_other_are_refused(
    world: Cast, project: Project, browser_of: BrowserOf
) -> None:
    mine, hers = browser_of(world.manager), browser_of(world.changji_officer)
    my_form = form_of(mine, project) | {"planned_finish_on": "2026-05-31"}
    her_form = form_of(hers, project) | {"planned_start_on": "2026-07-01"}
    hers.post(change_of(project), her_form)

    page = mine.post(change_of(project), my_form)

    assert page.status_code == 409
    assert "The planned finish lies before the planned start." in text_of(page)
    assert fields_of(page, change_of(project))["planned_finish_on"] == "2026-05-31"


def test_form_without_what_was_read_is_incomplete(
    world: Cast, project: Project, browser_of: BrowserOf
) -> None:
    browser = browser_of(world.manager)
    form = {k: v for k, v in form_of(browser, project).items() if not k.startswith("initial-")}

    page = browser.post(change_of(project), form | {"progress_percent": "70"})

    assert page.status_code == 422
    assert "The form was incomplete" in text_of(page)


def test_project_is_added_once(world: Cast, browser_of: BrowserOf) -> None:
    browser = browser_of(world.manager)
    address = reverse("project-add", args=[world.plant.pk])
    form = fields_of(browser.get(page_of(world)), address) | {
        "title_zh": "原料堆棚封闭",
        "part": "fugitive",
        "planned_start_on": "2026-10-01",
        "planned_finish_on": "2027-03-31",
        "investment_planned": "860",
    }

    answers = [browser.post(address, form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 422]
    assert "This project is entered already." in text_of(answers[1])
    project = Project.objects.get(plant=world.plant)
    assert (project.part, project.investment_planned_yuan) == ("fugitive", Decimal(8_600_000))
    history = text_of(browser.get(page_of(world)))
    assert f"{world.manager.name} added retrofit project “原料堆棚封闭”" in history


def test_project_of_another_plant_is_not_found(world: Cast, browser_of: BrowserOf) -> None:
    theirs = ProjectFactory.create(plant=world.other_plant)

    assert browser_of(world.manager).post(change_of(theirs), {}).status_code == 404


def test_marks_say_how_each_project_stands(world: Cast, browser_of: BrowserOf) -> None:
    yesterday = TODAY - timedelta(days=1)
    ProjectFactory.create(plant=world.plant, planned_finish_on=yesterday)
    ProjectFactory.create(plant=world.plant, planned_finish_on=TODAY)
    ProjectFactory.create(
        plant=world.plant,
        planned_finish_on=yesterday,
        started_on=yesterday,
        finished_on=yesterday,
        progress_percent=100,
    )
    ProjectFactory.create(plant=world.plant, started_on=yesterday)

    page = browser_of(world.auditor).get(page_of(world))

    assert [row.is_overdue for row in page.context["rows"]] == [True, False, False, False]
    html = page.content.decode()
    badges = [html.count(f"</svg>{word}</span>") for word in ("overdue", "finished", "not started")]
    assert badges == [1, 1, 1]
    assert html.count("</svg>under way</span>") == 1


@pytest.mark.parametrize("count", [1, 3])
def test_page_asks_few_queries_however_many_projects(
    world: Cast, browser_of: BrowserOf, django_assert_num_queries: object, count: int
) -> None:
    ProjectFactory.create_batch(count, plant=world.plant)
    browser = browser_of(world.manager)

    with django_assert_num_queries(6):  # type: ignore[operator]
        page = browser.get(page_of(world))

    assert len(page.context["rows"]) == count
