"""Rules that were put right are told to whom they bind: once, in one mail, with their source."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from plants.models import Person, Plant, RunStatus, StopWindow
from tests.factories import (
    NOW,
    TODAY,
    Cast,
    LimitFactory,
    PlaceFactory,
    PlantFactory,
    RequirementFactory,
    StopWindowFactory,
    TargetFactory,
    cast,
    manager_of,
)
from tests.factories.rows import LineFactory
from tests.mail import plain
from tests.reminders.conftest import PickyServer, send, send_digests, states
from tracker.audit import Actor
from tracker.obligations.correct import Values, correct_rule, undo_correction
from tracker.obligations.schedule import schedule_obligations
from tracker.regulations.correctable import read_correctable
from tracker.regulations.models import Correction, Requirement, Target
from tracker.reminders.models import Reminder
from tracker.reminders.rule_news import plan_rule_news

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Cast:
    return cast()


@pytest.fixture
def window(world: Cast) -> StopWindow:
    """The stop where the Changji plant stands, of a document that is nobody's here."""
    return StopWindowFactory.create(place=world.plant.place)


def correct(thing: Requirement | Target | StopWindow, by: Person, values: Values) -> Correction:
    kinds = {Requirement: "requirement", Target: "target", StopWindow: "stop_window"}
    key = str(thing.pk) if isinstance(thing, StopWindow) else thing.code
    found = read_correctable(kinds[type(thing)], key)
    assert found is not None
    return correct_rule(
        correctable=found,
        values=values,
        source_note="正式文本第5页",
        by=Actor(by, "tests"),
        at=NOW,
        today=TODAY,
    ).correction


def shift(window: StopWindow, by: Person) -> Correction:
    return correct(window, by, {"starts_on": date(2025, 11, 5)})


def told() -> set[Person]:
    return {reminder.person for reminder in Reminder.objects.of_corrections()}


def test_moved_stop_is_told_to_who_answers_for_the_plants_there(
    world: Cast, window: StopWindow
) -> None:
    shift(window, world.region_officer)

    assert plan_rule_news(at=NOW) == 2
    assert told() == {world.manager, world.group_manager}


def test_stop_binds_places_inside_it_that_have_none_of_their_own(world: Cast) -> None:
    around = StopWindowFactory.create(place=PlaceFactory.create(code="around"))
    inside, apart = (
        PlaceFactory.create(code=code, parent=around.place) for code in ("inside", "apart")
    )
    StopWindowFactory.create(place=apart)
    bound, free = (
        LineFactory.create(plant=PlantFactory.create(place=p)).plant for p in (inside, apart)
    )
    manager = manager_of(bound)
    manager_of(free)

    shift(around, world.region_officer)
    plan_rule_news(at=NOW)

    assert told() == {manager}


@pytest.mark.parametrize("closed", ["plant", "line"])
def test_closed_kiln_is_told_of_no_stop(world: Cast, window: StopWindow, closed: str) -> None:
    thing = world.plant if closed == "plant" else world.plant.lines.get()
    thing.status = RunStatus.CLOSED
    thing.save()
    shift(window, world.region_officer)

    assert plan_rule_news(at=NOW) == 0


@pytest.mark.parametrize(
    ("area", "officers"),
    [
        ("nation", {"changji_officer", "corps_officer"}),
        ("region", {"changji_officer"}),
        ("corps", {"corps_officer"}),
        ("zone", {"changji_officer", "corps_officer"}),
    ],
)
def test_target_is_told_to_the_officers_over_what_counts_for_it(
    world: Cast, area: str, officers: set[str]
) -> None:
    zone = world.plant.place.zone if area == "zone" else None
    target = TargetFactory.create(area_kind=area, zone=zone)

    correct(target, world.region_officer, {"share_percent": Decimal(75)})
    plan_rule_news(at=NOW)

    assert told() == {world.people[name] for name in officers}


