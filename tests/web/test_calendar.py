"""The calendar's page: the month in the address, days that open what is due, few queries."""

from datetime import date

import pytest
from django.urls import reverse

from tests.factories import (
    TODAY,
    AgreementFactory,
    Cast,
    LineFactory,
    ObligationFactory,
    PermitFactory,
    PlaceFactory,
    PlantFactory,
    ProjectFactory,
    RequirementFactory,
    StopWindowFactory,
    SwapFactory,
    make_obligation_at,
)
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tracker.obligations.models import State
from tracker.web.figures.month import Band
from tracker.web.views.stops import MOST_DRAWN, MOST_LISTED

pytestmark = pytest.mark.django_db
LAST = date(2026, 9, 30)


def links(page: object, name: str) -> str:
    return str(page.context[name])  # type: ignore[attr-defined]


def bands_of(page: object) -> list[Band]:
    rows = page.context["rows"]  # type: ignore[attr-defined]
    return [
        stretch.band for row in rows for lane in row.week.lanes for stretch in lane if stretch.band
    ]


def test_this_month_is_shown_where_none_is_named(world: Cast, browser_of: BrowserOf) -> None:
    page = browser_of(world.manager).get(reverse("calendar"))

    assert "<h1>September 2026</h1>" in page.content.decode()
    assert links(page, "previous") == "/calendar/?month=2026-08&view=month"
    assert links(page, "next") == "/calendar/?month=2026-10&view=month"


def test_chinese_month_reads_chinese(world: Cast, browser_of: BrowserOf) -> None:
    page = browser_of(world.manager, language="zh-CN").get(
        reverse("calendar"), {"month": "2026-11"}
    )

    assert "<h1>2026年11月</h1>" in page.content.decode()


@pytest.mark.parametrize(
    "month", ["2026-13", "2026", "next", "0001-01", "9999-12", "2026-11-05", "２０２６-11-"]
)
def test_unknown_month_is_said_and_left_out(world: Cast, browser_of: BrowserOf, month: str) -> None:
    page = browser_of(world.manager).get(reverse("calendar"), {"month": month})

    assert "<h1>September 2026</h1>" in page.content.decode()
    assert "this filter was left out" in text_of(page)


@pytest.mark.parametrize(("month", "missing"), [("2000-01", "previous"), ("2099-12", "next")])
def test_ends_of_time_have_no_link_beyond(
    world: Cast, browser_of: BrowserOf, month: str, missing: str
) -> None:
    page = browser_of(world.manager).get(reverse("calendar"), {"month": month})

    assert [name for name in ("previous", "next") if name not in page.context] == [missing]


def test_another_persons_plant_is_no_choice(world: Cast, browser_of: BrowserOf) -> None:
    ObligationFactory.create(plant=world.other_plant, due_on=LAST)

    page = browser_of(world.group_manager).get(
        reverse("calendar"), {"plant": str(world.other_plant.pk)}
    )

    assert "this filter was left out" in text_of(page)
    assert page.context["cells"] == []


def test_day_says_counts_and_opens_what_is_due(world: Cast, browser_of: BrowserOf) -> None:
    ObligationFactory.create(plant=world.plant, due_on=TODAY.replace(day=30))
    make_obligation_at(
        State.SUBMITTED, plant=world.plant, manager=world.manager, due_on=TODAY.replace(day=30)
    )
    ObligationFactory.create(plant=world.other_plant, due_on=TODAY.replace(day=30))
    browser = browser_of(world.region_officer)
    query = {"month": "2026-09", "authority": "region-changji"}

    page = browser.get(reverse("calendar"), query)

    [cell] = page.context["cells"]
    assert cell.words == "1 due soon, 1 to review"
    assert cell.address == "/obligations/?due=2026-09-30&authority=region-changji"
    behind = browser.get(cell.address)
    assert len(behind.context["rows"]) == 2
    assert 'name="authority" value="region-changji"' in behind.content.decode()


def test_line_of_the_list_opens_the_one_or_the_list(world: Cast, browser_of: BrowserOf) -> None:
    requirement = RequirementFactory.create()
    for plant in (world.plant, world.other_plant):
        ObligationFactory.create(plant=plant, requirement=requirement, due_on=LAST)
    only = ObligationFactory.create(plant=world.plant, due_on=LAST)

    page = browser_of(world.region_officer).get(reverse("calendar"), {"view": "list"})

    [cell] = page.context["cells"]
    assert [(line.address, str(line.plant or "")) for line in cell.lines] == [
        (f"/obligations/?due=2026-09-30&requirement={requirement.code}", ""),
        (reverse("obligation", args=[only.pk]), world.plant.name_en),
    ]
    assert page.context["rows"] == []


def test_band_names_the_places_and_how_sure_it_is(world: Cast, browser_of: BrowserOf) -> None:
    for code, verification in (("changji", "verified"), ("tacheng", "to_verify")):
        StopWindowFactory.create(
            place=PlaceFactory.create(code=code),
            starts_on=date(2026, 9, 1),
            ends_on=date(2026, 9, 15),
            season="2026-27",
            verification=verification,
        )

    page = browser_of(world.region_officer).get(reverse("calendar"))

    bands = {band.label for band in bands_of(page)}
    changji, tacheng = world.plant.place.parent, world.other_plant.place.parent
    assert bands == {
        f"Kilns stop: {changji}",
        f"Kilns stop (to be verified): {tacheng}",
    }


