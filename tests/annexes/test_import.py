"""An annex from its upload to its end: who may, what is written, what is told, and only once."""

from datetime import date
from typing import Any

import pytest

from plants.models import Person
from tests.annexes.conftest import NAME, Receive
from tests.factories import NOW, TODAY, Cast, DocumentFactory, RequirementFactory
from tracker.annexes.apply import Outcome, StaleRecord, apply_annex
from tracker.annexes.arrange import AnnexRefused, arrange_columns, cancel_annex, choose_rows
from tracker.annexes.columns import Column, Layout
from tracker.annexes.models import AnnexImport, ImportState
from tracker.annexes.preview import read_preview
from tracker.annexes.rights import documents_for, plants_in_reach, reaches
from tracker.audit import Actor, Event, broken_links
from tracker.obligations.models import Obligation
from tracker.obligations.schedule import schedule_obligations
from tracker.regulations.models import AnnexDate, Document

pytestmark = pytest.mark.django_db

HEADING: list[object] = ["企业名称", "有组织完成时限", "全流程完成时限"]
SAME = Outcome(new=0, moved=0, checked=0, plants=0, re_dated=0)


def by(person: Person) -> Actor:
    return Actor(person, "192.0.2.1")


def apply(annex: AnnexImport, person: Person, *, seen: str | None = None) -> Outcome:
    if seen is None:
        seen = read_preview(annex, person).seen
    return apply_annex(annex=annex, seen=seen, by=by(person), at=NOW, today=TODAY)


def on_record() -> list[tuple[object, ...]]:
    columns = ("plant__code", "part", "completion_on", "verification", "source")
    return list(AnnexDate.objects.order_by("plant__pk", "part").values_list(*columns))


def test_annex_is_for_those_at_the_top_of_the_plans_tree(world: Cast, plan: Document) -> None:
    corps_plan = DocumentFactory.create()
    RequirementFactory.create(
        document=corps_plan,
        applies={"all": [{"plant.tree": "corps"}, {"plant.kind": "clinker"}]},
        due={"annex": "whole", "backstop": "2028-12-31"},
    )
    RequirementFactory.create(applies={"plant.tree": "region"})

    may = {name: documents_for(person) for name, person in world.people.items()}

    assert reaches() == {plan.pk: {"region"}, corps_plan.pk: {"corps"}}
    assert {name: found for name, found in may.items() if found} == {
        "region_officer": [plan],
        "administrator": [corps_plan, plan],
    }
    assert plants_in_reach(world.region_officer, plan) == [world.plant, world.other_plant]
    assert plants_in_reach(world.administrator, corps_plan) == [world.corps_plant]


def test_others_are_refused(world: Cast, receive: Receive) -> None:
    with pytest.raises(AnnexRefused, match="Only the office at the top"):
        receive([HEADING], by=world.changji_officer)

    assert AnnexImport.objects.count() == 0


def test_upload_guesses_and_changes_no_date(world: Cast, receive: Receive) -> None:
    annex = receive([HEADING, [world.plant.name_zh, "2026年6月底", None]])

    assert annex.layouts_by_sheet() == {
        "附表": Layout(0, 0, {0: "name", 1: "organised", 2: "whole"})
    }
    assert on_record() == []
    assert [event.verb for event in Event.objects.about(annex)] == ["uploaded"]
    assert list(AnnexImport.objects.visible_to(world.region_officer)) == [annex]
    assert list(AnnexImport.objects.visible_to(world.changji_officer)) == []


