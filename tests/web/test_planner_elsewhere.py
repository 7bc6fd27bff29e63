"""What other pages say of the planner: the plant's warns, a deadline's leads to its answer."""

from collections.abc import Mapping
from datetime import date

import pytest
from django.urls import reverse

from plants.models import Line, PlantKind
from tests.factories import Cast, LineFactory, ObligationFactory, ProjectFactory
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tracker.obligations.models import State

pytestmark = pytest.mark.django_db


def address(world: Cast) -> str:
    return reverse("plant-planner", args=[world.plant.pk])


@pytest.mark.parametrize(
    ("due_on", "warned"),
    [
        # 90 days of works before 25 September: begun on 27 June, 66 days before 1 September 2026.
        (date(2026, 12, 31), ["no longer fits Clinker line 1, 31 December 2026"]),
        # A year later they begin on 27 June 2027.
        (date(2027, 12, 31), []),
    ],
)
def test_plants_page_warns_of_what_no_longer_fits(
    world: Cast, line: Line, browser_of: BrowserOf, due_on: date, warned: list[str]
) -> None:
    world.plant.obligations.update(due_on=due_on)

    page = browser_of(world.manager).get(reverse("plant", args=[world.plant.pk]))

    warnings = page.context["warnings"]
    assert len(warnings.lines if warnings else []) == len(warned)
    assert [sentence for sentence in warned if sentence not in text_of(page)] == []
    assert ("assumption" in text_of(page)) == bool(warned)


@pytest.mark.parametrize(
    ("project", "language", "said"),
    [
        (
            False,
            "en",
            "Worked out with 90 days for the retrofit and 7 for the monitoring; "
            "both are assumptions. Change it in the planner",
        ),
        (True, "en", "Worked out with 7 days for the monitoring; that is an assumption."),
        (False, "zh-CN", "按改造 90 天、监测 7 天推算，均为假定天数。 在倒排计划中调整"),
        (True, "zh-CN", "按监测 7 天推算，该天数为假定。 在倒排计划中调整"),
    ],
)
def test_plants_page_says_what_its_warnings_assume(
    world: Cast, line: Line, browser_of: BrowserOf, project: bool, language: str, said: str
) -> None:
    if project:
        ProjectFactory.create(plant=world.plant)
    browser = browser_of(world.manager, language=language)

    page = browser.get(reverse("plant", args=[world.plant.pk]))

    assert said in text_of(page)
    assert f'href="{address(world)}#need"' in page.content.decode()


@pytest.mark.parametrize("own_line", [None, 1, 2])
def test_deadlines_page_leads_to_its_answer_in_the_planner(
    world: Cast, line: Line, browser_of: BrowserOf, own_line: int | None
) -> None:
    """To the line's own answer, or to the first line's where the whole plant is meant."""
    lines = {None: None, 1: line, 2: LineFactory.create(plant=world.plant, number=2)}
    owed = world.plant.obligations.get(requirement__part="assessment")
    owed.line = lines[own_line]
    owed.save(update_fields=["line"])
    browser = browser_of(world.manager)

    page = browser.get(reverse("obligation", args=[owed.pk]))
    planner = browser.get(address(world)).content.decode()

    there = page.context["planner"]
    assert f'href="{there}"' in page.content.decode()
    where, _, anchor = there.partition("#")
    assert where == address(world)
    expected = "due-2026-12-31" if own_line is None else f"due-2026-12-31-{owed.line_id}"
    assert (anchor, planner.count(f'id="{anchor}"')) == (expected, 1)


@pytest.mark.parametrize(
    "changed",
    [
        {"period": "2026"},
        {"state": State.ACCEPTED},
        {"requirement__part": "reporting", "requirement__completes": ""},
        {"plant__kind": PlantKind.GRINDING},
    ],
)
def test_other_obligations_do_not_lead_to_the_planner(
    world: Cast, browser_of: BrowserOf, changed: Mapping[str, str]
) -> None:
    facts = {"requirement__part": "assessment", "plant__authority": world.plant.authority}
    owed = ObligationFactory.create(**{**facts, **changed})

    page = browser_of(world.changji_officer).get(reverse("obligation", args=[owed.pk]))

    assert page.context["planner"] == ""
    assert "#due-" not in page.content.decode()
