"""A changed fact re-dates, creates and withdraws at once; nothing decided moves, none is lost."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from plants.models import Line, Permit, PermitReport, Plant, RunStatus
from tests.factories import (
    NOW,
    TODAY,
    Cast,
    PermitFactory,
    PermitReportFactory,
    RequirementFactory,
    cast,
    submit,
)
from tracker.audit import Actor, Event, Verb
from tracker.obligations.amend import Fact, StaleFact, add_fact, amend, remove_report
from tracker.obligations.models import Obligation, State
from tracker.obligations.schedule import ScheduleReport, schedule_obligations

pytestmark = pytest.mark.django_db
BY = Actor(None, "tests")


@pytest.fixture
def world() -> Cast:
    return cast()


def change(thing: Fact, **values: object) -> ScheduleReport:
    return amend(thing=thing, values=values, by=BY, at=NOW, today=TODAY)


def schedule(plant: Plant) -> None:
    schedule_obligations(today=TODAY, by=BY, at=NOW, plants=[plant])


def test_changed_fact_brings_and_withdraws_duties(world: Cast) -> None:
    RequirementFactory.create(applies={"plant.co_processing": True})
    plant = Plant.objects.get(pk=world.plant.pk)

    assert change(plant, co_processing=True).created == 1
    assert change(plant, co_processing=False).withdrawn == 1

    assert Obligation.objects.get(plant=plant).state == State.WITHDRAWN
    changes = Event.objects.for_plant(plant).filter(verb=Verb.CHANGED)
    assert [(event.before, event.after) for event in changes] == [
        ({"co_processing": True}, {"co_processing": False}),
        ({"co_processing": False}, {"co_processing": True}),
    ]


def test_changed_fact_and_back_restores_the_date(world: Cast) -> None:
    RequirementFactory.create(due={"before": "permit.valid_until", "days": 60})
    schedule(world.plant)
    permit = Permit.objects.get(plant=world.plant)
    first, before = permit.valid_until_on, Obligation.objects.get(plant=world.plant).due_on

    assert change(permit, valid_until_on=date(2029, 1, 31)).re_dated == 1
    assert Obligation.objects.get(plant=world.plant).due_on == date(2028, 12, 2)
    assert change(permit, valid_until_on=first).re_dated == 1

    assert Obligation.objects.get(plant=world.plant).due_on == before


def test_what_was_submitted_keeps_its_date(world: Cast) -> None:
    RequirementFactory.create(due={"before": "permit.valid_until", "days": 60})
    schedule(world.plant)
    obligation = Obligation.objects.select_related("plant").get(plant=world.plant)
    submit(obligation, world.manager)

    change(Permit.objects.get(plant=world.plant), valid_until_on=date(2029, 1, 31))

    assert Obligation.objects.get(pk=obligation.pk).due_on == obligation.due_on


def test_closed_plant_owes_nothing(world: Cast) -> None:
    RequirementFactory.create()
    schedule(world.plant)

    change(Plant.objects.get(pk=world.plant.pk), status=RunStatus.CLOSED)

    assert Obligation.objects.get(plant=world.plant).state == State.WITHDRAWN


def test_same_values_change_nothing(world: Cast) -> None:
    line = Line.objects.get(plant=world.plant)
    events = Event.objects.count()

    assert not change(line, capacity_tpd=line.capacity_tpd).changed_anything

    assert Event.objects.count() == events


def test_change_of_what_somebody_changed_meanwhile_is_stale(world: Cast) -> None:
    mine, hers = (Line.objects.get(plant=world.plant) for _ in range(2))
    change(hers, capacity_tpd=hers.capacity_tpd + 500)

    with pytest.raises(StaleFact):
        change(mine, capacity_tpd=1000)

    assert Line.objects.get(pk=mine.pk).capacity_tpd == hers.capacity_tpd


def test_two_changes_of_different_facts_both_stand(world: Cast) -> None:
    mine, hers = (Line.objects.get(plant=world.plant) for _ in range(2))
    change(hers, carbide_slag=not hers.carbide_slag)
    change(mine, capacity_tpd=1234)

    line = Line.objects.get(pk=mine.pk)
    assert (line.capacity_tpd, line.carbide_slag) == (1234, hers.carbide_slag)


def test_new_fact_brings_its_duties(world: Cast) -> None:
    RequirementFactory.create(due={"before": "permit.valid_until", "days": 60})
    schedule(world.plant)
    permit = PermitFactory.build(plant=world.plant, number="91650000SL00009999002P")
    permit.valid_until_on = date(2031, 3, 31)

    report = add_fact(thing=permit, by=BY, at=NOW, today=TODAY)

    assert report.re_dated == 1
    assert Obligation.objects.get(plant=world.plant).due_on == date(2031, 1, 30)


def test_two_halves_that_contradict_each_other_are_refused(world: Cast) -> None:
    """Each editor's own form was right; together the permit would end before it begins."""
    mine, hers = (Permit.objects.get(plant=world.plant) for _ in range(2))
    change(hers, valid_from_on=date(2027, 6, 1))

    with pytest.raises(ValidationError):
        change(mine, valid_until_on=date(2027, 3, 31))

    permit = Permit.objects.get(pk=mine.pk)
    assert (permit.valid_from_on, permit.valid_until_on) == (
        date(2027, 6, 1),
        date(2027, 12, 31),
    )


def test_new_fact_that_contradicts_itself_is_refused(world: Cast) -> None:
    permit = PermitFactory.build(plant=world.plant, valid_until_on=date(2020, 1, 1))

    with pytest.raises(ValidationError):
        add_fact(thing=permit, by=BY, at=NOW, today=TODAY)

    assert Permit.objects.filter(plant=world.plant).count() == 1


def test_permits_report_date_is_a_fact_of_the_plant(world: Cast) -> None:
    permit = Permit.objects.get(plant=world.plant)
    report = PermitReport(permit=permit, every="year", month=1, day=31, next_year=True)

    add_fact(thing=report, by=BY, at=NOW, today=TODAY)
    change(report, day=15)
    remove_report(report=report, by=BY, at=NOW, today=TODAY)

    told = Event.objects.for_plant(world.plant).filter(thing_kind="permitreport")
    assert [(event.verb, event.before, event.after) for event in told] == [
        ("removed", {"days_after": None, "month": 1, "day": 15, "next_year": True}, None),
        ("changed", {"day": 31}, {"day": 15}),
        ("created", None, None),
    ]


def test_report_date_that_somebody_changed_is_not_removed(world: Cast) -> None:
    made = PermitReportFactory.create(permit=Permit.objects.get(plant=world.plant))
    mine, hers = (PermitReport.objects.get(pk=made.pk) for _ in range(2))
    change(hers, day=15)

    with pytest.raises(StaleFact):
        remove_report(report=mine, by=BY, at=NOW, today=TODAY)

    assert PermitReport.objects.get(pk=made.pk).day == 15


def test_change_of_what_is_gone_is_stale(world: Cast) -> None:
    made = PermitReportFactory.create(permit=Permit.objects.get(plant=world.plant))
    mine, hers = (PermitReport.objects.get(pk=made.pk) for _ in range(2))
    remove_report(report=hers, by=BY, at=NOW, today=TODAY)

    with pytest.raises(StaleFact):
        change(mine, day=15)