def test_applied_dates_name_file_and_cell_and_are_told_to_each_plant(
    world: Cast, receive: Receive
) -> None:
    annex = receive(
        [
            HEADING,
            [world.plant.name_zh, "2026年6月底", date(2027, 12, 31)],
            [world.other_plant.name_zh, None, "2026年底"],
        ]
    )

    outcome = apply(annex, world.region_officer)

    assert outcome == Outcome(new=3, moved=0, checked=0, plants=2, re_dated=0)
    assert on_record() == [
        (world.plant.code, "organised", date(2026, 6, 30), "verified", f"{NAME} · 附表!B2"),
        (world.plant.code, "whole", date(2027, 12, 31), "verified", f"{NAME} · 附表!C2"),
        (world.other_plant.code, "whole", date(2026, 12, 31), "verified", f"{NAME} · 附表!C3"),
    ]
    [told] = Event.objects.for_plant(world.plant).filter(verb="loaded")
    assert (told.before, told.after) == (
        {"organised": None, "whole": None},
        {"organised": "2026-06-30", "whole": "2027-12-31"},
    )
    assert (told.person, told.thing_id) == (world.region_officer, annex.pk)
    assert told.note == "附表!B2 · 附表!C2"
    for chain in (f"plant:{world.plant.pk}", f"plant:{world.other_plant.pk}", "site"):
        assert broken_links(chain) == []
    annex.refresh_from_db()
    assert (annex.state, annex.settled_by, annex.outcome["new"]) == (
        ImportState.APPLIED,
        world.region_officer,
        3,
    )


def test_same_file_again_changes_nothing(world: Cast, receive: Receive) -> None:
    rows: list[list[object]] = [HEADING, [world.plant.name_zh, "2026年6月底", "2027年底"]]
    first = receive(rows)
    apply(first, world.region_officer)
    before = (on_record(), Event.objects.for_plant(world.plant).count())

    again = receive(rows)
    outcome = apply(again, world.region_officer)

    assert outcome == SAME
    assert not outcome.changed_anything
    assert (on_record(), Event.objects.for_plant(world.plant).count()) == before


def test_applying_again_is_refused_and_changes_nothing(world: Cast, receive: Receive) -> None:
    annex = receive([HEADING, [world.plant.name_zh, "2026年6月底", None]])
    apply(annex, world.region_officer)
    events = Event.objects.count()

    with pytest.raises(AnnexRefused, match="has been applied already"):
        apply(annex, world.region_officer)

    assert Event.objects.count() == events


def test_moved_date_keeps_the_old_one_in_the_history(world: Cast, receive: Receive) -> None:
    apply(
        receive([HEADING, [world.plant.name_zh, "2026年6月底", "2027年底"]]), world.region_officer
    )

    later = receive([HEADING, [world.plant.name_zh, "2026年底", "2027年底"]], name="附表2.xlsx")
    outcome = apply(later, world.region_officer)

    assert outcome == Outcome(new=0, moved=1, checked=0, plants=1, re_dated=1)
    told = Event.objects.for_plant(world.plant).filter(thing_id=later.pk).get()
    assert (told.before, told.after) == (
        {"organised": "2026-06-30"},
        {"organised": "2026-12-31"},
    )
    assert [row[-1] for row in on_record()] == ["附表2.xlsx · 附表!B2", f"{NAME} · 附表!C2"]


def test_only_chosen_rows_without_a_problem_are_written(world: Cast, receive: Receive) -> None:
    annex = receive(
        [
            HEADING,
            [world.plant.name_zh, "2026年6月底", None],
            [world.other_plant.name_zh, "2026年6月底", None],
            ["别处的水泥厂", "2026年6月底", None],
        ]
    )

    choose_rows(
        annex=annex,
        shown=["0-2", "0-3"],
        taken=["0-3"],
        plants={},
        by=by(world.region_officer),
        at=NOW,
    )
    apply(annex, world.region_officer)

    assert [row[0] for row in on_record()] == [world.other_plant.code]


def test_plant_of_the_other_tree_is_not_reached(world: Cast, receive: Receive) -> None:
    annex = receive([HEADING, [world.corps_plant.name_zh, "2026年6月底", None]])

    [proposal] = read_preview(annex, world.administrator).proposals

    assert proposal.problems[0].place == "附表!A2"
    with pytest.raises(AnnexRefused, match="settle its problems first"):
        apply(annex, world.administrator)
    assert on_record() == []


