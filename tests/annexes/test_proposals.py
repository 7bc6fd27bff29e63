"""Rows matched to plants and held against the record: what is new, moved, the same, or wrong."""

from collections.abc import Iterator, Mapping
from datetime import date

import pytest
from django.utils import translation

from tracker.annexes.matching import KnownPlant, Plants, plain_name
from tracker.annexes.proposals import Effect, OnRecord, Proposal, Slot, Standing, propose
from tracker.annexes.rows import Day, Problem, Row
from tracker.regulations.models import AnnexPart

JUNE, DECEMBER = date(2026, 6, 30), date(2026, 12, 31)
CODE = "91650000MA77777777"
TIANSHAN = KnownPlant(1, "示例天山水泥有限责任公司", CODE, (f"{CODE}001P",), "Example Tianshan")
HONGSHAN = KnownPlant(2, "示例红山水泥（昌吉）有限公司", "91650000MA88888888", ("91650000888P",))
TWIN = KnownPlant(3, "示例天山水泥有限公司", "91650000MA99999999")
PLANTS = Plants([TIANSHAN, HONGSHAN])
STANDING = Standing(7, "verified")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def row(
    name: str = "", code: str = "", permit: str = "", *, day: date = JUNE, number: int = 2
) -> Row:
    days = (Day(AnnexPart.WHOLE, f"附表!C{number}", day.isoformat(), day),)
    return Row(f"0-{number}", f"附表!B{number}", name, code, permit, "", days, ())


def proposed(
    *rows: Row,
    plants: Plants = PLANTS,
    record: Mapping[Slot, OnRecord] | None = None,
    chosen: Mapping[str, int] | None = None,
    left_out: frozenset[str] = frozenset(),
) -> list[Proposal]:
    return propose(rows, plants, record or {}, STANDING, chosen=chosen or {}, left_out=left_out)


@pytest.mark.parametrize(
    "name",
    [
        "示例天山水泥有限责任公司",
        "示例天山水泥有限公司",
        " 示例天山水泥 有限公司",
        "示例天山水泥",
        "Example Tianshan",
    ],
)
def test_plant_is_found_by_its_name(name: str) -> None:
    assert PLANTS.match(row(name)).plants == (1,)


@pytest.mark.parametrize("name", ["示例红山水泥(昌吉)有限公司", "示例红山水泥昌吉有限责任公司"])
def test_brackets_do_not_matter(name: str) -> None:
    assert plain_name(name) == plain_name(HONGSHAN.name)


def test_numbers_come_before_the_name() -> None:
    assert PLANTS.match(row("旧厂名", f" {CODE.lower()} ")).plants == (1,)
    assert PLANTS.match(row("旧厂名", permit="９１６５００００８８８P")).plants == (2,)
    assert PLANTS.match(row("旧厂名", "916500001234")).plants == ()


def test_number_that_excel_rounded_off_hinders_nothing() -> None:
    [proposal] = proposed(row("示例天山水泥有限公司", "9.165E+17"))

    assert (proposal.plant_id, proposal.problems) == (1, [])


@pytest.mark.parametrize(
    ("given", "to_choose", "sentence"),
    [
        (
            row("示例红山水泥（昌吉）有限公司", CODE),
            (1, 2),
            "The row's name and numbers fit several plants: choose one.",
        ),
        (
            row("示例红山水泥（昌吉）有限公司", "91650000MA00000000"),
            (2,),
            "No plant has this credit code; the row's name or permit number fits one: choose.",
        ),
        (row("示例天池水泥"), (), "No plant under this plan and your authority is called so."),
        (row(), (), "The row has a date but names no plant."),
    ],
)
def test_row_that_is_not_sure_waits_for_a_choice(
    given: Row, to_choose: tuple[int, ...], sentence: str
) -> None:
    [proposal] = proposed(given)

    assert (proposal.plant_id, proposal.to_choose) == (None, to_choose)
    assert proposal.problems == [Problem("附表!B2", sentence)]
    assert not proposal.is_chosen


def test_name_of_two_plants_is_chosen() -> None:
    both = Plants([TIANSHAN, TWIN])

    [open_one] = proposed(row("示例天山水泥有限公司"), plants=both)
    [chosen] = proposed(row("示例天山水泥有限公司"), plants=both, chosen={"0-2": 3})

    assert (open_one.plant_id, open_one.to_choose) == (None, (1, 3))
    assert (chosen.plant_id, chosen.problems) == (3, [])


def test_choice_of_a_plant_out_of_reach_counts_for_nothing() -> None:
    [proposal] = proposed(row("示例天池水泥"), chosen={"0-2": 99})

    assert proposal.plant_id is None


def test_near_misses_are_offered_the_nearest_first() -> None:
    assert PLANTS.near("示例天山水泥集团有限公司") == (1, 2)
    assert PLANTS.near("某某化工厂") == ()


def on_record(day: date, *, document: int = 7, verification: str = "verified") -> OnRecord:
    return OnRecord(document, day, verification)


@pytest.mark.parametrize(
    ("before", "effect"),
    [
        (None, Effect.NEW),
        (on_record(DECEMBER), Effect.MOVED),
        (on_record(JUNE, document=8), Effect.CHECKED),
        (on_record(JUNE, verification="to_verify"), Effect.CHECKED),
        (on_record(JUNE), Effect.SAME),
    ],
)
def test_day_is_held_against_the_record(before: OnRecord | None, effect: Effect) -> None:
    record = {(1, AnnexPart.WHOLE): before} if before else {}

    [proposal] = proposed(row("示例天山水泥"), record=record)

    assert [change.effect for change in proposal.changes] == [effect]
    assert proposal.can_be_chosen == (effect != Effect.SAME)


def test_row_left_out_is_not_chosen() -> None:
    [proposal] = proposed(row("示例天山水泥"), left_out=frozenset({"0-2"}))

    assert (proposal.can_be_chosen, proposal.is_chosen) == (True, False)


def test_two_dates_for_one_plant_name_both_cells() -> None:
    first, second, third = proposed(
        row("示例天山水泥", day=JUNE, number=2),
        row(code=CODE, day=DECEMBER, number=9),
        row("示例红山水泥昌吉", day=DECEMBER, number=3),
    )

    assert first.problems == [
        Problem(
            "附表!C2",
            "Two dates for one plant (whole plant): 2026-06-30 here, 2026-12-31 in 附表!C9.",
        )
    ]
    assert second.problems == [
        Problem(
            "附表!C9",
            "Two dates for one plant (whole plant): 2026-12-31 here, 2026-06-30 in 附表!C2.",
        )
    ]
    assert third.problems == []


def test_same_date_twice_is_no_problem() -> None:
    proposals = proposed(row("示例天山水泥"), row("示例天山水泥", number=3))

    assert [proposal.problems for proposal in proposals] == [[], []]
