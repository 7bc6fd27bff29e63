"""Whoever answers for a plant hears of dates that moved, and of refusals: once, in one mail."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db.models import F

from plants.models import Permit, Person, Plant
from tests.factories import (
    NOW,
    TODAY,
    Cast,
    ProjectFactory,
    RequirementFactory,
    cast,
    manager_of,
    officer_of,
)
from tests.mail import plain
from tests.reminders.conftest import PickyServer, send, send_digests, states
from tracker.audit import Actor, Event, Verb
from tracker.obligations.amend import amend
from tracker.obligations.models import Obligation, ReliefKind
from tracker.obligations.relief import ask_relief, decide_relief
from tracker.obligations.schedule import schedule_obligations
from tracker.reminders.changes import build_change_notice, plan_changes, read_changes
from tracker.reminders.models import Message, Reminder

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Cast:
    """One obligation of each plant hangs on its permit."""
    world = cast()
    RequirementFactory.create(due={"before": "permit.valid_until", "days": 60})
    schedule_obligations(today=TODAY, by=Actor(None, "tests"), at=NOW)
    return world


def move_by(plant: Plant, days: int, by: Person | None) -> None:
    permit = Permit.objects.get(plant=plant)
    until = permit.valid_until_on + timedelta(days=days)
    amend(
        thing=permit,
        values={"valid_until_on": until},
        by=Actor(by, "tests"),
        at=NOW,
        today=TODAY,
    )


def move(plant: Plant, by: Person | None = None) -> Obligation:
    """The plant's permit runs half a year longer, so its renewal is due later."""
    move_by(plant, 180, by)
    return Obligation.objects.get(plant=plant)


def told() -> set[Person]:
    return {reminder.person for reminder in Reminder.objects.of_changes()}


def test_moved_date_is_told_to_who_answers_for_the_plant(world: Cast) -> None:
    move(world.plant)

    assert plan_changes(at=NOW) == 2
    assert told() == {world.manager, world.group_manager}


def test_who_made_the_change_hears_nothing_of_it(world: Cast) -> None:
    move(world.plant, by=world.changji_officer)
    move(world.corps_plant, by=world.group_manager)

    plan_changes(at=NOW)

    assert told() == {world.manager, world.group_manager, world.corps_officer}
    assert not Reminder.objects.filter(person=F("event__person")).exists()


@pytest.mark.parametrize(
    ("days", "who", "is_told"),
    [
        (180, "manager", True),
        (180, "group_manager", True),
        (-180, "manager", False),
        (180, "changji_officer", False),
        (180, "region_officer", False),
        (180, None, False),
    ],
)
def test_officers_hear_of_a_date_that_the_plants_side_puts_off(
    world: Cast, days: int, who: str | None, is_told: bool
) -> None:
    colleague = officer_of(world.plant.authority)
    gone = officer_of(world.plant.authority)
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    move_by(world.plant, days, world.people[who] if who else None)

    plan_changes(at=NOW)

    officers = {world.changji_officer, colleague} if is_told else set()
    assert told() - {world.manager, world.group_manager} == officers


def test_officers_hear_of_a_duty_that_the_plants_side_makes_go(world: Cast) -> None:
    RequirementFactory.create(due={"after": "project.organised.finished_on", "days": 30})
    works = ProjectFactory.create(
        plant=world.plant, started_on=TODAY, finished_on=TODAY, progress_percent=100
    )
    schedule_obligations(today=TODAY, by=Actor(None, "tests"), at=NOW)

    amend(
        thing=works,
        values={"finished_on": None},
        by=Actor(world.manager, "tests"),
        at=NOW,
        today=TODAY,
    )
    plan_changes(at=NOW)

    assert told() == {world.group_manager, world.changji_officer}


def test_where_the_plants_authority_has_no_officer_the_one_above_is_told(world: Cast) -> None:
    world.changji_officer.memberships.all().delete()
    move(world.plant, by=world.manager)

    plan_changes(at=NOW)

    assert told() == {world.group_manager, world.region_officer}