def test_what_a_requirement_asks_is_told_to_the_plants_that_owe_it(world: Cast) -> None:
    limit = LimitFactory.create(requirement=RequirementFactory.create())
    Plant.objects.filter(pk=world.other_plant.pk).update(status=RunStatus.CLOSED)
    schedule_obligations(today=TODAY, by=Actor(None, "tests"), at=NOW)

    correct(limit.requirement, world.region_officer, {f"limit:{limit.pk}.value": Decimal(9)})
    plan_rule_news(at=NOW)

    assert told() == {world.manager, world.group_manager}


def test_confirming_or_a_note_is_no_news(world: Cast, window: StopWindow) -> None:
    correct(window, world.region_officer, {"verification": "secondary", "note_en": "p. 5"})

    assert plan_rule_news(at=NOW) == 0


def test_told_once_and_only_while_it_is_news(world: Cast, window: StopWindow) -> None:
    shift(window, world.region_officer)

    assert plan_rule_news(at=NOW + timedelta(days=31)) == 0
    assert [plan_rule_news(at=NOW) for _ in range(3)] == [2, 0, 0]


def test_mail_says_what_it_reads_now_and_before_and_after_which_source(
    world: Cast, window: StopWindow, smtp_server: PickyServer
) -> None:
    shift(window, world.region_officer)
    plan_rule_news(at=NOW)

    assert send_digests().mails == 2
    assert send(minutes=23 * 60).mails == 0

    letters = {str(mail["To"]): plain(mail) for mail in smtp_server.received}
    letter = letters[world.manager.email]
    assert "停窑时间为 2025-11-05 至 2026-04-30（此前为 2025-11-01 至 2026-04-30）" in letter
    assert "正式文本第5页" in letter
    assert world.region_officer.name in letter
    assert str(world.plant.name_zh) in letter
    assert str(world.corps_plant.name_zh) not in letters[world.group_manager.email]
    assert set(states()) == {"sent"}


def test_several_rules_go_in_one_mail_each_as_it_reads_now(
    world: Cast, window: StopWindow, smtp_server: PickyServer
) -> None:
    target = TargetFactory.create()
    correct(target, world.region_officer, {"share_percent": Decimal("75.5")})
    correct(target, world.region_officer, {"by_on": date(2027, 12, 31)})
    plan_rule_news(at=NOW)

    send_digests()

    letters = {str(mail["To"]): plain(mail) for mail in smtp_server.received}
    assert set(letters) == {world.changji_officer.email, world.corps_officer.email}
    letter = letters[world.changji_officer.email]
    assert "2 条" in letter
    assert "2027-12-31" in letter


def test_taking_it_back_is_told_too(
    world: Cast, window: StopWindow, smtp_server: PickyServer
) -> None:
    done = shift(window, world.region_officer)
    plan_rule_news(at=NOW)
    undo_correction(
        correction=done,
        source_note="误读",
        by=Actor(world.region_officer, "tests"),
        at=NOW,
        today=TODAY,
    )

    assert plan_rule_news(at=NOW) == 2


def test_who_left_hears_nothing_more(
    world: Cast, window: StopWindow, smtp_server: PickyServer
) -> None:
    shift(window, world.region_officer)
    plan_rule_news(at=NOW)
    world.manager.memberships.all().delete()

    send_digests()

    assert smtp_server.receivers == [world.group_manager.email]
    assert sorted(states()) == ["cancelled", "sent"]


def test_window_that_left_the_calendar_is_told_to_nobody(
    world: Cast, window: StopWindow, smtp_server: PickyServer
) -> None:
    shift(window, world.region_officer)
    plan_rule_news(at=NOW)
    StopWindow.objects.all().delete()

    send_digests()

    assert smtp_server.receivers == []
    assert set(states()) == {"cancelled"}


def test_row_names_an_obligation_or_a_rule_never_both(world: Cast, window: StopWindow) -> None:
    shift(window, world.region_officer)
    plan_rule_news(at=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.update(due_on=TODAY)
