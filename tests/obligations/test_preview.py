"""A preview says what a change would do, to the letter, and does nothing."""

from datetime import date, timedelta

import pytest

from plants.models import Permit, Plant, RunStatus
from tests.factories import NOW, TODAY, Cast, PlantFactory, RequirementFactory, cast, submit
from tracker.audit import Actor, Event
from tracker.obligations.amend import amend
from tracker.obligations.models import Obligation
from tracker.obligations.preview import Impact, Move, preview_rules, what_if
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
