"""Which limit counts at an outlet, read from the seeds that are shipped, and which of two."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from plants.models import Denitration, OutletSource, Plant
from tests.factories import (
    AuthorityFactory,
    DocumentFactory,
    LimitFactory,
    LineFactory,
    OutletFactory,
    PlantFactory,
    RequirementFactory,
)
from tracker.audit import Actor
from tracker.obligations.facts import Facts, subjects_of
from tracker.regulations.load import load_seeds
from tracker.regulations.models import Limit
from tracker.regulations.seeds import parse_seeds, read_files, shipped_paths
from tracker.rounds.samples.asked import pollutants_asked
from tracker.rounds.samples.limits import (
    Chosen,
    limits_on,
    read_demands,
    share_of_hours_on,
    strictest,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY = NOW.date()
Named = tuple[Decimal, Decimal | None, str]


def facts_of(plant: Plant, source: str) -> Facts:
    line = plant.lines.first() or LineFactory.create(plant=plant, denitration=Denitration.SNCR)
    outlet = OutletFactory.create(plant=plant, line=line, source=source, has_cems=True)
    (subject,) = subjects_of(plant, [line], [outlet], None)["outlet"]
    return subject.facts


def named(chosen: dict[str, Chosen]) -> dict[str, Named]:
    return {
        pollutant: (
            each.limit.value.normalize(),
            each.reference,
            each.limit.requirement.code,
        )
        for pollutant, each in chosen.items()
    }


def test_limits_of_the_seeds() -> None:
    load(TODAY)
    demands = read_demands()
    plant = PlantFactory.create(authority=AuthorityFactory.create(code="region-changji"))
    ten, before = Decimal(10), date(2026, 3, 31)

    def found(source: str, day: date = TODAY) -> dict[str, Named]:
        return named(limits_on(demands, facts_of(plant, source), day))

    # 1.3 (1) "kiln … 10 % … 10, 35, 50"; what it doesn't set follows GB 4915 (4.1)
    assert found(OutletSource.KILN_TAIL) == {
        "PM": (ten, ten, "opinion-kiln-tail"),
        "SO2": (Decimal(35), ten, "opinion-kiln-tail"),
        "NOx": (Decimal(50), ten, "opinion-kiln-tail"),
        "fluoride": (Decimal(5), ten, "gb4915-kiln-tail"),
        "Hg": (Decimal("0.05"), ten, "gb4915-kiln-tail"),
        "NH3": (ten, ten, "gb4915-ammonia"),
    }
    # 1.3 (1) "kiln head … none … 10": stricter than the 30 of 4.1, and no SO2 from the plan's kilns
    assert found(OutletSource.KILN_HEAD) == {"PM": (ten, None, "opinion-kiln-head")}
    # 1.3 (1) "coal mill … 10", although 4.1 has a requirement of its own for it with 30
    for source in (OutletSource.COAL_MILL, OutletSource.SILO, OutletSource.PACKER):
        assert found(source) == {"PM": (ten, None, "opinion-other-vents")}
    # 1.3 (1) dryer "**?**": only what the amendment sets, and its reference oxygen isn't known
    assert found(OutletSource.DRYER) == {
        "PM": (ten, None, "gb4915-amendment-dryer"),
        "SO2": (Decimal(50), None, "gb4915-amendment-dryer"),
        "NOx": (Decimal(80), None, "gb4915-amendment-dryer"),
        "NH3": (Decimal(8), None, "gb4915-amendment-dryer"),
    }
    # 4.1 "in force 2026-04-01": the day before, the dryer is under the 8 % of old
    assert found(OutletSource.DRYER, before)["NOx"] == (Decimal(400), Decimal(8), "gb4915-dryer")
    # the plan has 10 for all vents, which is the lower number although no oxygen goes with it
    assert found(OutletSource.DRYER, before)["PM"] == (ten, None, "r117-organised")
    # before the Opinion, the standard alone
    assert found(OutletSource.KILN_TAIL, date(2024, 1, 18))["NOx"][0] == Decimal(400)


def test_plan_that_is_corrected_to_stricter_numbers_wins() -> None:
    """The text of the plan may turn out to ask for more than the Opinion that it implements."""
    load(TODAY)
    Limit.objects.filter(requirement__code="r117-organised", pollutant="NOx").update(value=30)
    Limit.objects.filter(requirement__code="r117-organised", pollutant="PM").update(value=5)
    plant = PlantFactory.create(authority=AuthorityFactory.create(code="region-changji"))
    demands = read_demands()

    kiln = limits_on(demands, facts_of(plant, OutletSource.KILN_TAIL), TODAY)
    head = limits_on(demands, facts_of(plant, OutletSource.KILN_HEAD), TODAY)
    corps = PlantFactory.create(authority=AuthorityFactory.create(code="corps-08"))
    theirs = limits_on(demands, facts_of(corps, OutletSource.KILN_TAIL), TODAY)

    assert named(kiln)["NOx"] == (Decimal(30), Decimal(10), "r117-organised")
    assert named(head)["PM"] == (Decimal(5), None, "r117-organised")
    assert named(theirs)["NOx"] == (Decimal(50), Decimal(10), "opinion-kiln-tail")
    assert [limit.requirement.code for limit in kiln["NOx"].others] == [
        "opinion-kiln-tail",
        "gb4915-kiln-tail",
    ]


def test_share_of_hours_and_pollutants_asked_of_the_seeds() -> None:
    load(TODAY)
    demands = read_demands()
    plant = PlantFactory.create(authority=AuthorityFactory.create(code="region-changji"))
    kiln, dryer = facts_of(plant, OutletSource.KILN_TAIL), facts_of(plant, OutletSource.DRYER)

    share = share_of_hours_on(demands, kiln, TODAY)

    assert share is not None
    assert (share.value, share.requirement.code) == (Decimal(95), "opinion-kiln-tail-share")
    assert share_of_hours_on(demands, dryer, TODAY) is None
    # 2.6 "kiln tail, kiln head: PM, SO2, NOx (NH3)": not the fluoride and mercury of the standard
    assert pollutants_asked([], "kiln_tail", limits_on(demands, kiln, TODAY)) == {
        "PM",
        "SO2",
        "NOx",
    }
    assert pollutants_asked([], "dryer", limits_on(demands, dryer, TODAY)) == {
        "PM",
        "SO2",
        "NOx",
        "NH3",
    }


def load(today: date) -> None:
    contents, _faults = read_files(shipped_paths())
    seeds, _wrong = parse_seeds(contents)
    load_seeds(seeds=seeds, today=today, by=Actor(None, "test"), at=NOW)


def limit(value: int, reference: int | None = None, **fields: Any) -> Limit:
    return LimitFactory.create(
        value=Decimal(value),
        reference_oxygen_percent=None if reference is None else Decimal(reference),
        requirement=RequirementFactory.create(part="organised", **fields),
    )


def test_strictest_compares_what_is_left_at_any_oxygen() -> None:
    # 60 ÷ (21 − 8) is less than 52 ÷ (21 − 10): the larger number is the stricter limit
    at_eight, at_ten = limit(60, 8), limit(52, 10)

    chosen = strictest([at_ten, at_eight])

    assert (chosen.limit, chosen.others) == (at_eight, (at_ten,))


def test_of_equals_the_surer_is_named_and_then_the_national_one() -> None:
    plan = DocumentFactory.create(tree="region", kind="plan")
    local = limit(10, code="a-local", document=plan)
    national = limit(10, code="b-national")
    unsure = limit(10, code="0-unsure")
    unsure.verification = "to_verify"

    chosen = strictest([unsure, local, national])

    assert (chosen.limit, chosen.others) == (national, (local, unsure))


def test_lower_number_without_a_reference_is_not_hidden_by_one_with_it() -> None:
    unknown, known = limit(10), limit(20, 8)

    assert strictest([known, unknown]).limit == unknown
    assert strictest([limit(10), same := limit(10, 10)]).limit == same


def test_withdrawn_and_foreign_requirements_bind_nobody() -> None:
    tail: dict[str, Any] = {"subject_kind": "outlet", "applies": {"outlet.source": "kiln_tail"}}
    limit(5, 10, **tail, withdrawn_on=date(2026, 1, 1))
    limit(6, 10, subject_kind="outlet", applies={"outlet.source": "silo"})
    limit(7, 10, **tail, effective_to=date(2026, 1, 1))
    binding = limit(8, 10, **tail)
    facts = facts_of(PlantFactory.create(), OutletSource.KILN_TAIL)

    chosen = limits_on(read_demands(), facts, TODAY)

    assert {pollutant: each.limit for pollutant, each in chosen.items()} == {"PM": binding}
    assert chosen["PM"].others == ()
