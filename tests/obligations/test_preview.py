"""A preview says what a change would do, to the letter, and does nothing."""

from collections.abc import Callable
from copy import copy
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from plants.models import Permit, Plant, RunStatus
from tests.factories import (
    NOW,
    TODAY,
    Cast,
    LineFactory,
    PermitReportFactory,
    PlantFactory,
    RequirementFactory,
    cast,
    submit,
)
from tests.rows import everything
from tracker.audit import Actor, Event
from tracker.obligations.amend import Fact, StaleFact, add_fact, amend, remove_report
from tracker.obligations.models import Obligation
from tracker.obligations.preview import Impact, Move, preview_deed, preview_rules, what_if
from tracker.obligations.schedule import ScheduleReport, schedule_obligations
from tracker.regulations.models import Requirement

pytestmark = pytest.mark.django_db
BY = Actor(None, "tests")
ZONES = {"wu-chang-shi": "2026-12-31", "kui-du-wu": "2027-12-31", "other": "2028-12-31"}


@pytest.fixture
def world() -> Cast:
    """Changji stands in 乌-昌-石, Wusu in 奎-独-乌, Shihezi in 乌-昌-石."""
    return cast()


def schedule() -> ScheduleReport:
    return schedule_obligations(today=TODAY, by=BY, at=NOW)


def amending(thing: Fact, **values: object) -> Callable[[], ScheduleReport]:
    return lambda: amend(thing=thing, values=values, by=BY, at=NOW, today=TODAY)


def moved_to(requirement: Requirement, **due: str) -> Requirement:
    """The requirement with another day for these zones; not saved."""
    requirement.due = {
        "zone": {**ZONES, **{key.replace("_", "-"): day for key, day in due.items()}}
    }
    return requirement


def test_zone_date_moves_the_plants_of_that_zone_only(world: Cast) -> None:
    requirement = RequirementFactory.create(due={"zone": ZONES})
    schedule()
    late = TODAY - timedelta(days=1)

    impact = preview_rules([moved_to(requirement, wu_chang_shi=late.isoformat())], today=TODAY)

    moving = Obligation.objects.filter(plant__in=[world.plant, world.corps_plant]).order_by("pk")
    before = date(2026, 12, 31)
    assert impact.moves == [Move(o.pk, o.plant_id, before, late) for o in moving]
    assert (len(impact.plants), impact.overdue, impact.created, impact.withdrawn) == (2, 2, 0, 0)


def test_preview_writes_nothing_and_applying_does_what_it_said(world: Cast) -> None:
    requirement = RequirementFactory.create(due={"zone": ZONES})
    schedule()
    dates = list(Obligation.objects.order_by("pk").values_list("pk", "due_on"))
    events = Event.objects.count()

    impact = preview_rules([moved_to(requirement, kui_du_wu="2027-06-30")], today=TODAY)

    assert list(Obligation.objects.order_by("pk").values_list("pk", "due_on")) == dates
    assert Event.objects.count() == events
    requirement.save(update_fields=["due"])
    assert schedule().re_dated == len(impact.moves) == 1
    assert Obligation.objects.get(pk=impact.moves[0].obligation_id).due_on == date(2027, 6, 30)


def test_what_was_submitted_is_not_counted(world: Cast) -> None:
    requirement = RequirementFactory.create(due={"zone": ZONES})
    schedule()
    submit(Obligation.objects.select_related("plant").get(plant=world.plant), world.manager)

    impact = preview_rules([moved_to(requirement, wu_chang_shi="2027-03-31")], today=TODAY)

    assert impact.plants == {world.corps_plant.pk}


def test_narrower_rule_withdraws_and_wider_rule_creates(world: Cast) -> None:
    requirement = RequirementFactory.create(applies={"plant.tree": "region"})
    schedule()

    requirement.applies = {"plant.tree": "corps"}
    impact = preview_rules([requirement], today=TODAY)

    assert (impact.created, impact.withdrawn, len(impact.plants)) == (1, 2, 3)


def test_closed_plant_is_not_counted(world: Cast) -> None:
    requirement = RequirementFactory.create(due={"zone": ZONES})
    schedule()
    closed = PlantFactory.create(status=RunStatus.CLOSED, place=world.plant.place)

    impact = preview_rules([moved_to(requirement, wu_chang_shi="2027-03-31")], today=TODAY)

    assert closed.pk not in impact.plants


def test_what_if_of_a_fact_undoes_it(world: Cast) -> None:
    RequirementFactory.create(due={"before": "permit.valid_until", "days": 60})
    schedule()
    permit = Permit.objects.get(plant=world.plant)
    until = permit.valid_until_on

    def change() -> None:
        Permit.objects.filter(pk=permit.pk).update(valid_until_on=until + timedelta(days=10))

    impact = what_if(change, [world.plant], today=TODAY)

    [move] = impact.moves
    assert (move.after - move.before).days == 10
    permit.refresh_from_db()
    assert permit.valid_until_on == until
    amended = amend(
        thing=permit,
        values={"valid_until_on": until + timedelta(days=10)},
        by=BY,
        at=NOW,
        today=TODAY,
    )
    assert amended.re_dated == 1