def test_officer_reads_who_put_it_off_and_why_she_is_told(
    world: Cast, smtp_server: PickyServer
) -> None:
    before = Obligation.objects.get(plant=world.plant).due_on
    moved = move(world.plant, by=world.manager)
    plan_changes(at=NOW)

    send_digests()

    mails = {str(message["To"]): plain(message) for message in smtp_server.received}
    letter = mails[world.changji_officer.email]
    assert f"期限由 {before} 调整为 {moved.due_on}" in letter
    assert f"由{world.manager.name}录入" in letter
    assert "您监管的企业推迟了 1 项自己的期限。" in letter
    assert "您负责" not in letter
    assert "录入" not in mails[world.group_manager.email]


def test_changes_that_concern_nobody_hold_up_no_others(world: Cast) -> None:
    world.other_manager.memberships.all().delete()
    for _ in range(3):
        move(world.other_plant)
    world.group_manager.memberships.all().delete()
    move_by(world.plant, -30, world.manager)
    move(world.corps_plant)
    manager_of(world.corps_plant)

    assert [plan_changes(at=NOW, at_once=2) for _ in range(2)] == [1, 0]


def test_many_changes_are_told_sweep_by_sweep(world: Cast) -> None:
    for _ in range(5):
        move(world.plant)

    assert [plan_changes(at=NOW, at_once=2) for _ in range(4)] == [4, 4, 2, 0]


def test_run_again_adds_nothing(world: Cast) -> None:
    move(world.plant)

    assert [plan_changes(at=NOW) for _ in range(3)] == [2, 0, 0]


@pytest.mark.parametrize(("days", "planned"), [(29, 2), (31, 0)])
def test_old_change_is_no_news(world: Cast, days: int, planned: int) -> None:
    move(world.plant)

    assert plan_changes(at=NOW + timedelta(days=days)) == planned


def test_new_duties_are_no_change(world: Cast) -> None:
    assert plan_changes(at=NOW) == 0


def test_one_mail_tells_of_all_that_moved(world: Cast, smtp_server: PickyServer) -> None:
    before = Obligation.objects.get(plant=world.plant).due_on
    moved = move(world.plant)
    move(world.corps_plant)
    plan_changes(at=NOW)

    assert send_digests().mails == 2
    assert send(minutes=23 * 60).mails == 0

    mails = {str(message["To"]): plain(message) for message in smtp_server.received}
    assert set(mails) == {world.manager.email, world.group_manager.email}
    both = mails[world.group_manager.email]
    assert f"期限由 {before} 调整为 {moved.due_on}" in both
    assert str(world.corps_plant.name_zh) in both
    assert set(states()) == {"sent"}


def test_refused_request_is_told_with_its_reason(world: Cast) -> None:
    obligation = Obligation.objects.select_related("plant__authority").get(plant=world.plant)
    relief = ask_relief(
        obligation=obligation,
        kind=ReliefKind.EXTENSION,
        new_due_on=obligation.due_on + timedelta(days=60),
        reason="设备交货推迟",
        token=uuid4(),
        by=Actor(world.manager, "tests"),
        at=NOW,
        today=TODAY,
    )
    decide_relief(
        relief=relief,
        granted=False,
        reason="理由不充分",
        by=Actor(world.changji_officer, "tests"),
        at=NOW,
        today=TODAY,
    )
    plan_changes(at=NOW)

    events = Event.objects.filter(verb=Verb.REFUSED)
    lines = read_changes(events, Obligation.objects.in_bulk())
    letter = build_change_notice(person=world.manager, lines=lines)

    assert told() == {world.manager, world.group_manager}
    assert "申请未获批准" in letter.text
    assert "理由不充分" in letter.text


def test_what_the_person_sees_no_more_is_cancelled(world: Cast, smtp_server: PickyServer) -> None:
    move(world.plant)
    plan_changes(at=NOW)
    world.manager.memberships.all().delete()

    send_digests()

    assert smtp_server.receivers == [world.group_manager.email]
    assert sorted(states()) == ["cancelled", "sent"]
    assert Message.objects.get().person == world.group_manager


def test_only_the_newest_change_of_an_obligation_is_told(world: Cast) -> None:
    move(world.plant)
    moved = move(world.plant)
    events = Event.objects.about(moved).filter(verb=Verb.RE_DATED).order_by("pk")

    [line] = read_changes(events, {moved.pk: moved})

    last = events.last()
    assert last is not None
    assert last.before is not None
    assert line.due_before == date.fromisoformat(last.before["due_on"])
