"""Swaps and agreements: entered by the plant's officer, within what the plan says, ended once."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from plants.kilns import read_kilns
from plants.models import Agreement, Line, Person, Swap, SwapKind
from plants.windows import Cause
from tests.factories import NOW, Cast, LineFactory, StopWindowFactory, cast
from tracker import audit
from tracker.obligations.windows import WindowRefused, add_agreement, add_swap, end_approval

pytestmark = pytest.mark.django_db

WINTER = (date(2025, 11, 1), date(2026, 4, 30))
JUNE = (date(2026, 6, 1), date(2026, 6, 30))


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def world() -> Cast:
    made = cast()
    for first, last in (WINTER, JUNE):
        StopWindowFactory.create(place=made.plant.place, starts_on=first, ends_on=last)
        StopWindowFactory.create(place=made.corps_plant.place, starts_on=first, ends_on=last)
    return made


@pytest.fixture
def line(world: Cast) -> Line:
    return world.plant.lines.get()


@pytest.fixture
def slag(world: Cast) -> Line:
    return LineFactory.create(plant=world.plant, number=2, carbide_slag=True)


def actor(person: Person) -> audit.Actor:
    return audit.Actor(person, "tests")


def swap_of(line: Line, kind: str, first: date, last: date, **fields: Any) -> Swap:
    return Swap(
        line=line,
        kind=kind,
        starts_on=first,
        ends_on=last,
        document="2025—2026年度第四批",
        approved_by="示例州工业和信息化局",
        verification="verified",
        **fields,
    )


def agreement_of(line: Line, partner: Line | None, **fields: Any) -> Agreement:
    given: dict[str, Any] = {
        "season": "2025-26",
        "starts_on": date(2025, 12, 1),
        "ends_on": date(2025, 12, 31),
        "partner_starts_on": date(2026, 7, 1),
        "partner_ends_on": date(2026, 7, 31),
        "filed_on": date(2025, 11, 25),
        "document": "错峰置换协议（示例）",
        "verification": "verified",
        **fields,
    }
    return Agreement(line=line, partner=partner, **given)


def stops_of(line: Line) -> list[tuple[date, date, Cause]]:
    """As read with all lines of its plant, as a page does."""
    lines = list(line.plant.lines.all())
    kilns = read_kilns(line.plant.place, lines, until=date(2026, 10, 31)).kilns
    [windows] = [kiln.windows for kiln in kilns if kiln.line == line]
    return [(w.starts_on, w.ends_on, w.cause) for w in windows]


def refusal(deed: Any, **given: Any) -> str:
    with pytest.raises(WindowRefused) as refused:
        deed(at=NOW, **given)
    return str(refused.value)


def test_swap_moves_the_stop_and_stands_in_the_history(world: Cast, line: Line) -> None:
    officer = actor(world.changji_officer)
    run = swap_of(line, SwapKind.RUN, date(2025, 11, 1), date(2025, 11, 10))
    stop = swap_of(line, SwapKind.STOP, date(2026, 7, 1), date(2026, 7, 10))

    for swap in (run, stop):
        add_swap(swap=swap, by=officer, at=NOW)

    assert stops_of(line) == [
        (date(2025, 11, 11), date(2026, 4, 30), Cause.PLAN),
        (*JUNE, Cause.PLAN),
        (date(2026, 7, 1), date(2026, 7, 10), Cause.SWAP),
    ]
    events = audit.Event.objects.for_plant(world.plant)
    assert [(e.verb, e.thing_kind, e.after["kind"]) for e in events if e.after] == [
        ("created", "swap", "stop"),
        ("created", "swap", "run"),
    ]


@pytest.mark.parametrize(
    ("kind", "first", "last", "said"),
    [
        ("run", date(2026, 5, 1), date(2026, 5, 10), "nothing to be let off"),
        ("run", date(2026, 4, 25), date(2026, 5, 5), "outside the line's stop windows"),
        ("run", date(2025, 12, 10), date(2025, 12, 1), "lies before the first"),
        ("run", date(2025, 12, 10), date.max, "This year can't be right."),
        ("stop", date(9999, 1, 1), date.max, "This year can't be right."),
        ("stop", date.min, date(2025, 10, 1), "This year can't be right."),
        ("run", date(2025, 11, 5), date(2025, 11, 20), "may run on some of these days already"),
        ("stop", date(2026, 5, 25), date(2026, 6, 5), "stops on some of these days already"),
        ("stop", date(2025, 11, 2), date(2025, 11, 3), "was let run"),
    ],
)
def test_days_that_contradict_what_is_known_are_refused(
    world: Cast, line: Line, kind: str, first: date, last: date, said: str
) -> None:
    officer = actor(world.changji_officer)
    add_swap(
        swap=swap_of(line, SwapKind.RUN, date(2025, 11, 1), date(2025, 11, 10)), by=officer, at=NOW
    )

    assert said in refusal(add_swap, swap=swap_of(line, kind, first, last), by=officer)
    assert Swap.objects.count() == 1


@pytest.mark.parametrize("who", ["manager", "group_manager", "corps_officer", "administrator"])
def test_only_the_plants_officer_enters_and_ends(world: Cast, line: Line, who: str) -> None:
    other, swap = actor(world.people[who]), swap_of(line, SwapKind.STOP, *[date(2026, 7, 1)] * 2)
    assert "Only an officer" in refusal(add_swap, swap=swap, by=other)

    add_swap(swap=swap, by=actor(world.changji_officer), at=NOW)

    given = {"approval": swap, "ended_on": swap.starts_on, "reason": "x", "by": other}
    assert "Only an officer" in refusal(end_approval, **given)


def test_agreement_lets_one_line_run_and_stops_the_other(
    world: Cast, line: Line, slag: Line
) -> None:
    third = LineFactory.create(plant=world.plant, number=3)
    assert stops_of(slag) == stops_of(line)  # without an agreement it stops like all

    add_agreement(agreement=agreement_of(slag, line), by=actor(world.changji_officer), at=NOW)

    assert stops_of(slag) == [
        (date(2025, 11, 1), date(2025, 11, 30), Cause.PLAN),
        (date(2026, 1, 1), date(2026, 4, 30), Cause.PLAN),
        (*JUNE, Cause.PLAN),
    ]
    assert stops_of(line)[-1] == (date(2026, 7, 1), date(2026, 7, 31), Cause.AGREEMENT)
    assert stops_of(third) == [(*WINTER, Cause.PLAN), (*JUNE, Cause.PLAN)]


def test_agreement_stands_in_both_plants_histories(world: Cast, slag: Line) -> None:
    other = LineFactory.create(plant=world.other_plant, number=2)
    region = actor(world.region_officer)

    add_agreement(agreement=agreement_of(slag, other), by=region, at=NOW)

    told = [
        audit.Event.objects.for_plant(plant).filter(thing_kind="agreement").count()
        for plant in (world.plant, world.other_plant, world.corps_plant)
    ]
    assert told == [1, 1, 0]


def test_agreement_is_for_carbide_slag_and_ordinary_partners_in_sight(
    world: Cast, line: Line, slag: Line
) -> None:
    by = actor(world.changji_officer)
    corps, second = world.corps_plant.lines.get(), LineFactory.create(carbide_slag=True)
    second.plant.authority = world.plant.authority
    asked = [
        agreement_of(line, slag),
        agreement_of(slag, corps),
        agreement_of(slag, second),
        agreement_of(slag, slag),
        agreement_of(slag, line, partner_starts_on=date(2026, 6, 20)),
    ]

    said = [refusal(add_agreement, agreement=agreement, by=by) for agreement in asked]

    assert said == [
        "Only a carbide-slag line runs by a replacement agreement.",
        "The line that stops is under another authority: give its name instead.",
        "The line that stops has to be an ordinary one.",
        "A line can't stop instead of itself.",
        "The kiln stops on some of these days already.",
    ]


def test_partner_elsewhere_is_named_and_may_owe_a_number_of_days(world: Cast, slag: Line) -> None:
    agreement = agreement_of(
        slag, None, partner_name="某厂1号线", partner_starts_on=None, partner_ends_on=None, days=31
    )

    add_agreement(agreement=agreement, by=actor(world.changji_officer), at=NOW)

    assert stops_of(slag)[0] == (date(2025, 11, 1), date(2025, 11, 30), Cause.PLAN)
    assert Agreement.objects.get().partner_said == "某厂1号线"


def test_ended_swap_holds_until_the_day_before_and_ends_once(world: Cast, line: Line) -> None:
    by = actor(world.changji_officer)
    swap = swap_of(line, SwapKind.RUN, date(2025, 11, 1), date(2025, 11, 10))
    add_swap(swap=swap, by=by, at=NOW)
    given: dict[str, Any] = {"approval": swap, "by": by}

    assert "Say why" in refusal(end_approval, **given, ended_on=date(2025, 11, 5), reason=" ")
    assert "from 2025-11-01 to 2025-11-10" in refusal(
        end_approval, **given, ended_on=date(2025, 11, 11), reason="x"
    )
    end_approval(**given, ended_on=date(2025, 11, 5), reason="重污染天气", at=NOW)

    assert stops_of(line)[0] == (date(2025, 11, 5), date(2026, 4, 30), Cause.PLAN)
    assert "already" in refusal(end_approval, **given, ended_on=date(2025, 11, 6), reason="x")
    event = audit.Event.objects.for_plant(world.plant)[0]
    assert (event.verb, event.after, event.note) == (
        "changed",
        {"ended_on": "2025-11-05"},
        "重污染天气",
    )


def test_ended_on_its_first_day_it_never_held_and_can_be_entered_anew(
    world: Cast, line: Line
) -> None:
    by = actor(world.changji_officer)
    days = (date(2025, 11, 1), date(2025, 11, 10))
    before = stops_of(line)
    swap = add_swap(swap=swap_of(line, SwapKind.RUN, *days), by=by, at=NOW)

    end_approval(approval=swap, ended_on=days[0], reason="误录", by=by, at=NOW)
    taken_back = stops_of(line)
    add_swap(swap=swap_of(line, SwapKind.RUN, *days), by=by, at=NOW)

    assert taken_back == before
    assert stops_of(line)[0] == (date(2025, 11, 11), WINTER[1], Cause.PLAN)


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_on": date(2025, 10, 1)},
        {"document": ""},
        {"approved_by": ""},
        {"ended_on": date(2027, 1, 1)},
    ],
)
def test_database_refuses_a_wrong_swap(line: Line, wrong: dict[str, Any]) -> None:
    swap = swap_of(line, SwapKind.RUN, date(2025, 11, 1), date(2025, 11, 10))
    for name, value in wrong.items():
        setattr(swap, name, value)

    with pytest.raises(IntegrityError), transaction.atomic():
        swap.save()


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_on": date(2025, 10, 1)},
        {"document": ""},
        {"partner_name": "某厂1号线"},
        {"partner": None},
        {"partner_ends_on": date(2026, 6, 1)},
        {"partner_ends_on": None},
        {"days": 31},
        {"partner_starts_on": None, "partner_ends_on": None},
        {"ended_on": date(2026, 8, 1)},
        {"ended_on": date(2025, 11, 30)},
    ],
)
def test_database_refuses_a_wrong_agreement(line: Line, slag: Line, wrong: dict[str, Any]) -> None:
    agreement = agreement_of(slag, line)
    for name, value in wrong.items():
        setattr(agreement, name, value)

    with pytest.raises(IntegrityError), transaction.atomic():
        agreement.save()
