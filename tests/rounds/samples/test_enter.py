"""Samples come in all together or not at all, once, and only while the round takes them."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from plants.models import Outlet
from tests.factories import LineFactory, OutletFactory
from tests.rounds.samples.rounds import NOW, OPENED, actor, monitored
from tests.rounds.samples.tables import GOOD, HEADING, with_cell, workbook
from tracker.annexes.sheets import read_workbook
from tracker.audit import Actor, Event, Verb, broken_links, chain_of_plant
from tracker.rounds.models import Origin, Round, RoundStep, Sample, Stage
from tracker.rounds.samples.enter import Source, enter_samples, replace_sample
from tracker.rounds.samples.parse import Parsed, parse_pasted, parse_workbook
from tracker.rounds.samples.reading import SamplesRefused, read_known, template_of, why_no_samples

pytestmark = pytest.mark.django_db
PASTED = Source(Origin.PASTED)
LATER = with_cell(2, "2026-09-05 10:00")


def parsed(round_: Round, *rows: Any) -> Parsed:
    return parse_workbook(workbook(HEADING, *rows), read_known(round_, now=NOW))


def test_all_rows_of_a_file_and_one_event() -> None:
    world, round_ = monitored()

    count = enter_samples(
        round=round_,
        parsed=parsed(round_, GOOD, LATER),
        source=Source(Origin.FILE, "样品表.xlsx"),
        by=actor(world.manager),
        at=NOW,
    )

    first, second = Sample.objects.order_by("taken_from_at")
    assert count == 2
    assert (first.measured, first.oxygen_percent, first.cems_measured) == (
        Decimal("40.5"),
        Decimal("9.8"),
        None,
    )
    assert (first.origin, first.file_name, first.place, second.place) == (
        "file",
        "样品表.xlsx",
        "样品!A2",
        "样品!A3",
    )
    assert (first.entered_by, first.entered_at) == (world.manager, NOW)
    (event,) = Event.objects.about(round_)
    assert (event.verb, event.plant, event.after) == (
        Verb.ENTERED,
        world.plant,
        {"samples": 2, "outlets": 1, "origin": "file", "file_name": "样品表.xlsx"},
    )
    assert broken_links(chain_of_plant(world.plant.pk)) == []


def test_many_rows_and_what_stands_already() -> None:
    world, round_ = monitored()
    rows = [with_cell(2, f"2026-09-05 09:{minute:02d}") for minute in range(30)]

    enter_samples(
        round=round_, parsed=parsed(round_, *rows), source=PASTED, by=actor(world.manager), at=NOW
    )
    again = parsed(round_, rows[7])

    assert Sample.objects.count() == 30
    assert [fault.place for fault in again.faults] == ["样品!C2"]


def test_table_with_a_fault_stores_nothing_and_tells_all() -> None:
    world, round_ = monitored()
    table = parsed(round_, GOOD, with_cell(6, "40,5"), with_cell(0, "DA099"))

    with pytest.raises(SamplesRefused) as refused:
        enter_samples(round=round_, parsed=table, source=PASTED, by=actor(world.manager), at=NOW)

    assert [fault.place for fault in refused.value.faults] == ["样品!G3", "样品!C3", "样品!A4"]
    assert not Sample.objects.exists()
    assert not Event.objects.about(round_).exists()


@pytest.mark.parametrize("who", ["changji_officer", "other_manager", "auditor"])
def test_who_neither_answers_nor_measures_enters_and_corrects_nothing(who: str) -> None:
    world, round_ = monitored()
    table = parsed(round_, GOOD)
    enter_samples(round=round_, parsed=table, source=PASTED, by=actor(world.manager), at=NOW)
    stranger = actor(world.people[who])

    with pytest.raises(SamplesRefused):
        enter_samples(
            round=round_, parsed=parsed(round_, LATER), source=PASTED, by=stranger, at=NOW
        )
    with pytest.raises(SamplesRefused):
        replace_sample(
            sample=Sample.objects.get(),
            read=table.samples[0],
            reason="抄错",
            by=stranger,
            at=NOW,
        )

    assert Sample.objects.get().replaced_at is None


@pytest.mark.parametrize("rows", [1, 25])
def test_two_at_once_with_the_same_rows(rows: int) -> None:
    """Both read the table before either stored it: the second stores nothing of its own."""
    world, round_ = monitored()
    tables = [with_cell(2, f"2026-09-05 09:{minute:02d}") for minute in range(rows)]
    one, other = parsed(round_, *tables), parsed(round_, *tables, LATER)
    enter_samples(round=round_, parsed=one, source=PASTED, by=actor(world.manager), at=NOW)

    with pytest.raises(SamplesRefused):
        enter_samples(round=round_, parsed=other, source=PASTED, by=actor(world.manager), at=NOW)

    assert Sample.objects.count() == rows
    assert Event.objects.about(round_).count() == 1


@pytest.mark.parametrize("stage", Stage)
def test_only_while_monitored_or_in_a_rectification_after_it(stage: Stage) -> None:
    _world, round_ = monitored(stage)

    before = why_no_samples(round_)
    RoundStep.objects.create(
        round=round_, number=2, stage=Stage.MONITORING, entered_at=OPENED, left_at=NOW
    )
    after = why_no_samples(round_)

    assert (before is None) == (stage == Stage.MONITORING)
    rectifications = {Stage.DOCUMENT_RECTIFICATION, Stage.SITE_RECTIFICATION}
    assert (after is None) == (stage in {Stage.MONITORING} | rectifications)


@pytest.mark.parametrize(
    "fields",
    [
        {"given_up_at": NOW, "given_up_reason": "停产"},
        {"organised": False},
        {"monitoring_to_on": None},
    ],
)
def test_not_by_a_round_that_is_given_up_or_has_no_days(fields: dict[str, Any]) -> None:
    world, round_ = monitored()
    table = parsed(round_, GOOD)
    Round.objects.filter(pk=round_.pk).update(**fields)

    with pytest.raises(SamplesRefused):
        enter_samples(round=round_, parsed=table, source=PASTED, by=actor(world.manager), at=NOW)

    assert not Sample.objects.exists()


def test_monitoring_days_that_moved_since_the_table_was_read() -> None:
    world, round_ = monitored()
    table = parsed(round_, GOOD)
    Round.objects.filter(pk=round_.pk).update(monitoring_from_on=date(2026, 9, 6))

    with pytest.raises(SamplesRefused):
        enter_samples(round=round_, parsed=table, source=PASTED, by=actor(world.manager), at=NOW)

    assert not Sample.objects.exists()


def test_nobody_and_nothing() -> None:
    world, round_ = monitored()

    with pytest.raises(SamplesRefused):
        enter_samples(
            round=round_, parsed=parsed(round_, GOOD), source=PASTED, by=Actor(None, "x"), at=NOW
        )
    with pytest.raises(SamplesRefused):
        enter_samples(round=round_, parsed=Parsed(), source=PASTED, by=actor(world.manager), at=NOW)


def entered() -> tuple[Sample, Round, Actor]:
    world, round_ = monitored()
    by = actor(world.manager)
    enter_samples(round=round_, parsed=parsed(round_, GOOD), source=PASTED, by=by, at=NOW)
    return Sample.objects.get(), round_, by


def test_replaced_with_a_reason_and_both_stay() -> None:
    sample, round_, by = entered()
    (read,) = parsed(round_, with_cell(2, "2026-09-05 09:31", with_cell(6, "39.5"))).samples

    new = replace_sample(sample=sample, read=read, reason=" 录入错误 ", by=by, at=NOW)

    sample.refresh_from_db()
    assert (new.replaces, new.reason, sample.replaced_at) == (sample, "录入错误", NOW)
    assert list(Sample.objects.standing()) == [new]
    (event,) = Event.objects.about(new)
    assert (event.verb, event.note) == (Verb.CORRECTED, "录入错误")
    assert event.before is not None
    assert event.after is not None
    assert (event.before["measured"], event.after["measured"]) == ("40.5", "39.5")


def test_replaced_at_the_same_start() -> None:
    sample, round_, by = entered()
    Sample.objects.update(replaced_at=NOW)
    (read,) = parsed(round_, with_cell(6, "39.5")).samples
    Sample.objects.update(replaced_at=None)

    new = replace_sample(sample=sample, read=read, reason="录入错误", by=by, at=NOW)

    assert list(Sample.objects.standing()) == [new]


def test_replaced_once_only_with_a_reason_and_at_its_outlet() -> None:
    sample, round_, by = entered()
    OutletFactory.create(plant=round_.plant, code="DA002", line=sample.outlet.line)
    (read,) = parsed(round_, LATER).samples
    (elsewhere,) = parsed(round_, with_cell(0, "DA002", LATER)).samples

    with pytest.raises(SamplesRefused):
        replace_sample(sample=sample, read=read, reason=" ", by=by, at=NOW)
    with pytest.raises(SamplesRefused):
        replace_sample(sample=sample, read=elsewhere, reason="误填", by=by, at=NOW)
    replace_sample(sample=sample, read=read, reason="误填", by=by, at=NOW)
    with pytest.raises(SamplesRefused):
        replace_sample(sample=sample, read=read, reason="误填", by=by, at=NOW)

    assert Sample.objects.count() == 2


def test_replacement_that_meets_another_sample_changes_nothing() -> None:
    sample, round_, by = entered()
    (read,) = parsed(round_, LATER).samples
    enter_samples(round=round_, parsed=parsed(round_, LATER), source=PASTED, by=by, at=NOW)

    with pytest.raises(SamplesRefused):
        replace_sample(sample=sample, read=read, reason="误填", by=by, at=NOW)

    assert Sample.objects.standing().count() == 2


def test_outlets_of_other_lines_and_of_other_plants() -> None:
    world, round_ = monitored()
    line = Outlet.objects.get(plant=world.plant).line
    assert line is not None
    round_.lines.add(line)
    OutletFactory.create(
        plant=world.plant, code="DA005", line=LineFactory.create(plant=world.plant)
    )
    OutletFactory.create(plant=world.plant, code="DA006", line=None)
    foreign = Outlet.objects.get(plant=world.other_plant).mn_code

    found = parsed(
        round_,
        with_cell(0, "DA005"),
        with_cell(0, "DA006"),
        with_cell(0, foreign),  # type: ignore[arg-type]
        with_cell(0, Outlet.objects.get(plant=world.plant, code="DA001").mn_code),  # type: ignore[arg-type]
    )

    assert [fault.place for fault in found.faults] == ["样品!A2", "样品!A4"]
    assert [sample.place for sample in found.samples] == ["样品!A3", "样品!A5"]


def test_template_is_filled_in_and_read_again(tmp_path: Path) -> None:
    world, round_ = monitored()
    OutletFactory.create(plant=world.plant, code="DA002", name="煤磨", line=None)
    path = tmp_path / "样品表.xlsx"
    path.write_bytes(template_of(round_, now=NOW))
    untouched = parse_workbook(read_workbook(path, path.name), read_known(round_, now=NOW))
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    assert [sheet.cell(row, 1).value for row in (4, 5)] == ["DA001", "DA002"]
    for column, value in enumerate(GOOD[1:8], start=3):
        sheet.cell(4, column).value = float(value) if column in (6, 7, 8) else value
    book.save(path)

    filled = parse_workbook(read_workbook(path, path.name), read_known(round_, now=NOW))

    assert untouched.untouched == 2
    assert untouched.samples == ()
    assert list(map(str, filled.faults)) == []
    assert [(sample.place, sample.measured) for sample in filled.samples] == [
        ("手工监测样品!A4", Decimal("40.5"))
    ]


def test_template_of_another_plant_is_refused(tmp_path: Path) -> None:
    world, round_ = monitored()
    path = tmp_path / "样品表.xlsx"
    path.write_bytes(template_of(round_, now=NOW))
    Round.objects.filter(pk=round_.pk).update(plant=world.other_plant)

    found = parse_workbook(read_workbook(path, path.name), read_known(Round.objects.get(), now=NOW))

    assert [(fault.place, fault.found) for fault in found.faults] == [
        ("手工监测样品!A2", world.plant.credit_code)
    ]


def test_pasted_out_of_excel() -> None:
    world, round_ = monitored()
    text = "\n".join("\t".join(row) for row in (HEADING, GOOD))

    found = parse_pasted(text, read_known(round_, now=NOW))

    assert [sample.place for sample in found.samples] == ["A2"]
    enter_samples(round=round_, parsed=found, source=PASTED, by=actor(world.manager), at=NOW)
    assert Sample.objects.get().taken_from_at.date() == date(2026, 9, 5)
