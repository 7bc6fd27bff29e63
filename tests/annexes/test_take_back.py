"""An applied annex taken back: what stood before stands again, or is left where others wrote."""

from datetime import date
from typing import Any

import pytest

from plants.models import Authority, Person
from tests.annexes.conftest import Receive
from tests.factories import NOW, TODAY, Cast, RequirementFactory, officer_of
from tracker.annexes.apply import StaleRecord, apply_annex
from tracker.annexes.arrange import AnnexRefused, cancel_annex
from tracker.annexes.models import AnnexImport, ImportState
from tracker.annexes.preview import read_preview
from tracker.annexes.take_back import take_back_annex
from tracker.annexes.taking_back import Outcome, preview_taking_back, read_taking_back
from tracker.audit import Actor, Event, broken_links
from tracker.obligations.models import Obligation
from tracker.obligations.schedule import schedule_obligations
from tracker.regulations.models import AnnexDate, Document

pytestmark = pytest.mark.django_db

HEADING: list[object] = ["企业名称", "有组织完成时限", "全流程完成时限"]
BACKSTOP = date(2028, 12, 31)
DUE = ("pk", "state", "due_on", "due_basis_zh", "due_basis_en")


@pytest.fixture(autouse=True)
def owed(world: Cast, plan: Document) -> None:
    schedule_obligations(today=TODAY, by=Actor(None, "tests"), at=NOW)


def by(person: Person) -> Actor:
    return Actor(person, "192.0.2.1")


def bring(
    receive: Receive, world: Cast, *rows: list[object], name: str = "附表1.xlsx"
) -> AnnexImport:
    """A list that is brought and applied."""
    annex = receive([HEADING, *rows], name=name)
    seen = read_preview(annex, world.region_officer).seen
    apply_annex(annex=annex, seen=seen, by=by(world.region_officer), at=NOW, today=TODAY)
    return annex


def take_back(annex: AnnexImport, person: Person, **changed: Any) -> Outcome:
    given = {"reason": "读错了行", "seen": read_taking_back(annex).seen, "by": by(person)}
    return take_back_annex(annex=annex, at=NOW, today=TODAY, **{**given, **changed})


def on_record() -> list[tuple[object, ...]]:
    columns = ("plant_id", "part", "document_id", "completion_on", "verification", "source")
    return list(AnnexDate.objects.order_by("plant_id", "part").values_list(*columns))


def due() -> list[tuple[object, ...]]:
    return list(Obligation.objects.order_by("pk").values_list(*DUE))


def days() -> list[tuple[str, date]]:
    return list(AnnexDate.objects.order_by("plant_id", "part").values_list("part", "completion_on"))


def test_new_dates_go_and_every_due_date_is_as_it_was(world: Cast, receive: Receive) -> None:
    before = due()
    annex = bring(receive, world, [world.plant.name_zh, "2026年底", "2027年底"])
    assert due() != before

    outcome = take_back(annex, world.region_officer)

    assert outcome == Outcome(restored=0, removed=2, left=0, plants=1, re_dated=2)
    assert (on_record(), due()) == ([], before)


def test_moved_dates_are_as_they_were_with_their_source(world: Cast, receive: Receive) -> None:
    plant, other = world.plant.name_zh, world.other_plant.name_zh
    bring(receive, world, [plant, "2026年底", "2027年底"], [other, None, "2027年底"])
    before = (on_record(), due())
    later = bring(
        receive,
        world,
        [plant, "2027年6月底", None],
        [other, "2026年6月底", "2026年底"],
        name="附表2.xlsx",
    )
    assert (on_record(), due()) != before

    outcome = take_back(later, world.region_officer)

    assert outcome == Outcome(restored=2, removed=1, left=0, plants=2, re_dated=3)
    assert (on_record(), due()) == before


def test_changes_and_their_reverses_in_turn_restore_every_date(
    world: Cast, receive: Receive
) -> None:
    seen, applied = [], []
    for number, day in enumerate(["2026年底", "2027年底", "2026年底", "2025年底"]):
        seen.append((on_record(), due()))
        row: list[object] = [world.plant.name_zh, day, "2027年底" if number else None]
        applied.append(bring(receive, world, row, name=f"附表{number}.xlsx"))

    for annex, stood in zip(reversed(applied), reversed(seen), strict=True):
        take_back(annex, world.region_officer)
        assert (on_record(), due()) == stood


