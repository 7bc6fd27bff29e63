"""Scheduling: what is missing is made, what is owed is kept right, what is decided stays."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from plants.models import Plant
from tests.factories import (
    NOW,
    LineFactory,
    OutletFactory,
    PermitFactory,
    PlantFactory,
    RequirementFactory,
)
from tracker import audit
from tracker.obligations.models import Obligation, State
from tracker.obligations.schedule import ScheduleReport, schedule_obligations

pytestmark = pytest.mark.django_db

BY = audit.Actor(None, "tests")
TODAY = date(2026, 9, 1)


def schedule(today: date = TODAY) -> ScheduleReport:
    return schedule_obligations(today=today, by=BY, at=NOW, ahead_days=60)


def counts(report: ScheduleReport) -> tuple[int, int, int, int, int]:
    return (
        report.created,
        report.re_dated,
        report.withdrawn,
        report.reopened,
        report.unchanged,
    )


def test_each_subject_gets_its_obligation() -> None:
    plant = PlantFactory.create()
    line = LineFactory.create(plant=plant)
    outlets = [OutletFactory.create(plant=plant, line=line) for _ in range(2)]
    for kind in ("plant", "line", "outlet"):
        RequirementFactory.create(subject_kind=kind, due={"on": "2028-12-31"}, applies="always")

    report = schedule()

    assert counts(report) == (4, 0, 0, 0, 0)
    found = Obligation.objects.order_by("pk").values_list("line_id", "outlet_id", "due_on")
    assert sorted(found, key=str) == sorted(
        [
            (None, None, date(2028, 12, 31)),
            (line.pk, None, date(2028, 12, 31)),
            (None, outlets[0].pk, date(2028, 12, 31)),
            (None, outlets[1].pk, date(2028, 12, 31)),
        ],
        key=str,
    )


def test_obligation_knows_why_it_applies_and_why_on_that_day() -> None:
    PlantFactory.create()
    RequirementFactory.create(
        document__number="示例〔2026〕1号",
        document__title_zh="示例方案",
        clause="第三条",
        applies={"plant.kind": "clinker"},
        due={"on": "2028-12-31"},
    )

    schedule()

    obligation = Obligation.objects.get()
    assert (
        obligation.due_basis.zh
        == "《示例方案》（示例〔2026〕1号）第三条规定的期限为2028年12月31日。"
    )
    assert (
        obligation.due_basis.en == "示例〔2026〕1号, 第三条 sets 31 December 2028 as the last day."
    )
    assert obligation.applies_basis.en == "It applies because the kind of plant is clinker plant."


def test_second_run_changes_nothing() -> None:
    LineFactory.create()
    RequirementFactory.create(due={"every": "month", "days_after": 10}, applies="always")
    RequirementFactory.create(subject_kind="line", due={"on": "2028-12-31"}, applies="always")
    first = schedule()
    events = audit.Event.objects.count()

    second = schedule()

    assert first.created == second.unchanged == Obligation.objects.count()
    assert not second.changed_anything
    assert audit.Event.objects.count() == events


def test_recurring_duties_run_from_the_followed_day_to_the_horizon() -> None:
    PlantFactory.create(tracked_from_on=date(2026, 7, 5))
    RequirementFactory.create(due={"every": "month", "days_after": 10}, applies="always")

    schedule()

    periods = Obligation.objects.order_by("due_on").values_list("period", "due_on")
    assert list(periods) == [
        ("2026-07", date(2026, 8, 10)),
        ("2026-08", date(2026, 9, 10)),
        ("2026-09", date(2026, 10, 10)),
    ]


def test_shorter_look_ahead_withdraws_nothing() -> None:
    PlantFactory.create(tracked_from_on=date(2026, 7, 5))
    RequirementFactory.create(due={"every": "month", "days_after": 10}, applies="always")
    schedule()

    report = schedule(today=date(2026, 7, 10))

    assert counts(report) == (0, 0, 0, 0, 3)


def test_changed_date_moves_what_is_owed_and_keeps_the_old_one_in_the_history() -> None:
    plant = PlantFactory.create()
    requirement = RequirementFactory.create(due={"on": "2028-12-31"}, applies="always")
    schedule()
    requirement.due = {"on": "2027-06-30"}
    requirement.save()

    report = schedule()

    obligation = Obligation.objects.get()
    assert counts(report) == (0, 1, 0, 0, 0)
    assert obligation.due_on == date(2027, 6, 30)
    event = audit.Event.objects.for_plant(plant).filter(verb=audit.Verb.RE_DATED).get()
    assert event.before is not None
    assert event.after is not None
    assert (event.before["due_on"], event.after["due_on"]) == ("2028-12-31", "2027-06-30")


def test_changed_reason_is_in_the_history_and_moves_no_date() -> None:
    plant = PlantFactory.create()
    requirement = RequirementFactory.create(clause="第三条", applies="always")
    schedule()
    requirement.clause = "第四条"
    requirement.save()

    report = schedule()

    assert (report.re_worded, counts(report)) == (1, (0, 0, 0, 0, 0))
    event = audit.Event.objects.for_plant(plant).filter(verb=audit.Verb.CHANGED).get()
    assert event.before is not None
    assert event.after is not None
    assert event.before["due_on"] == event.after["due_on"]
    assert "第三条" in event.before["due_basis_zh"]
    assert "第四条" in event.after["due_basis_zh"]


@pytest.mark.parametrize("state", [State.SUBMITTED, State.ACCEPTED])
def test_submitted_or_decided_is_never_touched(state: str) -> None:
    PlantFactory.create()
    requirement = RequirementFactory.create(due={"on": "2028-12-31"}, applies="always")
    schedule()
    Obligation.objects.update(state=state)
    requirement.due = {"on": "2027-06-30"}
    requirement.save()

    report = schedule()

    assert counts(report) == (0, 0, 0, 0, 1)
    assert Obligation.objects.get().due_on == date(2028, 12, 31)


def test_withdrawn_requirement_takes_its_owed_obligations_along_and_brings_them_back() -> None:
    PlantFactory.create()
    requirement = RequirementFactory.create(due={"on": "2028-12-31"}, applies="always")
    schedule()
    requirement.withdrawn_on = TODAY
    requirement.save()

    gone = schedule()
    state_when_gone = Obligation.objects.get().state
    requirement.withdrawn_on = None
    requirement.save()
    back = schedule()

    assert (gone.withdrawn, state_when_gone) == (1, State.WITHDRAWN)
    assert (back.reopened, Obligation.objects.get().state) == (1, State.OPEN)


def test_rule_that_binds_no_more_withdraws_what_is_owed() -> None:
    plant = PlantFactory.create(co_processing=True)
    RequirementFactory.create(due={"on": "2028-12-31"}, applies={"plant.co_processing": True})
    schedule()
    Plant.objects.filter(pk=plant.pk).update(co_processing=False)

    assert counts(schedule()) == (0, 0, 1, 0, 0)


def test_unknown_fact_is_reported_and_makes_no_obligation_without_a_date() -> None:
    plant = PlantFactory.create()
    RequirementFactory.create(due={"before": "permit.valid_until", "days": 60}, applies="always")

    without = schedule()
    PermitFactory.create(plant=plant, valid_until_on=date(2027, 5, 1))
    with_permit = schedule()

    assert (without.created, dict(without.lacks)) == (0, {"permit.valid_until": 1})
    assert (with_permit.created, dict(with_permit.lacks)) == (1, {})
    assert Obligation.objects.get().due_on == date(2027, 3, 2)


def test_closed_plant_owes_nothing_any_more() -> None:
    plant = PlantFactory.create()
    RequirementFactory.create(due={"on": "2028-12-31"}, applies="always")
    schedule()
    Plant.objects.filter(pk=plant.pk).update(status="closed")

    assert counts(schedule()) == (0, 0, 1, 0, 0)
    assert counts(schedule()) == (0, 0, 0, 0, 0)
    assert Obligation.objects.get().state == State.WITHDRAWN


def test_duty_ends_with_its_requirement() -> None:
    PlantFactory.create(tracked_from_on=date(2026, 1, 1))
    RequirementFactory.create(
        due={"every": "month", "days_after": 10},
        applies="always",
        effective_from=date(2026, 1, 1),
        effective_to=date(2026, 3, 31),
    )

    schedule()

    assert list(Obligation.objects.order_by("due_on").values_list("period", flat=True)) == [
        "2026-01",
        "2026-02",
        "2026-03",
    ]


@pytest.mark.parametrize("requirements", [1, 3])
def test_unchanged_run_takes_the_same_few_queries(
    requirements: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        LineFactory.create()
    for _ in range(requirements):
        RequirementFactory.create(due={"every": "month", "days_after": 10}, applies="always")
    schedule()

    with django_assert_num_queries(14):
        schedule()
