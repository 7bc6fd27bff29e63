"""A feed holds what its reader may see now; dates, states and cancellations follow."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from icalendar import Calendar

from plants.models import Membership, Permit, Person
from tests.factories import (
    NOW,
    TODAY,
    Cast,
    ObligationFactory,
    OutletFactory,
    RequirementFactory,
    assessor_of,
    cast,
    decide,
    make_obligation_at,
    submit,
)
from tracker.audit import Actor
from tracker.obligations.amend import amend
from tracker.obligations.models import Obligation, ReliefKind, State
from tracker.obligations.relief import ask_relief, decide_relief
from tracker.obligations.schedule import schedule_obligations
from tracker.reminders.agenda import AHEAD_DAYS, BACK_DAYS, CANCELLED_DAYS, read_agenda, to_ical

pytestmark = pytest.mark.django_db
BY = Actor(None, "tests")
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def world() -> Cast:
    return cast()


def text_for(person: Person, *, at: datetime = NOW) -> bytes:
    agenda = read_agenda(Person.objects.get(pk=person.pk), today=at.date(), at=at)
    return to_ical(agenda, host="ule.example", page_of=lambda pk: f"https://ule.example/o/{pk}/")


def events_for(person: Person, *, at: datetime = NOW) -> dict[int, Any]:
    """What a calendar programme reads, by the obligation's number."""
    calendar = Calendar.from_ical(text_for(person, at=at))
    events: dict[str, Any] = {str(event["UID"]): event for event in calendar.walk("VEVENT")}
    return {int(uid.partition("@")[0].removeprefix("obligation-")): e for uid, e in events.items()}


def status(event: Any) -> str:
    return str(event["STATUS"])


def test_event_is_a_whole_legal_day_with_a_link(world: Cast) -> None:
    obligation = ObligationFactory.create(plant=world.plant, due_on=date(2026, 9, 30))

    [event] = events_for(world.manager).values()

    assert event["DTSTART"].to_ical() == b"20260930"
    assert event["DTEND"].to_ical() == b"20261001"
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert str(event["UID"]) == f"obligation-{obligation.pk}@ule.example"
    assert str(event["URL"]) == f"https://ule.example/o/{obligation.pk}/"
    assert event["CATEGORIES"].cats == ["无组织排放"]
    assert (event["SEQUENCE"], status(event)) == (0, "CONFIRMED")
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == NOW


def test_feed_reads_in_the_persons_language(world: Cast) -> None:
    outlet = OutletFactory.create(plant=world.plant, code="DA009", name="煤磨")
    requirement = RequirementFactory.create(verification="to_verify")
    ObligationFactory.create(
        plant=world.plant, outlet=outlet, requirement=requirement, period="2026-Q3"
    )
    Person.objects.filter(pk=world.manager.pk).update(language="en")

    [chinese] = events_for(world.changji_officer).values()
    [english] = events_for(world.manager).values()

    plant = world.plant
    assert [str(event["SUMMARY"]) for event in (chinese, english)] == [
        f"封闭物料储存 · DA009 煤磨 · 2026-Q3 · {plant.name_zh}",
        f"Enclose the stored materials · DA009 煤磨 · 2026-Q3 · {plant.name_en}",
    ]
    assert str(chinese["DESCRIPTION"]).split("\n")[:3] == [
        f"企业：{plant.name_zh}",
        "状态：待提交",
        "规则依据：待核实",
    ]
    assert str(english["DESCRIPTION"]).split("\n")[2] == "Text behind the rule: to be verified"


def test_lines_are_folded_at_75_octets(world: Cast) -> None:
    requirement = RequirementFactory.create(title_zh="完成全部物料储存输送环节的封闭改造" * 5)
    ObligationFactory.create(plant=world.plant, requirement=requirement)

    text = text_for(world.manager)

    lines = text.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert all(line.decode() for line in lines[:-1])  # no character is cut in two
    [event] = events_for(world.manager).values()
    assert str(event["SUMMARY"]).startswith(requirement.title_zh)


def test_calendar_says_its_name_and_when_to_come_again(world: Cast) -> None:
    calendar = Calendar.from_ical(text_for(world.manager))

    assert str(calendar["X-WR-CALNAME"]) == f"超低排放期限：{world.manager.name}"
    assert str(calendar["PRODID"]) == "-//ULE tracker//obligations//ZH"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in text_for(world.manager)
    assert list(calendar.walk("VEVENT")) == []


def test_feed_holds_only_what_its_reader_may_see(world: Cast) -> None:
    here, other, corps = (
        ObligationFactory.create(plant=plant).pk
        for plant in (world.plant, world.other_plant, world.corps_plant)
    )
    people = {**world.people, "assessor": assessor_of(world.plant)}

    held = {who: set(events_for(person)) for who, person in people.items()}

    assert held == {
        "changji_officer": {here},
        "region_officer": {here, other},
        "corps_officer": {corps},
        "manager": {here},
        "other_manager": {other},
        "group_manager": {here, corps},
        "auditor": {here, other, corps},
        "administrator": {here, other, corps},
        "assessor": {here},
    }


