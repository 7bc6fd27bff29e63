"""How long a night is planned over 200,000 obligations, and what memory that takes.

`manage.py shell` runs `measure` on the bench's database (see `tests.bench.__main__`).
"""

import resource
import time
from copy import copy
from datetime import date, timedelta

from django.db import connection, transaction

from plants.models import Membership, Person, Plant, Role
from tests.factories import AuthorityFactory, DocumentFactory, PlantFactory, RequirementFactory
from tracker.obligations.models import Obligation, State
from tracker.reminders.days import moment
from tracker.reminders.models import Reminder
from tracker.reminders.plan import plan_reminders

PLANTS = 2000
REQUIREMENTS = 20
PERIODS = 5
MANAGERS_OF_A_PLANT = 2
# A Wednesday; a third of the duties is due within three months, some are overdue, some wait.
TODAY = date(2028, 6, 7)
MOST_SECONDS, MOST_MB = 10.0, 200.0


def measure() -> None:
    """Print the figures and their limits, separated by tabs."""
    make()
    before = _peak_mb()
    first = _timed()
    grown = _peak_mb() - before
    again = _timed()
    rows, due = Reminder.objects.count(), Obligation.objects.count()
    print(
        f"figure\tplanning a night: {due} obligations, {rows} reminders, "
        f"first {first:.1f} s, again {again:.1f} s, memory +{grown:.0f} MB"
    )
    print(f"limit\tplanning a night (s)\t{first:.2f}\t{MOST_SECONDS}")
    print(f"limit\tplanning a night (MB)\t{grown:.1f}\t{MOST_MB}")


def make() -> None:
    """Plants under one office with two managers each, and their duties over three years."""
    authority = AuthorityFactory.create(code="region-changji")
    first = PlantFactory.create(authority=authority)
    Plant.objects.bulk_create((_like(first, n) for n in range(1, PLANTS)), batch_size=500)
    plants = list(Plant.objects.filter(authority=authority).order_by("pk"))
    _people(plants)
    document = DocumentFactory.create()
    requirements = [
        RequirementFactory.create(document=document, due={"every": "quarter", "days_after": 15})
        for _ in range(REQUIREMENTS)
    ]
    with transaction.atomic():
        for plant in plants:
            Obligation.objects.bulk_create(
                _obligation(plant.pk, requirement.pk, number, period)
                for number, requirement in enumerate(requirements)
                for period in range(PERIODS)
            )
    # As a database that has been there for a while: it knows how its rows lie.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _people(plants: list[Plant]) -> None:
    people = Person.objects.bulk_create(
        Person(email=f"{plant.pk}-{number}@bench.example", name="负责人", password="!")
        for plant in plants
        for number in range(MANAGERS_OF_A_PLANT)
    )
    Membership.objects.bulk_create(
        Membership(person=person, role=Role.MANAGER, plant=plants[place // MANAGERS_OF_A_PLANT])
        for place, person in enumerate(people)
    )


def _like(plant: Plant, number: int) -> Plant:
    other = copy(plant)
    other.pk, other.code, other.credit_code = None, f"remind-{number}", f"{number:018d}"
    return other


def _obligation(plant: int, requirement: int, number: int, period: int) -> Obligation:
    days = (plant * 7 + number * 13 + period * 211) % 1100 - 200
    states = (State.OPEN, State.OPEN, State.OPEN, State.SUBMITTED, State.ACCEPTED)
    return Obligation(
        plant_id=plant,
        requirement_id=requirement,
        period=f"{2026 + period}-Q1",
        due_on=TODAY + timedelta(days=days),
        state=states[(plant + number + period) % 5],
        state_changed_at=moment(TODAY - timedelta(days=number), 9),
    )


def _timed() -> float:
    started = time.monotonic()
    plan_reminders(today=TODAY, at=moment(TODAY, 6))
    return time.monotonic() - started


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
