"""What samples, fugitive checks and tonnes amount to, for the checks of a round's conditions."""

from datetime import date
from decimal import Decimal

import pytest

from plants.models import Part
from tests.factories import NOW, LimitFactory, OutletFactory, RequirementFactory
from tests.rounds.walks import Scene, condition, scene
from tracker.rounds.acting import RoundRefused
from tracker.rounds.models import Check, Origin, Round, Sample, Stage
from tracker.rounds.outcomes import Outcome
from tracker.rounds.part_facts import read_part_facts
from tracker.rounds.standings import read_standings
from tracker.rounds.transport.ledger import assessed_period

pytestmark = pytest.mark.django_db
EACH = [Check.SAMPLES_WITHIN, Check.FUGITIVE_IN_ORDER, Check.TRANSPORT_CLEAN]


@pytest.fixture
def world() -> Scene:
    """A round that is monitored; its plant has one outlet, whose dust may be 10 mg/m3."""
    made = scene()
    made.plant.outlets.all().delete()
    OutletFactory.create(plant=made.plant, source="crusher", code="DA001")
    rule = RequirementFactory.create(
        part=Part.ORGANISED, subject_kind="outlet", applies="always", due="standing"
    )
    LimitFactory.create(requirement=rule, pollutant="PM", value=10, unit="mg/m3")
    made.walk("monitoring")
    days = {"monitoring_from_on": date(2026, 8, 1), "monitoring_to_on": date(2026, 8, 31)}
    Round.objects.filter(pk=made.round.pk).update(**days)
    made.round.refresh_from_db()
    return made


def measure(world: Scene, milligrams: str) -> None:
    Sample.objects.create(
        round=world.round,
        outlet=world.plant.outlets.get(),
        pollutant="PM",
        taken_from_at=NOW.replace(month=8, day=10, hour=1),
        taken_to_at=NOW.replace(month=8, day=10, hour=2),
        measured=Decimal(milligrams),
        origin=Origin.HAND,
        entered_by=world.people["manager"],
        entered_at=NOW,
    )


def outcomes(world: Scene) -> dict[str, str]:
    found = read_part_facts(world.round, EACH, today=world.today)
    return {check.value: fact.outcome.value for check, fact in found.items()}


def test_without_rows_nothing_is_met(world: Scene) -> None:
    assert outcomes(world) == {check.value: Outcome.NOT_ENOUGH for check in EACH}


@pytest.mark.parametrize("today", [date(2026, 9, 1), date(2026, 11, 15)])
def test_months_that_end_after_the_monitoring_are_none_of_it(world: Scene, today: date) -> None:
    assert assessed_period(world.round, today=today).last == date(2026, 7, 1)


def test_until_it_is_monitored_the_last_whole_month_counts(world: Scene) -> None:
    world.round.monitoring_to_on = None
    assert assessed_period(world.round, today=date(2026, 11, 15)).last == date(2026, 10, 1)


def test_nothing_is_read_that_is_not_asked_for(world: Scene) -> None:
    assert read_part_facts(world.round, ["permit_valid"], today=world.today) == {}


@pytest.mark.parametrize(
    ("milligrams", "outcome"), [("10", "met"), ("10.1", "not_met"), ("9.9", "met")]
)
def test_samples_decide_on_the_organised_part(world: Scene, milligrams: str, outcome: str) -> None:
    measure(world, milligrams)
    asked = condition("samples", "monitoring", check_name="samples_within", part="organised")

    [standing] = [s for s in read_standings(world.round, today=world.today) if s.finding]

    assert (standing.condition, standing.outcome) == (asked, outcome)


def test_what_is_over_its_limit_keeps_the_round_from_its_report(world: Scene) -> None:
    measure(world, "12")
    asked = condition("samples", "monitoring", check_name="samples_within", part="organised")

    with pytest.raises(RoundRefused) as refused:
        world.move("report")

    assert refused.value.conditions == [asked]
    world.override(asked)
    world.move("report")
    assert world.round.stage == Stage.REPORT