def test_line_with_days_of_its_own_is_named_with_them_and_why(
    world: Cast, browser_of: BrowserOf
) -> None:
    StopWindowFactory.create(place=world.plant.place)
    swapped = LineFactory.create(plant=world.plant, number=2)
    SwapFactory.create(line=swapped, verification="to_verify")
    browser = browser_of(world.manager)

    page = browser.get(reverse("calendar"), {"month": "2025-11"})
    listed = browser.get(reverse("calendar"), {"month": "2025-11", "view": "list"})

    assert {(band.label, band.tone) for band in bands_of(page)} == {
        (f"Kilns stop (1 line differs): {world.plant.place}", "stop"),
        ("May run (swap: 示例批次; to be verified): Clinker line 2", "run"),
        ("Stops (peak-shifting plan of 2025-26): Clinker line 2", "stop"),
    }
    text = text_of(listed)
    for said in (
        f"2025-11-01 – 2026-04-30 {world.plant.place} · 1 line differs",
        "1 line has kiln days of its own, by swap or agreement",
        "Clinker line 2 may run 2025-11-01 – 2025-11-10 swap: 示例批次 to be verified",
        "stops 2025-11-11 – 2026-04-30 peak-shifting plan of 2025-26",
    ):
        assert said in text
    planner = reverse("plant-planner", args=[world.plant.pk])
    assert f'href="{planner}#line-2"' in listed.content.decode()


def test_officer_reads_the_plant_beside_its_line(world: Cast, browser_of: BrowserOf) -> None:
    StopWindowFactory.create(place=world.plant.place)
    SwapFactory.create(line=world.plant.lines.get())

    page = browser_of(world.region_officer).get(reverse("calendar"), {"month": "2025-11"})

    named = f"{world.plant.name_en} Clinker line 1"
    assert f"May run (swap: 示例批次): {named}" in {band.label for band in bands_of(page)}
    assert f"{named} may run 2025-11-01" in text_of(page)


def test_projected_stop_is_shown_as_projected(world: Cast, browser_of: BrowserOf) -> None:
    StopWindowFactory.create(place=world.plant.place)

    page = browser_of(world.manager).get(reverse("calendar"), {"month": "2026-11"})

    assert {(band.label, band.tone) for band in bands_of(page)} == {
        (f"Kilns stop (projected): {world.plant.place}", "stop projected")
    }
    assert f"2026-11-01 – 2027-04-30 {world.plant.place} projected" in text_of(page)


def test_grid_draws_few_lines_and_the_list_names_more(world: Cast, browser_of: BrowserOf) -> None:
    StopWindowFactory.create(place=world.plant.place)
    for number in range(2, MOST_LISTED + 3):
        SwapFactory.create(line=LineFactory.create(plant=world.plant, number=number))

    page = browser_of(world.manager).get(reverse("calendar"), {"month": "2025-11"})

    [drawn] = {band.label for band in bands_of(page) if band.tone == "run"}
    assert drawn.count("Clinker line") == MOST_DRAWN
    assert len(page.context["lines"]) == MOST_LISTED
    text = text_of(page)
    assert "55 more lines have kiln days of their own: see the list" in text
    assert "The first 60 are named here" in text


def test_empty_month_says_what_will_stand_there(world: Cast, browser_of: BrowserOf) -> None:
    assert "Nothing is due in this month" in text_of(
        browser_of(world.manager).get(reverse("calendar"), {"month": "2040-01"})
    )


@pytest.mark.parametrize("view", ["month", "list"])
@pytest.mark.parametrize("plants", [1, 3])
def test_page_asks_few_queries_however_many_plants(
    world: Cast, browser_of: BrowserOf, django_assert_num_queries: object, plants: int, view: str
) -> None:
    for number in range(plants):
        plant = PlantFactory.create(authority=world.plant.authority)
        ObligationFactory.create(plant=plant, due_on=LAST)
        ProjectFactory.create(plant=plant, planned_finish_on=LAST)
        PermitFactory.create(plant=plant, valid_until_on=LAST)
        StopWindowFactory.create(
            place=plant.place,
            starts_on=date(2026, 9, 1),
            ends_on=LAST,
            season=f"20{26 + number}-{27 + number}",
        )
        line = LineFactory.create(plant=plant)
        swapped = {"starts_on": date(2026, 9, 1), "ends_on": date(2026, 9, 10)}
        SwapFactory.create(line=line, **swapped)
        AgreementFactory.create(line=line, starts_on=date(2026, 9, 20), ends_on=LAST)
    browser = browser_of(world.changji_officer)

    with django_assert_num_queries(15):  # type: ignore[operator]
        page = browser.get(reverse("calendar"), {"view": view})

    [cell] = page.context["cells"]
    assert (cell.day.count, len(cell.day.projects)) == (plants, plants)
    assert len(page.context["lines"]) == plants