def test_nothing_to_do_is_nothing(world: Cast) -> None:
    requirement = RequirementFactory.create(due={"zone": ZONES})
    schedule()

    assert preview_rules([requirement], today=TODAY).is_nothing
    assert what_if(lambda: None, Plant.objects.all(), today=TODAY).is_nothing
    assert Impact(TODAY).is_nothing


def test_nothing_of_a_deed_that_schedules_by_itself_stays(world: Cast) -> None:
    RequirementFactory.create(due={"before": "permit.valid_until", "days": 60})
    schedule()
    permit, before = Permit.objects.get(plant=world.plant), everything()
    until = TODAY + timedelta(days=30)

    impact = preview_deed(amending(permit, valid_until_on=until), thing=permit, today=TODAY)

    assert everything() == before
    obligation = Obligation.objects.get(plant=world.plant)
    late = TODAY - timedelta(days=30)
    assert impact.moves == [Move(obligation.pk, world.plant.pk, obligation.due_on, late)]
    assert (impact.overdue, impact.plants) == (1, {world.plant.pk})
    permit = Permit.objects.get(pk=permit.pk)
    assert amending(permit, valid_until_on=until)().re_dated == 1
    assert Obligation.objects.get(pk=obligation.pk).due_on == late


def test_deed_that_withdraws_is_counted_and_undone(world: Cast) -> None:
    RequirementFactory.create()
    schedule()
    plant, before = Plant.objects.get(pk=world.plant.pk), everything()

    impact = preview_deed(amending(plant, status=RunStatus.CLOSED), thing=plant, today=TODAY)

    assert (impact.withdrawn, impact.created, impact.moves) == (1, 0, [])
    assert everything() == before


@pytest.mark.parametrize("is_new_plant", [True, False])
def test_new_fact_is_counted_and_undone(world: Cast, is_new_plant: bool) -> None:
    RequirementFactory.create(subject_kind="plant" if is_new_plant else "line")
    schedule()
    place, before = world.plant.place, everything()
    thing = (
        PlantFactory.build(authority=world.plant.authority, place=place, company=None)
        if is_new_plant
        else LineFactory.build(plant=world.plant, number=9)
    )

    impact = preview_deed(
        lambda: add_fact(thing=thing, by=BY, at=NOW, today=TODAY), thing=thing, today=TODAY
    )

    assert (impact.created, len(impact.plants)) == (1, 1)
    assert everything() == before


def test_date_of_a_permit_taken_out_is_counted_and_undone(world: Cast) -> None:
    RequirementFactory.create(due={"every": "year", "days_after": 10, "permit": "report"})
    report = PermitReportFactory.create(permit=world.plant.permits.get())
    schedule()
    before = everything()

    impact = preview_deed(
        lambda: remove_report(report=report, by=BY, at=NOW, today=TODAY), thing=report, today=TODAY
    )

    assert len(impact.moves) == 1
    assert everything() == before


def test_deed_that_is_refused_leaves_nothing(world: Cast) -> None:
    permit, before = Permit.objects.get(plant=world.plant), everything()
    permit.valid_until_on += timedelta(days=1)

    with pytest.raises(StaleFact):
        preview_deed(amending(permit, valid_until_on=TODAY), thing=permit, today=TODAY)
    permit = Permit.objects.get(plant=world.plant)
    with pytest.raises(ValidationError):
        preview_deed(amending(permit, valid_until_on=date(2020, 1, 1)), thing=permit, today=TODAY)

    assert everything() == before


def test_what_is_done_before_and_after_a_preview_stays(world: Cast) -> None:
    """Scheduling sets no savepoints of its own; the preview's is set and undone nevertheless."""
    RequirementFactory.create(due={"before": "permit.valid_until", "days": 60})
    schedule()
    permit = Permit.objects.get(plant=world.plant)

    with transaction.atomic():
        Plant.objects.filter(pk=world.plant.pk).update(name_en="Before")
        deed = amending(copy(permit), valid_until_on=TODAY)
        preview_deed(deed, thing=permit, today=TODAY)
        Plant.objects.filter(pk=world.plant.pk).update(name_zh="之后")

    plant = Plant.objects.get(pk=world.plant.pk)
    assert (plant.name_en, plant.name_zh) == ("Before", "之后")
    assert Permit.objects.get(pk=permit.pk).valid_until_on == permit.valid_until_on
    assert not Event.objects.filter(thing_kind="permit").exists()