def test_file_applied_again_after_it_was_taken_back_writes_again(
    world: Cast, receive: Receive
) -> None:
    row: list[object] = [world.plant.name_zh, "2026年底", None]
    first = bring(receive, world, row)
    stood = (on_record(), due())
    take_back(first, world.region_officer)

    again = bring(receive, world, row)

    assert (on_record(), due()) == stood
    take_back(again, world.region_officer)
    assert on_record() == []


def test_date_that_a_later_import_wrote_is_left(world: Cast, receive: Receive) -> None:
    name = world.plant.name_zh
    first = bring(receive, world, [name, "2026年底", "2027年底"])
    bring(receive, world, [name, "2027年6月底", None], name="附表2.xlsx")

    outcome = take_back(first, world.region_officer)

    assert outcome == Outcome(restored=0, removed=1, left=1, plants=1, re_dated=1)
    assert days() == [("organised", date(2027, 6, 30))]
    left = first.written_dates.exclude(left="").values_list("part", "left")
    assert list(left) == [("organised", "later_import")]


def test_what_was_left_goes_when_the_later_import_is_taken_back(
    world: Cast, receive: Receive
) -> None:
    """A wrong date doesn't come back by taking back what came over it."""
    before, name = due(), world.plant.name_zh
    applied = [
        bring(
            receive, world, [name, day, None if number else "2027年底"], name=f"附表{number}.xlsx"
        )
        for number, day in enumerate(["2026年底", "2027年6月底", "2026年6月底"])
    ]
    first, second, third = applied

    take_back(first, world.region_officer)
    take_back(third, world.region_officer)
    assert days() == [("organised", date(2027, 6, 30))]
    take_back(second, world.region_officer)

    assert (on_record(), due()) == ([], before)


def test_same_day_written_once_more_is_a_later_import(world: Cast, receive: Receive) -> None:
    """A, then B, then A's file again: what stands is not A's first import any more."""
    row: list[object] = [world.plant.name_zh, "2026年底", None]
    first = bring(receive, world, row)
    bring(receive, world, [world.plant.name_zh, "2027年底", None], name="附表2.xlsx")
    bring(receive, world, row)

    with pytest.raises(AnnexRefused, match="Each of its dates was changed since"):
        take_back(first, world.region_officer)

    assert days() == [("organised", date(2026, 12, 31))]


def test_date_that_was_changed_otherwise_is_left(world: Cast, receive: Receive) -> None:
    annex = bring(receive, world, [world.plant.name_zh, "2026年底", "2027年底"])
    AnnexDate.objects.filter(part="organised").update(completion_on=date(2027, 1, 31))
    AnnexDate.objects.filter(part="whole").update(source="")

    with pytest.raises(AnnexRefused, match="none can be taken back"):
        take_back(annex, world.region_officer)
    AnnexDate.objects.filter(part="whole").update(source="附表1.xlsx · 附表!C2")
    outcome = take_back(annex, world.region_officer)

    assert (outcome.removed, outcome.left) == (1, 1)
    assert [row[:2] for row in days()] == [("organised", date(2027, 1, 31))]
    assert annex.written_dates.get(part="organised").left == "changed"


def test_it_is_told_to_each_plant_with_the_reason(world: Cast, receive: Receive) -> None:
    bring(receive, world, [world.plant.name_zh, "2026年底", None])
    annex = bring(receive, world, [world.plant.name_zh, "2027年底", "2027年底"], name="附表2.xlsx")

    take_back(annex, world.region_officer, reason=" 读错了行 ")

    [told] = Event.objects.for_plant(world.plant).filter(verb="withdrew")
    assert (told.before, told.after) == (
        {"organised": "2027-12-31", "whole": "2027-12-31"},
        {"organised": "2026-12-31", "whole": None},
    )
    assert (told.thing_id, told.person, told.note) == (annex.pk, world.region_officer, "读错了行")
    assert broken_links(f"plant:{world.plant.pk}") == broken_links("site") == []
    annex.refresh_from_db()
    assert (annex.state, annex.taken_back_by, annex.taken_back_reason) == (
        ImportState.TAKEN_BACK,
        world.region_officer,
        "读错了行",
    )
    assert annex.outcome["taken_back"]["restored"] == 1
    assert annex.settled_by == world.region_officer


