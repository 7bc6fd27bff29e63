"""A round's samples in the browser: looked at, entered by hand and by the table, corrected."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plants.models import Outlet
from tests.annexes.books import book
from tests.factories import (
    NOW,
    Cast,
    LimitFactory,
    OutletFactory,
    PersonFactory,
    RequirementFactory,
)
from tests.web.access_to_round_rooms import make_sample
from tests.web.access_to_rounds import make_round
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tracker.audit import Event, Verb
from tracker.evidence.types import EXCEL
from tracker.rounds.models import Body, OutletTechnology, Round, Sample, Seat, Stage

pytestmark = pytest.mark.django_db
HEADING = (
    "排放口编号",
    "污染物",
    "采样开始",
    "采样结束",
    "含氧量（%）",
    "实测浓度（mg/m³）",
    "CEMS",
)
GOOD = ("DA001", "氮氧化物", "2026-08-05 09:30", "2026-08-05 10:30", "9.8", "40.5", "42")


@pytest.fixture
def monitored(world: Cast) -> Round:
    """In its monitoring in August, at a kiln tail that keeps 50 mg/m3 of NOx at 10 % oxygen."""
    tail = RequirementFactory.create(
        part="organised",
        subject_kind="outlet",
        applies={"outlet.source": "kiln_tail"},
        clause="二（一）",
    )
    LimitFactory.create(
        requirement=tail,
        pollutant="NOx",
        value=50,
        reference_oxygen_percent=Decimal(10),
        effective_from=date(2024, 1, 19),
    )
    round_ = make_round(world)
    round_.stage = Stage.MONITORING
    round_.monitoring_from_on, round_.monitoring_to_on = date(2026, 8, 1), date(2026, 8, 31)
    round_.save()
    return round_


@pytest.fixture
def manager(world: Cast, monitored: Round, browser_of: BrowserOf) -> Client:
    return browser_of(world.manager)


def page(name: str, round_: Round, *more: int) -> str:
    return reverse(name, args=[round_.pk, *more])


def changed(column: int, value: str) -> tuple[str, ...]:
    return tuple(value if at == column else each for at, each in enumerate(GOOD))


def table(*rows: tuple[str, ...], heading: tuple[str, ...] = HEADING) -> str:
    return "\n".join("\t".join(row) for row in (heading, *rows))


def paste(client: Client, round_: Round, text: str) -> Any:
    return client.post(page("round-samples-look", round_), {"table": text})


def bring(client: Client, round_: Round, *rows: tuple[object, ...]) -> Any:
    file = SimpleUploadedFile("样品.xlsx", book(("样品", rows)), EXCEL)
    return client.post(page("round-samples-look", round_), {"file": file})


def keep(client: Client, round_: Round, looked: Any) -> Any:
    sent = {"held": looked.context["held"]}
    return client.post(page("round-samples-keep", round_), sent, follow=True)


def outlet_of(round_: Round) -> Outlet:
    return Outlet.objects.get(plant=round_.plant_id, code="DA001")


def typed(**values: str) -> dict[str, str]:
    sent = {
        "pollutant": "NOx",
        "from": "2026-08-05T09:30",
        "to": "2026-08-05T10:30",
        "oxygen": "9.8",
        "measured": "40.5",
    }
    return sent | {"from" if name == "start" else name: each for name, each in values.items()}


def test_pasted_table_is_looked_at_and_kept(monitored: Round, manager: Client) -> None:
    looked = paste(manager, monitored, table(GOOD))

    assert looked.status_code == 200
    assert "DA001" in text_of(looked)
    assert "40.5 × (21 − 10) ÷ (21 − 9.8) ≈ 39.78" in text_of(looked)
    assert "Nothing is stored yet. 1 sample would be entered." in text_of(looked)
    assert not Sample.objects.exists()

    shown = text_of(keep(manager, monitored, looked))

    assert "1 sample was entered." in shown
    assert "NOₓ within 1 valid, at least 1 asked" in shown
    sample = Sample.objects.get()
    assert (sample.origin, sample.measured, sample.place) == ("pasted", Decimal("40.5"), "A2")
    [event] = Event.objects.about(monitored).filter(verb=Verb.ENTERED)
    assert event.after == {"samples": 1, "outlets": 1, "origin": "pasted", "file_name": ""}


def test_excel_out_of_the_template_names_faults_by_cell(monitored: Round, manager: Client) -> None:
    template = manager.get(page("round-samples-template", monitored))
    assert template["Content-Type"] == EXCEL

    answer = bring(manager, monitored, HEADING, changed(5, "40,5"), changed(2, "八月五日上午"))

    shown = text_of(answer)
    assert answer.status_code == 422
    assert "样品!F2" in shown
    assert "样品!C3" in shown
    assert "Nothing was stored: 2 faults" in shown

    kept = keep(manager, monitored, bring(manager, monitored, HEADING, GOOD))

    assert "1 sample was entered." in text_of(kept)
    sample = Sample.objects.get()
    assert (sample.origin, sample.file_name, sample.place) == ("file", "样品.xlsx", "样品!A2")


@pytest.mark.parametrize(
    ("row", "place", "wanted"),
    [
        (changed(5, "40.5 µg/m³"), "line 2, column F", "divide by 1,000"),
        (changed(5, "40,5"), "line 2, column F", "write a point (40.5)"),
        (changed(2, "八月五日上午"), "line 2, column C", "read as no day and time"),
        (changed(2, "05/08/2026 09:30"), "line 2, column C", "not certain which is the day"),
        (changed(2, "2026-07-31 09:30"), "line 2, column C", "2026-08-01 to 2026-08-31"),
        (changed(5, "-3"), "line 2, column F", "can't be negative"),
        (changed(5, "9999.99"), "line 2, column F", "An instrument writes this"),
        (changed(4, ""), "line 2, column E", "It is empty."),
        (changed(0, "DA999"), "line 2, column A", "no outlet with this code"),
    ],
)
def test_what_is_wrong_is_told_by_line_and_column_and_stays_to_be_mended(
    monitored: Round, manager: Client, row: tuple[str, ...], place: str, wanted: str
) -> None:
    text = table(row, (*GOOD[:2], "2026-08-06 08:00", "2026-08-06 09:00", *GOOD[4:]))

    answer = paste(manager, monitored, text)

    assert answer.status_code == 422
    assert place in text_of(answer)
    assert wanted in text_of(answer)
    assert answer.context["table"] == text
    assert "held" not in answer.context
    assert not Sample.objects.exists()


def test_outlet_of_another_plant_duplicates_and_a_foreign_table(
    world: Cast, monitored: Round, manager: Client
) -> None:
    OutletFactory.create(plant=world.other_plant, code="DA077", mn_code="65DEMO0000000000000077")

    foreign = paste(manager, monitored, table(changed(0, "65DEMO0000000000000077")))
    twice = paste(manager, monitored, table(GOOD, GOOD))
    headless = paste(manager, monitored, "no table")
    keep(manager, monitored, paste(manager, monitored, table(GOOD)))
    again = paste(manager, monitored, table(GOOD))

    assert "This is an outlet of another plant." in text_of(foreign)
    assert "line 3, column C" in text_of(twice)
    assert "No heading was found" in text_of(headless)
    assert "is there already" in text_of(again)
    assert Sample.objects.count() == 1


def test_kept_twice_or_forged_stores_nothing_more(
    world: Cast, monitored: Round, manager: Client, browser_of: BrowserOf
) -> None:
    looked = paste(manager, monitored, table(GOOD))
    colleague = browser_of(world.group_manager)

    stolen = keep(colleague, monitored, looked)
    keep(manager, monitored, looked)
    twice = keep(manager, monitored, looked)

    assert stolen.status_code == 422
    assert twice.status_code == 409
    assert "came in meanwhile" in text_of(twice)
    assert Sample.objects.count() == 1


def test_outlets_page_tells_formula_limit_cems_and_unknown_share(
    monitored: Round, manager: Client, world: Cast, browser_of: BrowserOf
) -> None:
    keep(manager, monitored, paste(manager, monitored, table(GOOD, changed(2, "2026-08-05 10:00"))))
    place = page("round-outlet", monitored, outlet_of(monitored).pk)

    shown = text_of(browser_of(world.changji_officer).get(place))

    assert "NOₓ within 2 valid, at least 1 asked · the number is not known" in shown
    assert "≤ 50 mg/m³ at 10 % O₂" in shown
    assert "二（一）" in shown
    assert "in force since 2024-01-19" in shown
    assert "39.78 40.5 × (21 − 10) ÷ (21 − 9.8) ≈ 39.78" in shown
    assert "+1.5 (+3.7 %) CEMS 42" in shown
    assert "Enter the sample" not in shown
    assert "Correct" not in shown


def test_sample_by_hand_and_its_correction_with_a_reason(monitored: Round, manager: Client) -> None:
    outlet = outlet_of(monitored)
    add = page("round-sample-add", monitored, outlet.pk)

    wrong = manager.post(add, typed(oxygen="8,5", measured="9999"))
    assert wrong.status_code == 422
    assert 'value="8,5"' in wrong.content.decode()
    assert "write a point (8.5)" in text_of(wrong)
    assert "An instrument writes this" in text_of(wrong)
    manager.post(add, typed(oxygen="21"))
    sample = Sample.objects.get()
    invalid = text_of(manager.get(page("round-outlet", monitored, outlet.pk)))
    assert "NOₓ invalid 0 valid, at least 1 asked · 1 invalid" in invalid
    assert "invalid it holds as much oxygen as air does" in invalid

    correct = page("round-sample-correct", monitored, outlet.pk, sample.pk)
    reasonless = manager.post(correct, typed())
    done = manager.post(correct, typed(reason="含氧量抄错"), follow=True)
    stale = manager.post(correct, typed(reason="再改"))

    assert "Say why the sample is corrected." in text_of(reasonless)
    assert "corrected: 含氧量抄错" in text_of(done)
    assert "O₂ 21 % → 40.5 mg/m³, O₂ 9.8 %" in text_of(done)
    assert stale.status_code == 404
    assert Sample.objects.standing().get().replaces == sample


def test_seated_monitoring_body_enters_and_a_technical_body_only_looks(
    world: Cast, monitored: Round, browser_of: BrowserOf
) -> None:
    found = {}
    for body in Body:
        person = PersonFactory.create()
        Seat.objects.create(
            round=monitored,
            person=person,
            body=body,
            organisation="示例机构",
            given_by=world.manager,
            given_at=NOW,
        )
        client = browser_of(person)
        seen = client.get(page("round-samples", monitored)).status_code
        found[body.value] = (seen, paste(client, monitored, table(GOOD)).status_code)

    assert found == {"monitoring": (200, 200), "technical": (200, 403)}


def test_technology_is_described_on_a_page_of_its_own(monitored: Round, manager: Client) -> None:
    outlet = outlet_of(monitored)
    form = {"technology": "SNCR + SCR", "parameters": "尿素"}

    done = manager.post(page("round-technology-set", monitored, outlet.pk), form, follow=True)

    assert "SNCR + SCR" in text_of(done)
    assert OutletTechnology.objects.get().parameters == "尿素"
    shown = manager.get(page("round-technology", monitored, outlet.pk)).content.decode()
    assert 'value="SNCR + SCR"' in shown


def test_many_outlets_ask_no_more_of_the_database(monitored: Round, manager: Client) -> None:
    make_sample(monitored)
    address = page("round-samples", monitored)
    with CaptureQueriesContext(connection) as few:
        manager.get(address)
    for number in range(2, 30):
        OutletFactory.create(plant=monitored.plant, code=f"DA{number:03}")

    with CaptureQueriesContext(connection) as many:
        shown = manager.get(address)

    assert len(many) == len(few)
    assert len(re.findall("DA0", text_of(shown))) == 29
    assert len(manager.get(f"{address}?show=within").context["results"]) < 29


def test_round_without_organised_emissions_has_no_samples(
    monitored: Round, manager: Client
) -> None:
    Round.objects.update(organised=False)

    assert manager.get(page("round-samples", monitored)).status_code == 404