def test_feed_of_who_lost_her_posts_is_empty(world: Cast) -> None:
    ObligationFactory.create(plant=world.plant)
    Membership.objects.filter(person=world.manager).delete()

    assert events_for(world.manager) == {}


def test_feed_is_bounded_on_both_sides(world: Cast) -> None:
    days = [-BACK_DAYS - 1, -BACK_DAYS, AHEAD_DAYS, AHEAD_DAYS + 1]
    rows = [
        ObligationFactory.create(plant=world.plant, due_on=TODAY + timedelta(days=n)) for n in days
    ]

    assert set(events_for(world.manager)) == {rows[1].pk, rows[2].pk}


def test_new_date_moves_the_event_and_raises_its_sequence(world: Cast) -> None:
    RequirementFactory.create(due={"before": "permit.valid_until", "days": 60})
    permit = Permit.objects.get(plant=world.plant)
    permit.valid_until_on = date(2027, 3, 31)
    permit.save(update_fields=["valid_until_on"])
    schedule_obligations(today=TODAY, by=BY, at=NOW, plants=[world.plant])
    [before] = events_for(world.manager).values()

    amend(
        thing=permit,
        values={"valid_until_on": date(2027, 4, 30)},
        by=BY,
        at=LATER,
        today=TODAY,
    )

    [after] = events_for(world.manager, at=LATER).values()
    assert before["UID"] == after["UID"]
    assert (before["DTSTART"].dt, after["DTSTART"].dt) == (date(2027, 1, 30), date(2027, 3, 1))
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert after["LAST-MODIFIED"].dt == LATER.astimezone(UTC)


def test_granted_extension_moves_the_event(world: Cast) -> None:
    RequirementFactory.create(due={"on": "2026-10-31"})
    schedule_obligations(today=TODAY, by=BY, at=NOW, plants=[world.plant])
    obligation = Obligation.objects.select_related("plant__authority").get(plant=world.plant)
    [before] = events_for(world.manager).values()
    relief = ask_relief(
        obligation=obligation,
        kind=ReliefKind.EXTENSION,
        new_due_on=date(2026, 12, 15),
        reason="设备交货推迟",
        token=uuid4(),
        by=Actor(world.manager, "tests"),
        at=LATER,
        today=TODAY,
    )

    decide_relief(
        relief=relief,
        granted=True,
        reason="",
        by=Actor(world.changji_officer, "tests"),
        at=LATER,
        today=TODAY,
    )

    [after] = events_for(world.manager, at=LATER).values()
    assert after["DTSTART"].dt == date(2026, 12, 15)
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_what_was_handed_in_stays_and_what_is_settled_is_cancelled(world: Cast) -> None:
    obligation = ObligationFactory.create(plant=world.plant)
    submission = submit(obligation, world.manager)
    [handed_in] = events_for(world.manager).values()

    decide(submission, "accept", world.changji_officer, at=LATER)

    [settled] = events_for(world.manager, at=LATER).values()
    assert (status(handed_in), status(settled)) == ("CONFIRMED", "CANCELLED")
    assert settled["SEQUENCE"] > handed_in["SEQUENCE"]


@pytest.mark.parametrize("state", [State.ACCEPTED, State.WAIVED, State.WITHDRAWN])
def test_settled_ones_leave_the_feed_in_the_end(world: Cast, state: State) -> None:
    due_on = TODAY + timedelta(days=300)
    make_obligation_at(
        state,
        plant=world.plant,
        manager=world.manager,
        officer=world.changji_officer,
        due_on=due_on,
    )

    then = NOW + timedelta(days=CANCELLED_DAYS)
    [event] = events_for(world.manager, at=then).values()

    assert status(event) == "CANCELLED"
    assert events_for(world.manager, at=then + timedelta(seconds=1)) == {}


def test_version_changes_with_what_the_feed_says_and_only_then(world: Cast) -> None:
    obligation = ObligationFactory.create(plant=world.plant)

    def version() -> str:
        return read_agenda(world.manager, today=TODAY, at=NOW).version

    first, again = version(), version()
    ObligationFactory.create(plant=world.other_plant)
    elsewhere = version()
    Obligation.objects.filter(pk=obligation.pk).update(due_on=TODAY)
    moved = version()

    assert (again, elsewhere) == (first, first)
    assert moved != first


@pytest.mark.parametrize("count", [1, 3])
def test_feed_asks_three_queries_however_long(
    world: Cast, django_assert_num_queries: object, count: int
) -> None:
    for _ in range(count):
        make_obligation_at(State.SUBMITTED, plant=world.plant, manager=world.manager)

    with django_assert_num_queries(3):  # type: ignore[operator]
        agenda = read_agenda(world.changji_officer, today=TODAY, at=NOW)

    assert len(agenda.entries) == count
