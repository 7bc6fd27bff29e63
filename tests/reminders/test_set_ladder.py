"""Setting ladders: limits, the preview against the planner, who may, and who was faster."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils.translation import override

from plants.models import Authority, Person
from tests.factories import (
    NOW,
    TODAY,
    ObligationFactory,
    PlantFactory,
    RequirementFactory,
    administrator_of,
    manager_of,
    officer_of,
)
from tracker.audit import Actor, Event
from tracker.reminders.ladder import Rungs
from tracker.reminders.ladder_words import describe_rungs
from tracker.reminders.ladders import USUAL
from tracker.reminders.models import Ladder, Receiver, Reminder
from tracker.reminders.plan import plan_reminders
from tracker.reminders.set_ladder import (
    LadderRefused,
    Scope,
    StaleLadder,
    find_faults,
    mark_of,
    remove_ladder,
    set_ladder,
)
from tracker.reminders.supposed import days_told, lines_at, suppose

MANAGER, OFFICER, REVIEWER = Receiver.MANAGER, Receiver.OFFICER, Receiver.REVIEWER


@pytest.mark.parametrize(
    ("receiver", "rungs", "english", "chinese"),
    [
        (
            MANAGER,
            USUAL[MANAGER],
            "90, 30, 14, 7 and 1 days before, on the day, then every 7 days until handed in",
            "提前 90、30、14、7和1 天，到期当天，之后每7天一次，直到提交",
        ),
        (
            MANAGER,
            Rungs((1, 0)),
            "1 day before, on the day, nothing after it",
            "提前 1 天，到期当天，之后不再提醒",
        ),
        (
            MANAGER,
            Rungs((0,), 3, 7, 31),
            "on the day, 3 days overdue, then every 7 days until 31 days overdue",
            "到期当天，逾期3天，之后每7天一次，直到逾期31天",
        ),
        (OFFICER, Rungs((), 7), "once more 7 days overdue", "逾期7天再提醒一次"),
        (
            REVIEWER,
            Rungs((), 1, 1),
            "1 day after it was handed in, then every day until decided",
            "提交后1天，之后每1天一次，直到审核完毕",
        ),
    ],
)
def test_ladder_reads_as_a_sentence(
    receiver: str, rungs: Rungs, english: str, chinese: str
) -> None:
    with override("en"):
        assert describe_rungs(rungs, receiver) == english
    with override("zh-hans"):
        assert describe_rungs(rungs, receiver) == chinese


@pytest.mark.parametrize(
    ("receiver", "rungs", "fields"),
    [
        *((receiver, rungs, []) for receiver, rungs in USUAL.items()),
        (MANAGER, Rungs((0,)), []),
        (MANAGER, Rungs((365, 0), 365, 365, 365), []),
        (MANAGER, Rungs((366, 0)), ["before"]),
        (MANAGER, Rungs((7, 1)), ["before"]),
        (MANAGER, Rungs(()), ["before"]),
        (MANAGER, Rungs((7, 7, 0)), ["before"]),
        (MANAGER, Rungs(tuple(range(12))), []),
        (MANAGER, Rungs(tuple(range(13))), ["before"]),
        (MANAGER, Rungs((0,), None, 7), ["first_after"]),
        (MANAGER, Rungs((0,), 7, None, 30), ["every"]),
        (MANAGER, Rungs((0,), 7, 7, 6), ["last_after"]),
        (MANAGER, Rungs((0,), 7, 7, 7), []),
        (MANAGER, Rungs((0,), 7, 7, 3651), ["last_after"]),
        (MANAGER, Rungs((0,), 0, 366), ["first_after", "every"]),
        (Receiver.GROUP_MANAGER, Rungs((7,)), ["before"]),
        (OFFICER, Rungs((0,), 7), ["before"]),
        (OFFICER, Rungs(()), ["first_after"]),
        (OFFICER, Rungs((), 366, 366), ["first_after", "every"]),
        (REVIEWER, Rungs((), 7, 7, 1), ["last_after"]),
    ],
)
def test_limits(receiver: str, rungs: Rungs, fields: list[str]) -> None:
    assert [fault.field for fault in find_faults(receiver, rungs)] == fields


@pytest.mark.django_db
@pytest.mark.parametrize("due_on", [date(2026, 10, 1), date(2026, 10, 9), date(2026, 10, 11)])
@pytest.mark.parametrize("every", [7, None])
def test_preview_tells_the_days_that_the_nights_plan(due_on: date, every: int | None) -> None:
    """Around the days off of October, night after night."""
    plant = PlantFactory.create()
    manager_of(plant)
    rungs = Rungs((14, 7, 1, 0), 3, every, 24 if every else None)
    ladder = Scope(plant.authority, MANAGER).ladder(rungs)
    ladder.save()
    ObligationFactory.create(plant=plant, due_on=due_on)
    for days in range(75):
        day = TODAY + timedelta(days=days)
        six = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=2)
        plan_reminders(today=day, at=six)

    planned = [
        ((row.planned_at + timedelta(hours=8)).date(), row.rung)
        for row in Reminder.objects.order_by("planned_at")
    ]

    assert [tuple(each) for each in days_told(rungs, due_on, receiver=MANAGER)] == planned


@pytest.mark.parametrize(
    ("rungs", "last"), [(Rungs((), 7, 30), 157), (Rungs((), 7, 30, 40), 37), (Rungs((), 7), 7)]
)
def test_preview_ends(rungs: Rungs, last: int) -> None:
    told = days_told(rungs, date(2026, 3, 2), receiver=OFFICER)

    assert told[-1].rung == -last


@pytest.fixture
def authority(db: None) -> Authority:
    plant = PlantFactory.create()
    return plant.authority


def above(authority: Authority) -> Authority:
    assert authority.parent is not None
    return authority.parent


@pytest.fixture
def administrator(authority: Authority) -> Person:
    return administrator_of(authority)


def put(scope: Scope, rungs: Rungs, by: Person, seen: str = "") -> Ladder:
    return set_ladder(scope=scope, rungs=rungs, seen=seen, by=Actor(by, "tests"), at=NOW)


def test_set_changed_and_removed_with_a_trail(authority: Authority, administrator: Person) -> None:
    scope = Scope(authority, MANAGER, "monitoring", "month")
    ladder = put(scope, Rungs((7, 0), 7, 7), administrator)
    seen = mark_of(ladder)
    put(scope, Rungs((7, 0), 7, 7), administrator, seen)
    changed = put(scope, Rungs((3, 0), 7, 7), administrator, seen)
    by = Actor(administrator, "tests")
    remove_ladder(ladder=changed, seen=mark_of(changed), by=by, at=NOW)

    events = Event.objects.order_by("pk")
    assert [event.verb for event in events] == ["created", "changed", "removed"]
    assert [(e.before or {}).get("before") for e in events] == [None, [7, 0], [3, 0]]
    assert [(e.after or {}).get("before") for e in events] == [[7, 0], [3, 0], None]
    assert not Ladder.objects.exists()


def test_who_was_slower_hears_of_it(authority: Authority, administrator: Person) -> None:
    scope = Scope(authority, MANAGER)
    ladder = put(scope, Rungs((7, 0)), administrator)
    seen = mark_of(ladder)
    put(scope, Rungs((5, 0)), administrator, seen)

    for slow in ("", seen):
        with pytest.raises(StaleLadder):
            put(scope, Rungs((3, 0)), administrator, slow)
    with pytest.raises(StaleLadder):
        remove_ladder(ladder=ladder, seen=seen, by=Actor(administrator, "tests"), at=NOW)
    assert Ladder.objects.get().before == [5, 0]
    assert Event.objects.count() == 2


def test_only_its_administrator_sets_it(authority: Authority, administrator: Person) -> None:
    higher = Scope(above(authority), MANAGER)
    for scope, by in (
        (higher, administrator),
        (Scope(authority, MANAGER), officer_of(authority)),
    ):
        with pytest.raises(LadderRefused):
            put(scope, Rungs((0,)), by)
    assert not Event.objects.exists()


def test_preview_counts_what_the_scope_has_reached(
    authority: Authority, administrator: Person
) -> None:
    monthly = RequirementFactory.create(part="monitoring", due={"every": "month"})
    plant = authority.plants.get()
    for days in (5, 20, 80, -40):
        ObligationFactory.create(plant=plant, due_on=TODAY + timedelta(days=days))
    ObligationFactory.create(plant=plant, requirement=monthly, due_on=TODAY + timedelta(days=6))
    elsewhere = PlantFactory.create(authority__code="corps-08")
    ObligationFactory.create(plant=elsewhere, due_on=TODAY + timedelta(days=1))

    whole = suppose(Scope(authority, MANAGER), Rungs((10, 0), 50), today=TODAY)
    part = suppose(Scope(authority, MANAGER, "monitoring", "month"), Rungs((0,)), today=TODAY)

    assert (whole.reached_now, whole.reached_then) == (5, 3)
    assert (part.reached_now, part.reached_then) == (1, 0)
    assert whole.anchor_on == TODAY + timedelta(days=5)
    assert part.anchor_on == TODAY + timedelta(days=6)
    assert not Ladder.objects.exists()


def test_changed_ladder_leaves_what_is_planned(authority: Authority, administrator: Person) -> None:
    plant = authority.plants.get()
    manager_of(plant)
    ObligationFactory.create(plant=plant, due_on=TODAY + timedelta(days=10))
    plan_reminders(today=TODAY, at=NOW)
    put(Scope(authority, MANAGER), Rungs((9, 0)), administrator)
    assert [row.rung for row in Reminder.objects.all()] == [14]

    plan_reminders(today=TODAY + timedelta(days=1), at=NOW + timedelta(days=1))

    assert [row.rung for row in Reminder.objects.order_by("pk")] == [14, 9]
    assert {row.state for row in Reminder.objects.all()} == {"planned"}


def test_what_holds_says_where_it_comes_from(authority: Authority, administrator: Person) -> None:
    top = administrator_of(above(authority))
    put(Scope(authority, MANAGER, "monitoring"), Rungs((5, 0)), administrator)
    put(Scope(above(authority), OFFICER), Rungs((), 3), top)

    lines = lines_at(authority.path)

    told = [
        (line.receiver, line.part, line.ladder.authority.code if line.ladder else "")
        for line in lines[:4]
    ]
    assert told == [
        ("manager", "monitoring", authority.code),
        ("manager", "", ""),
        ("group_manager", "", ""),
        ("officer", "", above(authority).code),
    ]
