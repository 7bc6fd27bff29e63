"""The plants list and a plant's dossier: filters in the address, the right rows, few queries."""

import pytest
from django.urls import reverse

from plants.models import Part, Plant, RunStatus
from plants.models.people import Membership
from tests.factories import (
    TODAY,
    Cast,
    LineFactory,
    ObligationFactory,
    OutletFactory,
    PlantFactory,
    ProjectFactory,
    RequirementFactory,
    StopWindowFactory,
    make_obligation_at,
    manager_of,
    officer_of,
)
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tracker.obligations.models import State


def shown(page: object) -> set[str]:
    return {row.code for row in page.context["rows"]}  # type: ignore[attr-defined]


def test_list_shows_only_what_the_person_may_see(world: Cast, browser_of: BrowserOf) -> None:
    answers = {
        who: shown(browser_of(person).get(reverse("plants")))
        for who, person in world.people.items()
    }

    here, other, corps = (p.code for p in (world.plant, world.other_plant, world.corps_plant))
    assert answers == {
        "changji_officer": {here},
        "region_officer": {here, other},
        "corps_officer": {corps},
        "manager": {here},
        "other_manager": {other},
        "group_manager": {here, corps},
        "auditor": {here, other, corps},
        "administrator": {here, other, corps},
    }


def _mark(world: Cast) -> None:
    """Give the first plant what the filters can find."""
    ObligationFactory.create(plant=world.plant, due_on=TODAY.replace(day=1, month=8))
    Plant.objects.filter(pk=world.plant.pk).update(name_zh="示例红山水泥", kind="clinker")
    Plant.objects.filter(pk=world.other_plant.pk).update(name_zh="示例乌苏粉磨", kind="grinding")
    Plant.objects.filter(pk=world.corps_plant.pk).update(name_zh="示例石河子水泥", kind="clinker")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "红山"}, ["plant"]),
        ({"q": "没有这家"}, []),
        ({"authority": "corps"}, ["corps_plant"]),
        ({"authority": "region-tacheng"}, ["other_plant"]),
        ({"place": "tacheng"}, ["other_plant"]),
        ({"zone": "kui-du-wu"}, ["other_plant"]),
        ({"kind": "grinding"}, ["other_plant"]),
        ({"state": "overdue"}, ["plant"]),
        ({"state": "to_review"}, []),
        ({"kind": "clinker", "authority": "region"}, ["plant"]),
        ({"kind": "nonsense", "q": "红山"}, ["plant"]),
        ({"page": "99"}, ["corps_plant", "other_plant", "plant"]),
        ({"page": "x"}, ["corps_plant", "other_plant", "plant"]),
    ],
)
def test_filters_stand_in_the_address(
    world: Cast, browser_of: BrowserOf, query: dict[str, str], found: list[str]
) -> None:
    _mark(world)

    page = browser_of(world.auditor).get(reverse("plants"), query)

    assert shown(page) == {getattr(world, name).code for name in found}


def test_company_filter_finds_its_plants(world: Cast, browser_of: BrowserOf) -> None:
    page = browser_of(world.auditor).get(reverse("plants"), {"company": world.company.code})

    assert shown(page) == {world.plant.code, world.corps_plant.code}


def test_unknown_filter_is_said_and_left_out(world: Cast, browser_of: BrowserOf) -> None:
    page = browser_of(world.changji_officer).get(reverse("plants"), {"place": "atlantis"})

    assert "this filter was left out" in text_of(page)
    assert shown(page) == {world.plant.code}


def test_htmx_gets_the_table_only_and_caches_know(world: Cast, browser_of: BrowserOf) -> None:
    page = browser_of(world.auditor).get(reverse("plants"))
    table = browser_of(world.auditor, htmx=True).get(reverse("plants"))

    assert "<html" in page.content.decode()
    assert table.content.decode().startswith('<div id="plants-table"')
    assert ["HX-Request" in answer["Vary"] for answer in (page, table)] == [True, True]


def test_numbers_of_a_row_open_the_rows_behind_them(world: Cast, browser_of: BrowserOf) -> None:
    _mark(world)
    browser = browser_of(world.changji_officer)

    [row] = browser.get(reverse("plants")).context["rows"]
    behind = browser.get(reverse("obligations"), {"plant": str(world.plant.pk), "state": "overdue"})

    assert (row.load.overdue, row.load.due_soon, row.load.owed, row.line_count) == (1, 0, 1, 1)
    assert len(behind.context["rows"]) == 1


def test_row_says_what_the_plant_is(world: Cast, browser_of: BrowserOf) -> None:
    PlantFactory.create(
        authority=world.plant.authority,
        name_en="Tianshan <b>& Sons",
        kind="grinding",
        status=RunStatus.LONG_STOPPED,
        company=world.company,
    )

    page = browser_of(world.changji_officer).get(reverse("plants"), {"kind": "grinding"})

    table = page.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    assert "Tianshan &lt;b&gt;&amp; Sons</a>" in table
    assert world.company.name_en in table
    assert "long stopped" in table


