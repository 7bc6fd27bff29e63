"""The plants list: which plants a search and its filters leave, and what waits at each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum

from plants.models import Authority, Company, Line, Person, Place, Plant, RunStatus
from plants.models.site import PlantQuerySet
from tracker.obligations.models import Obligation, State
from tracker.reporting.home import load_conditions
from tracker.reporting.progress import RING_PARTS

WAITING = ("to_review", "overdue", "due_soon", "returned")


@dataclass(frozen=True)
class PlantFilter:
    """What a person looks for; empty fields don't narrow."""

    search: str = ""
    authority: Authority | None = None
    place: Place | None = None
    zone: str = ""
    kind: str = ""
    company: Company | None = None
    waiting: str = ""


@dataclass(frozen=True, slots=True)
class PlantRow:
    """A plant in the list with its numbers; ``parts`` tells which of the three are complete."""

    plant: Plant
    capacity_tpd: int
    line_count: int
    to_review: int
    overdue: int
    due_soon: int
    owed: int
    accepted: int
    parts: dict[str, bool]


def find_plants(plants: PlantQuerySet, wanted: PlantFilter, today: date) -> PlantQuerySet:
    """The plants that fit; a place means everything in it, an authority its whole subtree."""
    if wanted.search:
        text = wanted.search
        plants = plants.filter(
            Q(name_zh__icontains=text)
            | Q(name_en__icontains=text)
            | Q(credit_code__iexact=text)
            | Q(company__name_zh__icontains=text)
            | Q(outlets__mn_code__iexact=text)
        ).distinct()
    if wanted.authority:
        plants = plants.filter(authority__path__startswith=wanted.authority.path)
    if wanted.place:
        plants = plants.filter(Q(place=wanted.place) | Q(place__parent=wanted.place))
    if wanted.zone:
        plants = plants.filter(place__zone__code=wanted.zone)
    if wanted.kind:
        plants = plants.filter(kind=wanted.kind)
    if wanted.company:
        plants = plants.filter(company=wanted.company)
    if wanted.waiting:
        condition = load_conditions(today)[wanted.waiting]
        waiting = Obligation.objects.filter(condition, plant=OuterRef("pk"))
        plants = plants.filter(Exists(waiting))
    return plants.with_surroundings().order_by("name_zh", "pk")


def read_plant_rows(plants: Iterable[Plant], today: date) -> list[PlantRow]:
    """The page's plants with their numbers, in two queries however many they are."""
    shown = list(plants)
    ids = [plant.pk for plant in shown]
    waiting = {row["plant_id"]: row for row in _counts(ids, today)}
    lines = {row["plant_id"]: row for row in _lines(ids)}
    return [_row(plant, waiting.get(plant.pk, {}), lines.get(plant.pk, {})) for plant in shown]


def _counts(ids: list[int], today: date) -> Iterable[Any]:
    """A mapping for each plant: its id, what waits, and what its ring is made of."""
    settled = Q(state__in=[State.ACCEPTED, State.WAIVED])
    counts = {
        name: Count("pk", filter=condition) for name, condition in load_conditions(today).items()
    }
    for part in RING_PARTS:
        asked = Q(requirement__completes=part)
        counts[f"{part}_asked"] = Count("pk", filter=asked)
        counts[f"{part}_settled"] = Count("pk", filter=asked & settled)
        counts[f"{part}_accepted"] = Count("pk", filter=asked & Q(state=State.ACCEPTED))
    obligations = Obligation.objects.filter(plant_id__in=ids).counting()
    return obligations.values("plant_id").annotate(**counts).order_by()


def _lines(ids: list[int]) -> Iterable[Any]:
    """A mapping for each plant that has lines: its id, t/d and how many."""
    lines = Line.objects.filter(plant_id__in=ids).exclude(status=RunStatus.CLOSED)
    return lines.values("plant_id").annotate(tpd=Sum("capacity_tpd"), lines=Count("pk")).order_by()


def _row(plant: Plant, counts: dict[str, int], lines: dict[str, int]) -> PlantRow:
    def is_complete(part: str) -> bool:
        accepted, settled = counts.get(f"{part}_accepted", 0), counts.get(f"{part}_settled", 0)
        return accepted > 0 and settled == counts.get(f"{part}_asked", 0)

    return PlantRow(
        plant=plant,
        capacity_tpd=lines.get("tpd", 0),
        line_count=lines.get("lines", 0),
        to_review=counts.get("to_review", 0),
        overdue=counts.get("overdue", 0),
        due_soon=counts.get("due_soon", 0),
        owed=counts.get("owed", 0),
        accepted=counts.get("accepted", 0),
        parts={part: is_complete(part) for part in RING_PARTS},
    )


def read_choices(person: Person) -> "Choices":
    """What can be filtered by: only what the person's plants have, in three queries."""
    plants = Plant.objects.visible_to(person)
    place_ids = plants.order_by().values("place_id")
    return Choices(
        authorities=list(Authority.objects.visible_to(person).order_by("path")),
        places=list(
            Place.objects.filter(Q(pk__in=place_ids) | Q(children__in=place_ids))
            .distinct()
            .select_related("parent", "zone")
            .order_by("pk")
        ),
        companies=list(
            Company.objects.filter(pk__in=plants.order_by().values("company_id")).order_by("pk")
        ),
    )


@dataclass(frozen=True)
class Choices:
    authorities: list[Authority]
    places: list[Place]
    companies: list[Company]
