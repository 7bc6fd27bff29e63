"""A plant's transport in the browser: the rules by period, a month typed, a ledger brought."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.annexes.books import book
from tests.factories import Cast, DocumentFactory, LimitFactory, PersonFactory, RequirementFactory
from tests.rounds.transport.conftest import seat_in
from tests.rounds.transport.law import LAW
from tests.web.access_to_rounds import make_round
from tests.web.conftest import BrowserOf
from tests.web.forms_on_page import fields_of
from tests.web.pages import text_of
from tracker.evidence.types import EXCEL
from tracker.rounds.models import FleetCount, Round, TransportMonth

pytestmark = pytest.mark.django_db
HEADING = ("月份", "方向", "货物", "运输方式", "车辆类别", "运量（吨）")
RAIL = ("2026-03", "进厂", "原料", "铁路", "", "800")
ROAD = ("2026-03", "进厂", "原料", "公路", "国六", "200")
MARCH = "?from=2026-03&to=2026-03"


@pytest.fixture
def opened(world: Cast) -> Round:
    """A round of a plant that the Opinion's rows on transport bind."""
    requirement = RequirementFactory.create(
        code="opinion-transport",
        document=DocumentFactory.create(code="opinion-2024", number="环大气〔2024〕5号"),
        clause="二（三）",
        applies="always",
        part="clean_transport",
        subject_kind="plant",
    )
    for each in LAW:
        LimitFactory.create(
            requirement=requirement,
            pollutant=each.pollutant,
            comparison="at_least",
            value=each.percent,
            unit="%",
            averaging="",
            effective_from=each.effective_from,
            effective_to=each.effective_to,
        )
    return make_round(world)


@pytest.fixture
def manager(world: Cast, opened: Round, browser_of: BrowserOf) -> Client:
    return browser_of(world.manager)


def page(name: str, round_: Round) -> str:
    return reverse(name, args=[round_.pk])


def paste(client: Client, round_: Round, *rows: tuple[str, ...]) -> Any:
    table = "\n".join("\t".join(row) for row in (HEADING, *rows))
    return client.post(page("round-transport-load", round_), {"table": table}, follow=True)


def bring(client: Client, round_: Round, *rows: tuple[object, ...]) -> Any:
    file = SimpleUploadedFile("台账.xlsx", book(("台账", [HEADING, *rows])), EXCEL)
    return client.post(page("round-transport-load", round_), {"file": file}, follow=True)


def march(client: Client, round_: Round) -> str:
    return text_of(client.get(page("round-transport", round_) + MARCH))


def test_shares_rules_and_dates_of_the_period(
    world: Cast, opened: Round, manager: Client, browser_of: BrowserOf
) -> None:
    done = bring(manager, opened, RAIL, ROAD, ("2026-03", "出厂", "产品", "公路", "其他", 50))

    shown = march(browser_of(world.changji_officer), opened)

    assert "3 new, 0 corrected, 0 unchanged." in text_of(done)
    assert "by the rules in force on 2026-03-31" in shown
    assert "clean share of raw materials and fuels met 80 % 800 of 1,000 t at least 80 %" in shown
    assert "raw materials and fuels by road: new energy or China VI not asked" in shown
    assert "products by road: new energy or China VI not met 0 % 0 of 50 t" in shown
    assert "in-plant vehicles not enough data" in shown
    assert "2024-01-19 – 2025-12-31 · ended · 环大气〔2024〕5号 二（三） verified" in shown
    assert "Enter a ledger" not in shown


def test_fall_back_counts_where_the_share_is_missed(opened: Round, manager: Client) -> None:
    paste(manager, opened, (*RAIL[:5], "700"), (*ROAD[:5], "300"))

    shown = march(manager, opened)

    assert "raw materials and fuels not met 70 %" in shown
    assert "by road: new energy or China VI met 100 % 300 of 300 t" in shown


def test_missing_month_is_named_and_a_wrong_period_told(opened: Round, manager: Client) -> None:
    paste(manager, opened, RAIL)
    address = page("round-transport", opened)

    shown = text_of(manager.get(f"{address}?from=2026-03&to=2026-04"))
    backwards = text_of(manager.get(f"{address}?from=2026-04&to=2026-03"))

    assert "The ledger has no row of 1 month" in shown
    assert "2026-04 no row: not known" in shown
    assert "The last month lies before the first." in backwards