def test_list_is_paged_by_fifty(world: Cast, browser_of: BrowserOf) -> None:
    PlantFactory.create_batch(50, authority=world.plant.authority)
    browser = browser_of(world.changji_officer)

    first, second = (browser.get(reverse("plants"), {"page": str(page)}) for page in (1, 2))

    assert (len(first.context["rows"]), len(second.context["rows"])) == (50, 1)
    assert "1–50 of 51" in text_of(first)


@pytest.mark.parametrize("plants", [1, 3])
def test_list_asks_few_queries_however_long(
    world: Cast, browser_of: BrowserOf, django_assert_num_queries: object, plants: int
) -> None:
    for _ in range(plants - 1):
        extra = PlantFactory.create(authority=world.plant.authority, company=world.company)
        LineFactory.create(plant=extra, number=1)
        ObligationFactory.create(plant=extra)
    RequirementFactory.create(completes=Part.ORGANISED)
    browser = browser_of(world.changji_officer)

    with django_assert_num_queries(11):  # type: ignore[operator]
        page = browser.get(reverse("plants"))

    assert len(page.context["rows"]) == plants


def _fill(world: Cast, count: int) -> None:
    """So many of everything that a dossier shows."""
    for number in range(count):
        OutletFactory.create(plant=world.plant, code=f"DA1{number:02}")
        LineFactory.create(plant=world.plant, number=10 + number)
        ProjectFactory.create(plant=world.plant)
        ObligationFactory.create(plant=world.plant, line=world.plant.lines.last())
        StopWindowFactory.create(place=world.plant.place, season=f"20{20 + number}-{21 + number}")
        make_obligation_at(
            State.ACCEPTED,
            plant=world.plant,
            manager=world.manager,
            officer=world.changji_officer,
        )


@pytest.mark.parametrize("count", [1, 3])
def test_dossier_asks_few_queries_however_full(
    world: Cast, browser_of: BrowserOf, django_assert_num_queries: object, count: int
) -> None:
    _fill(world, count)
    browser = browser_of(world.changji_officer)

    with django_assert_num_queries(15):  # type: ignore[operator]
        page = browser.get(reverse("plant", args=[world.plant.pk]))

    [group] = page.context["groups"]
    assert (len(group.waiting), len(group.settled)) == (count, count)


def test_dossier_names_what_is_there(world: Cast, browser_of: BrowserOf) -> None:
    _fill(world, 1)

    text = text_of(browser_of(world.changji_officer).get(reverse("plant", args=[world.plant.pk])))

    for said in (
        "Changji City",
        "t/d",
        "DA001",
        "Enclose the stored materials",
        world.manager.name,
    ):
        assert said in text


def test_plant_without_anything_says_what_comes_next(world: Cast, browser_of: BrowserOf) -> None:
    Membership.objects.filter(plant=world.plant).delete()
    Membership.objects.filter(company=world.company).delete()

    text = text_of(browser_of(world.changji_officer).get(reverse("plant", args=[world.plant.pk])))

    assert "Nothing is asked of this plant yet" in text
    assert "Nobody answers for this plant yet" in text


def test_history_tells_who_did_what_from_where(world: Cast, browser_of: BrowserOf) -> None:
    make_obligation_at(
        State.RETURNED, plant=world.plant, manager=world.manager, officer=world.changji_officer
    )

    page = browser_of(world.auditor).get(reverse("plant-history", args=[world.plant.pk]))

    told = [(deed.verb, deed.change, deed.note) for deed in page.context["sentences"]]
    assert told == [
        ("returned", "to review → returned", "缺少盖章页。"),
        ("submitted", "open → to review", ""),
        ("uploaded", "", ""),
    ]
    text = text_of(page)
    officer = world.changji_officer.name
    assert f"{officer} returned “Enclose the stored materials”" in text
    assert "from 198.51.100.1" in text


@pytest.mark.parametrize("count", [1, 3])
def test_history_asks_few_queries_however_long(
    world: Cast, browser_of: BrowserOf, django_assert_num_queries: object, count: int
) -> None:
    for _ in range(count):
        make_obligation_at(
            State.ACCEPTED,
            plant=world.plant,
            line=world.plant.lines.get(),
            manager=manager_of(world.plant),
            officer=officer_of(world.plant.authority),
        )
    browser = browser_of(world.changji_officer)

    with django_assert_num_queries(7):  # type: ignore[operator]
        page = browser.get(reverse("plant-history", args=[world.plant.pk]))

    assert len(page.context["sentences"]) == 3 * count