def test_preview_is_what_taking_back_does_and_changes_nothing(
    world: Cast, receive: Receive
) -> None:
    annex = bring(receive, world, [world.plant.name_zh, "2025年6月底", "2027年底"])
    stood = (on_record(), due())

    impact = preview_taking_back(read_taking_back(annex), today=TODAY)

    assert {move.after for move in impact.moves} == {BACKSTOP}
    assert (len(impact.moves), impact.overdue) == (2, 0)
    assert (on_record(), due()) == stood


def test_taking_back_that_moved_meanwhile_is_shown_first(world: Cast, receive: Receive) -> None:
    annex = bring(receive, world, [world.plant.name_zh, "2026年底", "2027年底"])
    seen = read_taking_back(annex).seen
    bring(receive, world, [world.plant.name_zh, "2027年6月底", None], name="附表2.xlsx")
    stood = on_record()

    with pytest.raises(StaleRecord):
        take_back(annex, world.region_officer, seen=seen)

    assert on_record() == stood


def test_refusals_change_nothing(world: Cast, receive: Receive) -> None:
    annex = bring(receive, world, [world.plant.name_zh, "2026年底", None])
    waiting = receive([HEADING, [world.plant.name_zh, "2027年底", None]])
    stood, events = (on_record(), due()), Event.objects.count()

    for refused, person, changed, why in (
        (annex, world.region_officer, {"reason": "  "}, "Say why"),
        (annex, world.changji_officer, {}, "Only the office at the top"),
        (annex, world.manager, {}, "Only the office at the top"),
        (annex, world.manager, {"by": Actor(None, "tests")}, "Only a person"),
        (waiting, world.region_officer, {}, "It has written no date"),
    ):
        with pytest.raises(AnnexRefused, match=why):
            take_back(refused, person, **changed)

    assert ((on_record(), due()), Event.objects.count()) == (stood, events)


def test_it_is_taken_back_once_and_applied_no_more(world: Cast, receive: Receive) -> None:
    annex = bring(receive, world, [world.plant.name_zh, "2026年底", None])
    take_back(annex, world.region_officer)

    with pytest.raises(AnnexRefused, match="It was taken back already"):
        take_back(annex, world.region_officer)
    with pytest.raises(AnnexRefused, match="This import was taken back"):
        cancel_annex(annex=annex, by=by(world.region_officer), at=NOW)


def test_import_from_before_dates_were_kept_is_refused(world: Cast, receive: Receive) -> None:
    annex = bring(receive, world, [world.plant.name_zh, "2026年底", None])
    annex.written_dates.all().delete()

    with pytest.raises(AnnexRefused, match="Nothing is kept of what stood before it"):
        take_back(annex, world.region_officer)


def test_dates_of_both_trees_are_taken_back_by_who_may_date_both(
    world: Cast, plan: Document, receive: Receive
) -> None:
    RequirementFactory.create(
        document=plan,
        applies={"plant.tree": "corps"},
        due={"annex": "whole", "backstop": "2028-12-31"},
    )
    both = officer_of(*Authority.objects.filter(code__in=["region", "corps"]))
    rows: list[list[object]] = [
        [p.name_zh, None, "2026年底"] for p in (world.plant, world.corps_plant)
    ]
    annex = receive([HEADING, *rows], by=both)
    seen = read_preview(annex, both).seen
    apply_annex(annex=annex, seen=seen, by=by(both), at=NOW, today=TODAY)

    with pytest.raises(AnnexRefused, match="plants of another authority"):
        take_back(annex, world.region_officer)
    take_back(annex, both)

    assert on_record() == []