def test_chosen_plant_is_taken_and_can_be_taken_back(world: Cast, receive: Receive) -> None:
    annex = receive([HEADING, ["示例水泥旧名", "2026年6月底", None]])
    given: dict[str, Any] = {"annex": annex, "by": by(world.region_officer), "at": NOW}

    choose_rows(shown=[], taken=[], plants={"0-2": world.plant.pk}, **given)
    [chosen] = read_preview(annex, world.region_officer).proposals
    choose_rows(shown=[], taken=[], plants={"0-2": None}, **given)
    [open_one] = read_preview(annex, world.region_officer).proposals

    assert (chosen.plant_id, open_one.plant_id) == (world.plant.pk, None)
    assert [event.verb for event in Event.objects.about(annex)] == [
        "changed",
        "changed",
        "uploaded",
    ]


def test_two_columns_for_one_thing_are_refused(world: Cast, receive: Receive) -> None:
    annex = receive([HEADING, [world.plant.name_zh, "2026年6月底", None]])
    twice = Layout(0, 0, {0: Column.NAME, 1: Column.WHOLE, 2: Column.WHOLE})

    with pytest.raises(AnnexRefused, match="two columns are taken for “date: whole plant”"):
        arrange_columns(annex=annex, layouts={"附表": twice}, by=by(world.region_officer), at=NOW)

    annex.refresh_from_db()
    assert annex.layouts_by_sheet()["附表"].kinds[1] == "organised"


def test_columns_said_by_hand_are_read(world: Cast, receive: Receive) -> None:
    annex = receive([["厂子", "何时"], [world.plant.name_zh, "2026年6月底"]])
    assert not annex.layouts_by_sheet()["附表"].is_table

    layout = Layout(0, 0, {0: Column.NAME, 1: Column.FUGITIVE})
    arrange_columns(annex=annex, layouts={"附表": layout}, by=by(world.region_officer), at=NOW)
    apply(annex, world.region_officer)

    assert [row[:3] for row in on_record()] == [(world.plant.code, "fugitive", date(2026, 6, 30))]


def test_record_that_moved_meanwhile_is_shown_first(world: Cast, receive: Receive) -> None:
    annex = receive([HEADING, [world.plant.name_zh, "2026年6月底", None]])
    seen = read_preview(annex, world.region_officer).seen
    other = receive([HEADING, [world.plant.name_zh, "2026年底", None]], name="另一份.xlsx")
    apply(other, world.region_officer)

    with pytest.raises(StaleRecord):
        apply_annex(annex=annex, seen=seen, by=by(world.region_officer), at=NOW, today=TODAY)

    annex.refresh_from_db()
    assert annex.state == ImportState.UPLOADED
    assert [row[2] for row in on_record()] == [date(2026, 12, 31)]


def test_cancelled_import_is_applied_no_more(world: Cast, receive: Receive) -> None:
    annex = receive([HEADING, [world.plant.name_zh, "2026年6月底", None]])
    cancel_annex(annex=annex, by=by(world.region_officer), at=NOW)

    with pytest.raises(AnnexRefused, match="was cancelled"):
        apply(annex, world.region_officer)

    assert on_record() == []


def test_open_obligation_follows_the_annex(world: Cast, receive: Receive, plan: Document) -> None:
    schedule_obligations(today=TODAY, by=Actor(None, "tests"), at=NOW)
    owed = Obligation.objects.filter(plant=world.plant, requirement__document=plan)
    assert {each.due_on for each in owed} == {date(2028, 12, 31)}

    annex = receive([HEADING, [world.plant.name_zh, "2026年底", "2027年底"]])
    outcome = apply(annex, world.region_officer)

    assert outcome.re_dated == 2
    assert sorted(each.due_on for each in owed.all()) == [date(2026, 12, 31), date(2027, 12, 31)]
