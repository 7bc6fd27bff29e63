"""A round's outlets with their verdicts, read out of the rows; technologies; who may enter."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plants.models import Outlet, Person
from tests.factories import (
    Cast,
    LimitFactory,
    LineFactory,
    OutletFactory,
    PersonFactory,
    RequirementFactory,
    assessor_of,
)
from tests.rounds.samples.rounds import NOW, actor, monitored
from tests.rounds.samples.tables import GOOD, HEADING, with_cell, workbook
from tracker.audit import Event, Verb
from tracker.rounds.models import Body, Origin, Round, Sample, SamplesAsked, Seat, Stage
from tracker.rounds.samples.enter import Source, enter_samples
from tracker.rounds.samples.parse import parse_workbook
from tracker.rounds.samples.reading import SamplesRefused, read_known
from tracker.rounds.samples.results import OutletResult, read_results
from tracker.rounds.samples.rights import may_enter_samples
from tracker.rounds.samples.technology import describe_technology
from tracker.rounds.samples.verdict import Gap, Outcome

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 20)


def with_limit(**fields: Any) -> tuple[Cast, Round]:
    """A round at a kiln tail that keeps 50 mg/m3 of NOx at 10 % oxygen, and 95 % of its hours."""
    world, round_ = monitored(**fields)
    tail = RequirementFactory.create(
        part="organised",
        subject_kind="outlet",
        applies={"outlet.source": "kiln_tail"},
        clause="二（一）",
    )
    LimitFactory.create(
        requirement=tail, pollutant="NOx", value=50, reference_oxygen_percent=Decimal(10)
    )
    LimitFactory.create(
        requirement=tail,
        pollutant="share of hours",
        value=95,
        unit="%",
        comparison="at_least",
        averaging="month",
    )
    return world, round_


def enter(world: Cast, round_: Round, *rows: Any) -> None:
    parsed = parse_workbook(workbook(HEADING, *rows), read_known(round_, now=NOW))
    by = actor(world.manager)
    enter_samples(round=round_, parsed=parsed, source=Source(Origin.PASTED), by=by, at=NOW)


def describe(round_: Round, outlet: Outlet, person: Person) -> None:
    by = actor(person)
    describe_technology(round=round_, outlet=outlet, technology="SCR", parameters="", by=by, at=NOW)


def only(round_: Round) -> OutletResult:
    (result,) = read_results(round_, today=TODAY)
    return result


def test_outlet_within_with_formula_limit_and_cems() -> None:
    world, round_ = with_limit()
    enter(world, round_, with_cell(5, 12.2, with_cell(6, 40, with_cell(8, 42))))

    result = only(round_)

    assert result.verdict.outcome == Outcome.WITHIN
    (pollutant,) = result.pollutants
    assert (pollutant.pollutant, pollutant.is_asked) == ("NOx", True)
    assert not pollutant.verdict.asked.is_known
    (sample,) = pollutant.samples
    assert sample.verdict.conversion is not None
    assert sample.verdict.conversion.formula == "40 × (21 − 10) ÷ (21 − 12.2) = 50"
    assert sample.limit is not None
    assert sample.limit.limit.requirement.clause == "二（一）"
    assert sample.cems is not None
    assert (sample.cems.absolute, sample.cems.relative_percent) == (Decimal(2), Decimal(5))
    assert result.share_asked is not None
    assert result.verdict.share is not None
    assert result.verdict.share.why == Gap.NO_HOURS


@pytest.mark.parametrize(
    ("row", "outcome"),
    [
        (with_cell(5, 12.2, with_cell(6, "40.0001")), Outcome.OVER),
        (with_cell(5, 21), Outcome.INVALID),
        # what has no limit is shown, and judges nobody
        (with_cell(1, "氨"), Outcome.NOT_ENOUGH),
    ],
)
def test_outlet_by_one_sample(row: list[Any], outcome: Outcome) -> None:
    world, round_ = with_limit()
    enter(world, round_, row)

    assert only(round_).verdict.outcome == outcome


def test_limit_of_the_day_that_the_sample_was_taken_on() -> None:
    world, round_ = with_limit()
    stricter = RequirementFactory.create(
        part="organised", subject_kind="outlet", applies={"outlet.source": "kiln_tail"}
    )
    LimitFactory.create(
        requirement=stricter,
        pollutant="NOx",
        value=30,
        reference_oxygen_percent=Decimal(10),
        effective_from=date(2026, 9, 6),
    )
    before = with_cell(5, 10)
    on_the_day = with_cell(2, "2026-09-06 00:00", with_cell(3, "01:00", before))
    enter(world, round_, before, on_the_day)

    (pollutant,) = only(round_).pollutants

    assert [each.verdict.outcome for each in pollutant.samples] == [Outcome.WITHIN, Outcome.OVER]
    assert [each.limit.limit.value for each in pollutant.samples if each.limit] == [50, 30]


def test_count_asked_and_replaced_samples_count_for_nothing() -> None:
    world, round_ = with_limit()
    SamplesAsked.objects.create(source="kiln_tail", pollutant="NOx", fewest=2)
    enter(world, round_, GOOD, with_cell(2, "2026-09-05 10:00"))
    assert only(round_).verdict.outcome == Outcome.WITHIN

    Sample.objects.filter(pk=Sample.objects.earliest("pk").pk).update(replaced_at=NOW)

    (pollutant,) = only(round_).pollutants
    assert (pollutant.verdict.outcome, pollutant.verdict.why) == (
        Outcome.NOT_ENOUGH,
        Gap.TOO_FEW,
    )
    assert pollutant.verdict.asked.is_known


def test_outlets_of_the_round_without_samples_and_as_many_queries_for_any() -> None:
    world, round_ = with_limit()
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert [each.outlet.code for each in read_results(round_, today=TODAY)] == ["DA001"]
    kiln = Outlet.objects.get(plant=world.plant)
    assert kiln.line is not None
    round_.lines.add(kiln.line)
    other = LineFactory.create(plant=world.plant)
    OutletFactory.create(plant=world.plant, code="DA002", line=other)
    for number in range(3, 9):
        OutletFactory.create(plant=world.plant, code=f"DA00{number}", line=kiln.line)
    enter(world, round_, GOOD)

    with CaptureQueriesContext(connection) as many:
        found = read_results(round_, today=TODAY)

    assert [each.outlet.code for each in found] == ["DA001", *(f"DA00{n}" for n in range(3, 9))]
    assert {each.verdict.outcome for each in found[1:]} == {Outcome.NOT_ENOUGH}
    assert len(many) == len(few)


def test_technology_is_written_and_kept_in_the_trail() -> None:
    world, round_ = with_limit()
    outlet, by = Outlet.objects.get(plant=world.plant), actor(world.manager)

    def write(technology: str) -> None:
        describe_technology(
            round=round_, outlet=outlet, technology=technology, parameters=" 喷氨 ", by=by, at=NOW
        )

    write(" SNCR ")
    write("SNCR+SCR")
    write("SNCR+SCR")

    row = only(round_).technology
    assert row is not None
    assert (row.technology, row.parameters) == ("SNCR+SCR", "喷氨")
    assert [event.verb for event in Event.objects.about(row)] == [Verb.CHANGED, Verb.CREATED]
    with pytest.raises(SamplesRefused):
        write(" ")


def test_technology_only_of_the_rounds_own_outlets() -> None:
    world, round_ = with_limit()
    foreign = Outlet.objects.get(plant=world.other_plant)

    with pytest.raises(SamplesRefused):
        describe(round_, foreign, world.manager)


@pytest.mark.parametrize("who", ["changji_officer", "auditor", "other_manager"])
def test_technology_is_for_the_plant_and_its_monitoring_body(who: str) -> None:
    world, round_ = with_limit()

    with pytest.raises(SamplesRefused):
        describe(round_, Outlet.objects.get(plant=world.plant), world.people[who])

    assert only(round_).technology is None


@pytest.mark.parametrize("fields", [{"stage": Stage.FILED}, {"given_up_at": NOW}])
def test_technology_stays_once_it_is_reported_or_given_up(fields: dict[str, Any]) -> None:
    reason = {"given_up_reason": "停产"} if "given_up_at" in fields else {}
    world, round_ = with_limit(**fields, **reason)

    with pytest.raises(SamplesRefused):
        describe(round_, Outlet.objects.get(plant=world.plant), world.manager)


def test_plant_and_its_monitoring_body_may_enter() -> None:
    world, round_ = with_limit()
    bodies = {body: PersonFactory.create() for body in Body}
    for body, person in bodies.items():
        Seat.objects.create(
            round=round_,
            person=person,
            body=body,
            organisation="示例机构",
            given_by=world.manager,
            given_at=NOW,
        )
    people = {
        **world.people,
        "assessor": assessor_of(world.plant),
        **{str(body.value): person for body, person in bodies.items()},
    }

    allowed = {name for name, person in people.items() if may_enter_samples(person, round_)}
    Seat.objects.update(ended_at=NOW)

    assert allowed == {"manager", "group_manager", "monitoring"}
    assert not may_enter_samples(bodies[Body.MONITORING], round_)
