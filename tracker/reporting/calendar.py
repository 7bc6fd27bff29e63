"""A month for one person: what is due day by day, kiln stops, works and permits that end."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Max, Min, Q

from plants.models import Authority, Permit, Person, Plant, Project
from plants.text import Text
from tracker.obligations.models import Obligation
from tracker.regulations.models import Requirement
from tracker.reporting.kiln_stops import KilnStops, read_kiln_stops
from tracker.reporting.plants import Choice


@dataclass(frozen=True)
class Scope:
    """What the person may narrow the calendar to."""

    plants: list[Choice]
    authorities: list[Choice]


@dataclass(frozen=True)
class Wanted:
    """Whose month is shown; empty fields don't narrow."""

    first: date
    last: date
    plant: Choice | None = None
    authority: Choice | None = None

    def plants(self, prefix: str = "") -> Q:
        """The plants meant, as a condition on a model that reaches a plant by ``prefix``."""
        condition = Q()
        if self.plant:
            condition &= Q(**{f"{prefix}id": self.plant.pk})
        if self.authority:
            condition &= Q(**{f"{prefix}authority__path__startswith": self.authority.path})
        return condition


class Duty(NamedTuple):
    """One requirement on one day in one state: how many obligations, and the first of them.

    ``plant_id`` where all of them are one plant's; ``verification`` is the requirement's.
    """

    requirement: int
    code: str
    part: str
    title: Text
    verification: str
    state: str
    number: int
    obligation: int
    plant_id: int | None


class Ending(NamedTuple):
    """A project that is to be finished, or a permit that runs out, on a day."""

    name: str | Text
    plant_id: int
    plant: Text


@dataclass
class Day:
    """What falls on a day."""

    on: date
    duties: list[Duty] = field(default_factory=list)
    projects: list[Ending] = field(default_factory=list)
    permits: list[Ending] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(duty.number for duty in self.duties)


@dataclass(frozen=True)
class Month:
    """``days`` holds the days with something on them, in order."""

    days: dict[date, Day]
    stops: KilnStops


def read_scope(person: Person) -> Scope:
    """The plants and authorities that a person works with, in two queries."""
    plants = Plant.objects.visible_to(person).order_by("name_zh", "pk")
    authorities = Authority.objects.visible_to(person).order_by("path")
    return Scope(
        plants=[
            Choice(pk, str(pk), Text(zh, en))
            for pk, zh, en in plants.values_list("pk", "name_zh", "name_en")
        ],
        authorities=[
            Choice(pk, code, Text(zh, en), path)
            for pk, code, zh, en, path in authorities.values_list(
                "pk", "code", "name_zh", "name_en", "path"
            )
        ],
    )


def read_month(person: Person, wanted: Wanted) -> Month:
    """The month in at most ten queries, however many plants and obligations there are."""
    days: dict[date, Day] = {}
    for on, duty in _duties(person, wanted):
        days.setdefault(on, Day(on)).duties.append(duty)
    for on, ending in _projects(person, wanted):
        days.setdefault(on, Day(on)).projects.append(ending)
    for on, ending in _permits(person, wanted):
        days.setdefault(on, Day(on)).permits.append(ending)
    plants = Plant.objects.visible_to(person).filter(wanted.plants())
    stops = read_kiln_stops(plants, first=wanted.first, last=wanted.last)
    return Month({on: days[on] for on in sorted(days)}, stops)


def _duties(person: Person, wanted: Wanted) -> Iterable[tuple[date, Duty]]:
    """Counted in the database: a region's month has more obligations than a page should read."""
    counted = list(
        Obligation.objects.visible_to(person)
        .filter(wanted.plants("plant__"))
        .counting()
        .due_between(wanted.first, wanted.last)
        .order_by()
        .values_list("due_on", "requirement_id", "state")
        .annotate(number=Count("*"), first=Min("pk"), lowest=Min("plant"), highest=Max("plant"))
    )
    named = {
        pk: (position, code, part, Text(zh, en), verification)
        for pk, position, code, part, zh, en, verification in Requirement.objects.filter(
            pk__in={requirement for _on, requirement, *_ in counted}
        ).values_list("pk", "position", "code", "part", "title_zh", "title_en", "verification")
    }
    counted.sort(key=lambda row: (row[0], named[row[1]][:2], row[2]))
    for on, requirement, state, number, first, lowest, highest in counted:
        _position, code, part, title, verification = named[requirement]
        plant_id = lowest if lowest == highest else None
        yield (
            on,
            Duty(requirement, code, part, title, verification, state, number, first, plant_id),
        )


def _projects(person: Person, wanted: Wanted) -> Iterable[tuple[date, Ending]]:
    """The works that are not finished yet, by the day on which they are to be."""
    found = Project.objects.visible_to(person).filter(
        wanted.plants("plant__"),
        finished_on=None,
        planned_finish_on__gte=wanted.first,
        planned_finish_on__lte=wanted.last,
    )
    for project in found.select_related("plant").order_by("planned_finish_on", "pk"):
        plant = project.plant
        yield project.planned_finish_on, Ending(project.title, plant.pk, plant.name)


def _permits(person: Person, wanted: Wanted) -> Iterable[tuple[date, Ending]]:
    found = Permit.objects.visible_to(person).filter(
        wanted.plants("plant__"),
        valid_until_on__gte=wanted.first,
        valid_until_on__lte=wanted.last,
    )
    for permit in found.select_related("plant").order_by("valid_until_on", "pk"):
        plant = permit.plant
        yield permit.valid_until_on, Ending(permit.number, plant.pk, plant.name)
