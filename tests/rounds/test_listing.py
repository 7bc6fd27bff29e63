"""A listed part answers what completes it, a removal takes that back; notices end by themselves."""

from datetime import timedelta
from typing import Any

import pytest

from plants.models import Line, Listing, Part
from plants.models.listings import PARTS
from tests.factories import LineFactory, RequirementFactory, make_obligation_at
from tests.rounds.walks import Scene, condition, scene
from tracker import tasks
from tracker.audit import Actor, Event, Verb, broken_links, chain_of_plant
from tracker.obligations.models import Obligation, State
from tracker.obligations.schedule import schedule_obligations
from tracker.reminders.changes import plan_changes
from tracker.reminders.models import Reminder
from tracker.reporting.progress import all_parts, part_progress, read_capacities
from tracker.rounds.answering import set_step
from tracker.rounds.listing import settle_by_list, settle_site
from tracker.rounds.models import Round, Stage
from tracker.rounds.notice import end_notices
from tracker.rounds.standings import read_standings
from tracker.rounds.walk import give_up, open_round, reassess

pytestmark = pytest.mark.django_db

BY = Actor(None, "tests")
WHY = "自动监测数据连续超标。"


@pytest.fixture
def world() -> Scene:
    return scene()


def owe(world: Scene, state: State = State.OPEN, line: Line | None = None, **rule: Any) -> int:
    """What the plant owes of a requirement, in this state."""
    asked = RequirementFactory.create(**rule)
    made = make_obligation_at(
        state,
        plant=world.plant,
        line=line,
        requirement=asked,
        manager=world.people["manager"],
        officer=world.people["officer"],
    )
    return made.pk


def state_of(pk: int) -> tuple[str, bool]:
    row = Obligation.objects.get(pk=pk)
    return row.state, row.listing_id is not None


def complete_parts(world: Scene) -> list[str]:
    found = part_progress([world.plant.pk]).get(world.plant.pk, {})
    return [each.part for each in all_parts(found) if each.is_complete]


@pytest.mark.parametrize(
    ("before", "listed", "removed"),
    [
        (State.OPEN, State.ACCEPTED, State.OPEN),
        (State.RETURNED, State.ACCEPTED, State.OPEN),
        (State.SUBMITTED, State.ACCEPTED, State.OPEN),
        (State.ACCEPTED, State.ACCEPTED, State.OPEN),
    ],
)
def test_listing_answers_and_removal_takes_back(
    world: Scene, before: State, listed: State, removed: State
) -> None:
    duty = owe(world, before, completes=Part.ORGANISED)
    other = owe(world, part=Part.ORGANISED)

    world.walk("listed")
    assert (state_of(duty), state_of(other)) == ((listed, True), (State.OPEN, False))

    world.move("removed", "upper", note=WHY)
    assert (state_of(duty), state_of(other)) == ((removed, False), (State.OPEN, False))
    assert not broken_links(chain_of_plant(world.plant.pk))
    assert [
        (row.part, row.capacity_tpd, row.authority.level, row.reason, row.removed_on)
        for row in Listing.objects.order_by("pk")
    ] == [(part, 2500, "region", WHY, world.today) for part in PARTS]


def test_what_was_waived_stays_so(world: Scene) -> None:
    duty = owe(world, State.WAIVED, completes=Part.ORGANISED)
    world.walk("listed")
    assert state_of(duty) == (State.WAIVED, False)


def test_ring_and_capacity_follow_the_list(world: Scene) -> None:
    for part in PARTS:
        owe(world, completes=part)
    whole = owe(world, answered_by_listing=True)

    def seen() -> tuple[list[str], bool, str]:
        [capacity] = read_capacities(world.people["officer"])
        return complete_parts(world), capacity.is_complete, state_of(whole)[0]

    assert seen() == ([], False, State.OPEN)
    world.walk("listed")
    assert seen() == ([*PARTS], True, State.ACCEPTED)
    world.move("suspended", "upper", note=WHY)
    assert seen() == ([], False, State.OPEN)
    world.move("listed", "upper")
    assert seen() == ([*PARTS], True, State.ACCEPTED)
    world.move("removed", "upper", note=WHY)
    assert seen() == ([], False, State.OPEN)

    again = reassess(world.round, by=world.actor("manager"), at=world.at())
    world.round = Round.objects.select_related("plant__authority").get(pk=again.pk)
    world.seat(world.people["assessor"])
    world.walk("listed")
    assert seen() == ([*PARTS], True, State.ACCEPTED)
    assert Listing.objects.standing().count() == 3
    assert Listing.objects.count() == 6


def list_line(world: Scene, line: Line) -> None:
    """A round of its organised emissions only, to the list."""
    manager = world.actor("manager")
    world.round = open_round(
        plant=world.plant, parts=[Part.ORGANISED], lines=[line], by=manager, at=world.at()
    )
    world.seat(world.people["assessor"])
    world.walk("listed")


