"""What the rules want where one requirement counts from the date of another."""

from datetime import date

import pytest

from plants.models import Plant
from plants.text import Text
from tests.factories import LineFactory, PlantFactory, RequirementFactory
from tracker.obligations.subjects import read_subjects
from tracker.obligations.wanted import Demand, Lack, Wanted, wanted
from tracker.regulations.models import Requirement

pytestmark = pytest.mark.django_db
UNTIL = date(2029, 12, 31)


def wants(plant: Plant) -> list[Wanted | Lack]:
    demands = [Demand.of(rule) for rule in Requirement.objects.in_force().in_reading_order()]
    ((_plant, subjects),) = read_subjects([plant.pk])
    return list(wanted(demands, subjects, until=UNTIL))


def days(plant: Plant) -> list[date | str]:
    return [want.due_on if isinstance(want, Wanted) else want.fact for want in wants(plant)]


def test_date_of_another_requirement_counts_wherever_it_stands() -> None:
    """A chain of three, written in the order that is the wrong way round."""
    plant = PlantFactory.create()
    document = RequirementFactory.create(code="c", due={"after": "b", "months": 1}).document
    RequirementFactory.create(code="b", due={"before": "a", "days": 1}, document=document)
    RequirementFactory.create(code="a", due={"on": "2028-02-29"}, document=document)

    assert sorted(map(str, days(plant))) == ["2028-02-28", "2028-02-29", "2028-03-28"]


def test_reason_names_the_other_requirement() -> None:
    plant = PlantFactory.create()
    RequirementFactory.create(
        code="report", title_zh="监测报告", title_en="Monitoring report", due={"on": "2028-06-30"}
    )
    rule = RequirementFactory.create(due={"after": "report", "working_days": 5})

    (want,) = [w for w in wants(plant) if isinstance(w, Wanted) and w.key[0] == rule.pk]

    assert want.dated.due_basis_en.endswith(
        ": 5 working days after the due date of “Monitoring report” (30 June 2028) (provisional: "
        "the State Council has not yet published the days off of 2028)."
    )
    assert "：“监测报告”的期限（2028年6月30日）后5个工作日（暂定" in want.dated.due_basis_zh


def test_lines_rule_counts_from_the_plants_date_or_its_own() -> None:
    plant = PlantFactory.create()
    LineFactory.create(plant=plant, number=1, commissioned_on=date(2025, 1, 1))
    LineFactory.create(plant=plant, number=2, commissioned_on=date(2026, 1, 1))
    RequirementFactory.create(code="whole", due={"on": "2027-01-01"})
    RequirementFactory.create(
        code="line", subject_kind="line", due={"after": "line.commissioned_on", "months": 12}
    )
    RequirementFactory.create(code="next", subject_kind="line", due={"after": "line", "days": 1})
    RequirementFactory.create(code="last", subject_kind="line", due={"after": "whole", "days": 1})

    assert sorted(map(str, days(plant))) == [
        "2026-01-01",
        "2026-01-02",
        "2027-01-01",
        "2027-01-01",
        "2027-01-02",
        "2027-01-02",
        "2027-01-02",
    ]


@pytest.mark.parametrize(
    ("applies", "due"),
    [
        ({"plant.kind": "grinding"}, {"on": "2028-06-30"}),  # doesn't bind this plant
        ("always", {"after": "plant.restarted_on", "days": 1}),  # has no date itself
    ],
)
def test_other_requirement_without_a_date_leaves_this_one_without(
    applies: object, due: object
) -> None:
    plant = PlantFactory.create(kind="clinker")
    RequirementFactory.create(code="a", applies=applies, due=due)
    RequirementFactory.create(code="b", due={"after": "a", "days": 1})
    RequirementFactory.create(code="c", due={"after": "a", "days": 1, "backstop": "2028-12-31"})

    assert days(plant)[-2:] == ["due:a", date(2028, 12, 31)]


def test_circle_that_came_in_by_hand_ends_without_a_date() -> None:
    plant = PlantFactory.create()
    RequirementFactory.create(code="a", due={"after": "b", "days": 1})
    RequirementFactory.create(code="b", due={"after": "a", "days": 1})

    assert days(plant) == ["due:b", "due:a"]


def test_withdrawn_requirement_has_no_date() -> None:
    plant = PlantFactory.create()
    RequirementFactory.create(code="a", due={"on": "2028-06-30"}, withdrawn_on="2026-01-01")
    RequirementFactory.create(code="b", due={"after": "a", "days": 1})

    assert days(plant) == ["due:a"]


def test_unknown_date_of_another_is_named_by_its_title() -> None:
    plant = PlantFactory.create()
    RequirementFactory.create(
        code="a", title_zh="甲", title_en="A", due={"after": "plant.restarted_on", "days": 1}
    )
    RequirementFactory.create(code="b", due={"after": "a", "days": 1, "backstop": "2028-12-31"})

    want = wants(plant)[-1]

    assert isinstance(want, Wanted)
    assert Text("“甲”的期限", "the due date of “A”").en in want.dated.due_basis_en