@pytest.mark.parametrize(
    ("at", "value", "wanted"),
    [
        (0, "三月", "is read as no month"),
        (0, "2026-10", "lies outside"),
        (5, "12,5", "has a decimal comma"),
        (5, "-3", "is negative"),
        (5, "9999.99", "stands for a missing value"),
        (5, "2万吨", "use one unit"),
        (3, "马车", "is not known"),
    ],
)
def test_faults_are_named_and_nothing_is_half_written(
    opened: Round, manager: Client, at: int, value: str, wanted: str
) -> None:
    bad = tuple(value if number == at else each for number, each in enumerate(RAIL))
    column = "ABCDEF"[at]

    by_file, pasted = bring(manager, opened, ROAD, bad), paste(manager, opened, ROAD, bad)

    assert (by_file.status_code, pasted.status_code) == (422, 422)
    assert f"台账!{column}3" in text_of(by_file)
    assert f"line 3, column {column}" in text_of(pasted)
    assert wanted in text_of(by_file)
    assert value in pasted.context["table"]
    assert not TransportMonth.objects.exists()


def test_row_twice_is_told_and_no_file_is_asked_for(opened: Round, manager: Client) -> None:
    twice = bring(manager, opened, RAIL, RAIL)
    none = manager.post(page("round-transport-load", opened))

    assert "The row is there already" in text_of(twice)
    assert none.status_code == 422
    assert not TransportMonth.objects.exists()


def test_month_is_typed_and_corrected_with_its_history(opened: Round, manager: Client) -> None:
    save, month = page("round-transport-month-save", opened), page("round-transport-month", opened)
    sent = {"month": "2026-03", "in-raw_material-rail-": "800", "in-raw_material-road-other": "1,5"}

    wrong = manager.post(save, sent)
    done = manager.post(save, sent | {"in-raw_material-road-other": "1.5"}, follow=True)
    form = fields_of(done, save)
    corrected = manager.post(save, form | {"in-raw_material-rail-": "900"}, follow=True)
    emptied = manager.post(save, form | {"in-raw_material-rail-": ""})

    assert wrong.status_code == 422
    assert 'value="1,5"' in wrong.content.decode()
    assert "has a decimal comma" in text_of(wrong)
    assert form["in-raw_material-rail-"] == "800"
    assert "0 new, 1 corrected, 1 unchanged." in text_of(corrected)
    assert "<del>800</del>" in corrected.content.decode()
    assert "Tonnes stood here: write 0" in text_of(emptied)
    assert TransportMonth.objects.standing().count() == 2
    assert "900" in text_of(manager.get(f"{month}?month=2026-03"))


def test_template_has_the_periods_months(opened: Round, manager: Client) -> None:
    answer = manager.get(page("round-transport-template", opened) + MARCH)

    assert answer["Content-Type"] == EXCEL
    assert answer["Content-Disposition"].startswith("attachment")


def test_fleet_is_counted_for_the_whole_kind(opened: Round, manager: Client) -> None:
    save = page("round-transport-fleet-save", opened)
    count = {"counted_on": "2026-03-15", "kind": "non_road_machine"}

    empty = manager.post(save, count)
    words = manager.post(save, count | {"new_energy-": "六"})
    manager.post(save, count | {"new_energy-": "6", "china_iv-no": "2", "china_iv-": "1"})
    ahead = manager.post(save, count | {"counted_on": "2026-09-02", "new_energy-": "6"})

    assert "Give a number at least once" in text_of(empty)
    assert "A whole number from 0 on." in text_of(words)
    assert "The day lies ahead." in text_of(ahead)
    assert FleetCount.objects.count() == 3
    shown = march(manager, opened)
    assert "non-road machines counted on 2026-03-15 not enough data" in shown
    assert "1 unsure: nobody has said whether a new-energy product exists" in shown


def test_who_has_a_seat_looks_while_the_round_is_about_transport(
    opened: Round, browser_of: BrowserOf
) -> None:
    person = PersonFactory.create()
    seat_in(opened, person)
    client = browser_of(person)
    address = page("round-transport", opened)

    seen, entered = client.get(address), paste(client, opened, RAIL)
    Round.objects.update(clean_transport=False)

    assert (seen.status_code, entered.status_code) == (200, 403)
    assert client.get(address).status_code == 404
