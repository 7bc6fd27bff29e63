"""Subjects that are alike share an answer: what is kept from one is what each is told alone."""

from datetime import date

import pytest

from plants.models import PermitReport
from tests.factories import (
    DocumentFactory,
    LineFactory,
    OutletFactory,
    PermitFactory,
    PlantFactory,
    RequirementFactory,
)
from tracker.obligations.subjects import read_subjects
from tracker.obligations.wanted import Demand, Lack, Wanted, wanted
from tracker.regulations.models import AnnexDate, Requirement

pytestmark = pytest.mark.django_db
UNTIL = date(2028, 12, 31)
LAST = "2028-12-31"
RULES: list[tuple[str, object, object]] = [
    ("plant", {"plant.zone": "wu-chang-shi"}, {"on": LAST}),
    ("plant", "always", {"zone": {"wu-chang-shi": "2026-12-31", "other": LAST}}),
    ("plant", "always", {"authority": {"region-changji": "2026-12-31", "other": LAST}}),
    ("plant", {"not": {"plant.co_processing": True}}, {"annex": "organised", "backstop": LAST}),
    ("plant", "always", {"every": "quarter", "days_after": 15, "permit": "report"}),
    ("plant", "always", {"earliest": [{"on": LAST}, {"annex": "fugitive", "backstop": LAST}]}),
    (
        "line",
        {"line.capacity_tpd": {"at_least": 2500}},
        {"before": "permit.valid_until", "days": 9},
    ),
    ("outlet", {"outlet.has_cems": True}, {"every": "month", "working_day": 1}),
]


def answers(ids: list[int]) -> dict[int, list[tuple[object, object]]]:
    """What is wanted of each of these plants, read and worked out in one go."""
    demands = [Demand.of(rule) for rule in Requirement.objects.in_reading_order()]
    return {
        plant.pk: [
            (want.key, want.dated) if isinstance(want, Wanted) else ("lacks", want.fact)
            for want in wanted(demands, subjects, until=UNTIL)
            if isinstance(want, Wanted | Lack)
        ]
        for plant, subjects in read_subjects(ids)
    }


def test_what_is_kept_from_one_is_what_each_is_told_alone() -> None:
    for kind, applies, due in RULES:
        RequirementFactory.create(subject_kind=kind, applies=applies, due=due)
    document = DocumentFactory.create()
    plants = [
        PlantFactory.create(place__code=code, co_processing=number % 3 == 1)
        for number, code in enumerate(("changji-city", "fukang", "wusu", "hotan") * 3)
    ]
    for number, plant in enumerate(plants):
        line = LineFactory.create(plant=plant, capacity_tpd=2000 + 300 * (number % 4))
        OutletFactory.create(
            plant=plant, line=line, has_cems=number % 2 == 0, mn_code=f"MN{number}"
        )
        permit = PermitFactory.create(plant=plant) if number % 5 else None
        if permit and number % 3 == 0:
            PermitReport.objects.create(permit=permit, every="quarter", days_after=20)
        if number % 4 == 0:
            AnnexDate.objects.create(
                document=document,
                plant=plant,
                part="whole" if number % 8 else "organised",
                completion_on=date(2027, 6, 30),
                verification="verified",
            )

    together = answers([plant.pk for plant in plants])

    assert together == {plant.pk: answers([plant.pk])[plant.pk] for plant in plants}
    assert len({str([want[1] for want in wants]) for wants in together.values()}) > 6