def test_one_part_of_one_line(world: Scene) -> None:
    """Only what that line owes of the part; the plant's own duty waits for the last line."""
    first, second = world.plant.lines.get(), LineFactory.create(plant=world.plant, number=2)
    rule: dict[str, Any] = {"completes": Part.ORGANISED, "subject_kind": "line"}
    of_first, of_second = owe(world, line=first, **rule), owe(world, line=second, **rule)
    of_plant, of_other_part = owe(world, completes=Part.ORGANISED), owe(world, completes="fugitive")
    give_up(world.round, reason="分线评估。", by=world.actor("manager"), at=world.at())

    def states() -> list[str]:
        return [state_of(pk)[0] for pk in (of_first, of_second, of_plant, of_other_part)]

    for line, expected in (
        (first, [State.ACCEPTED, State.OPEN, State.OPEN, State.OPEN]),
        (second, [State.ACCEPTED, State.ACCEPTED, State.ACCEPTED, State.OPEN]),
    ):
        list_line(world, line)
        assert states() == expected
    assert settle_by_list(world.plant, by=BY, at=world.at()) == 0
    # Both lines were listed on one day: each duty names the listing of its own line.
    for pk, line in ((of_first, first), (of_second, second)):
        assert Obligation.objects.get(pk=pk).listing == Listing.objects.get(line=line)


def test_what_an_officer_returned_since_stays_returned(world: Scene) -> None:
    duty = owe(world, completes=Part.ORGANISED)
    world.walk("listed")
    Obligation.objects.filter(pk=duty).update(state=State.RETURNED)

    assert settle_site(by=BY, at=world.at()) == 0
    assert state_of(duty) == (State.RETURNED, True)


def test_what_comes_to_be_owed_later_is_answered_in_the_night(world: Scene) -> None:
    world.walk("listed")
    duty = owe(world, completes=Part.FUGITIVE)

    assert settle_site(by=BY, at=world.at()) == 1
    assert state_of(duty) == (State.ACCEPTED, True)


def test_yearly_duty_binds_while_all_parts_are_listed(world: Scene) -> None:
    rule = RequirementFactory.create(
        applies={"plant.listed": True},
        due={"every": "year", "due_on": "12-31", "of": "same_year"},
    )

    def owed() -> list[tuple[str, str]]:
        schedule_obligations(today=world.today, by=BY, at=world.at(), plants=[world.plant])
        rows = world.plant.obligations.filter(requirement=rule).order_by("period")
        return [(row.period, row.state) for row in rows]

    assert owed() == []
    world.walk("listed")
    listed = [(str(world.today.year), State.OPEN)]
    assert owed() == listed
    world.move("suspended", "upper", note=WHY)
    assert owed() == [(period, State.WITHDRAWN) for period, _state in listed]


def test_listed_and_removed_are_told_at_once(world: Scene) -> None:
    duty = owe(world, completes=Part.ORGANISED)
    world.walk("listed")
    world.move("removed", "upper", note=WHY)
    plan_changes(at=world.at())

    told = Reminder.objects.filter(obligation=duty, person=world.people["manager"])
    told = told.exclude(event__verb=Verb.RE_DATED)
    assert list(told.order_by("pk").values_list("event__verb", "event__note", "letter")) == [
        (Verb.LISTED, "", "at_once"),
        (Verb.DELISTED, WHY, "at_once"),
    ]


def notice(world: Scene, days: int) -> None:
    """Its public notice, of which so many days are left."""
    world.walk("public_notice")
    set_step(
        world.round,
        starts_on=world.today - timedelta(days=5),
        ends_on=world.today + timedelta(days=days),
        responsible=None,
        by=world.actor("upper"),
        at=world.at(),
    )


def test_notice_ends_by_itself_on_the_day_after_its_last(world: Scene) -> None:
    condition("notice-over", "public_notice", check_name="notice_over")
    notice(world, days=2)
    last = world.today + timedelta(days=2)

    assert end_notices(today=last, by=BY, at=world.at()) == []
    # The site stood still for a week after it.
    late = last + timedelta(days=8)
    assert end_notices(today=late, by=BY, at=world.at()) == [world.round]
    assert end_notices(today=late, by=BY, at=world.at()) == []

    assert Round.objects.get(pk=world.round.pk).stage == Stage.LISTED
    assert {row.listed_on for row in Listing.objects.all()} == {last + timedelta(days=1)}
    moved = Event.objects.about(world.round).filter(verb=Verb.MOVED).order_by("pk").last()
    assert moved is not None
    assert (moved.person, moved.origin) == (None, "tests")


def test_what_is_in_the_way_keeps_a_notice_from_ending(world: Scene) -> None:
    asked = condition("objections", "public_notice")
    notice(world, days=-1)

    assert end_notices(today=world.today, by=BY, at=world.at()) == []
    [standing] = read_standings(world.round, today=world.today)
    assert (standing.condition, standing.is_in_the_way) == (asked, True)
    assert Round.objects.get(pk=world.round.pk).stage == Stage.PUBLIC_NOTICE


def test_the_nightly_run_ends_notices_and_runs_twice(world: Scene) -> None:
    duty = owe(world, completes=Part.ORGANISED)
    notice(world, days=-1)

    for _night in range(2):
        tasks.nightly()

    assert Round.objects.get(pk=world.round.pk).stage == Stage.LISTED
    assert state_of(duty) == (State.ACCEPTED, True)
    assert Listing.objects.count() == 3
