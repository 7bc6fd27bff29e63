"""Plants, their managers and what they owe, as many as a drill wants."""

from collections.abc import Iterator, Sequence
from copy import copy
from datetime import date, timedelta
from itertools import islice

from django.db import connection

from plants.models import Membership, Person, Plant, Role
from tests.factories import DocumentFactory, PlantFactory, RequirementFactory
from tests.factories.rows import NOW
from tracker.obligations.models import Obligation
from tracker.regulations.models import Requirement

AT_ONCE = 5000
LANGUAGES = ("zh-hans", "en")
# An overdue one, one of today, and one to come: each is told on the first night.
DAYS = (-3, 0, 1)


def make_world(plants: int, *, today: date, days: Sequence[int] = DAYS) -> None:
    """Each plant has a manager of its own, and owes something so many days from ``today`` on."""
    rules = make_rules(len(days))
    made = make_plants(plants)
    for number, rule in enumerate(rules):
        due_on = today + timedelta(days=days[number])
        _bulk(Obligation, (owed(rule, plant, due_on) for plant in made))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def make_plants(count: int) -> list[Plant]:
    """So many plants, each with its manager."""
    first = PlantFactory.create()
    others = []
    for number in range(1, count):
        other = copy(first)
        other.pk, other.code, other.credit_code = None, f"drill-{number}", f"{number:018d}"
        others.append(other)
    made = [first, *Plant.objects.bulk_create(others, batch_size=500)]
    people = Person.objects.bulk_create(
        [
            Person(
                email=f"manager-{number}@drill.example",
                name=f"人员{number}",
                language=LANGUAGES[number % 2],
            )
            for number in range(count)
        ],
        batch_size=500,
    )
    Membership.objects.bulk_create(
        [
            Membership(person=person, plant=plant, role=Role.MANAGER)
            for person, plant in zip(people, made, strict=True)
        ],
        batch_size=500,
    )
    return made


def make_rules(count: int) -> list[Requirement]:
    document = DocumentFactory.create()
    return [RequirementFactory.create(document=document) for _ in range(count)]


def owed(rule: Requirement, plant: Plant, due_on: date) -> Obligation:
    """What the plant owes by that day; not yet saved."""
    return Obligation(
        requirement=rule,
        plant=plant,
        due_on=due_on,
        due_basis_zh="按示例方案的规定日期。",
        due_basis_en="The date that the example plan sets.",
        applies_basis_zh="适用于所有企业。",
        applies_basis_en="It binds every plant.",
        state_changed_at=NOW,
    )


def _bulk(model: type[Obligation], rows: Iterator[Obligation]) -> None:
    while some := list(islice(rows, AT_ONCE)):
        model.objects.bulk_create(some, batch_size=500)
