"""The plants list: which plants a search and its filters leave, and what waits at each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum

from plants.models import Authority, Company, Line, Person, Place, Plant, RunStatus
from plants.models.site import PlantQuerySet
from tracker.obligations.models import Obligation
from tracker.reporting.home import PlantLoad, count_states, load_conditions, load_of
from tracker.reporting.progress import all_parts, part_progress

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
    load: PlantLoad
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
    return with_names(plants).order_by("name_zh", "pk")


def with_names(plants: PlantQuerySet) -> PlantQuerySet:
    """With the names that a row shows, and no more."""
    names = [f"{of}{name}" for of in _NAMED for name in ("name_zh", "name_en")]
    return plants.select_related("authority", "place", "company").only(*names, "kind", "status")


_NAMED = ("", "authority__", "place__", "company__")


def read_plant_rows(plants: Iterable[Plant], today: date) -> list[PlantRow]:
    """The page's plants with their numbers, in three queries however many they are."""
    shown = list(plants)
    ids = [plant.pk for plant in shown]
    states = count_states(ids, today)
    parts = part_progress(ids)
    lines = {row["plant_id"]: row for row in _lines(ids)}
    return [
        PlantRow(
            plant=plant,
            capacity_tpd=lines.get(plant.pk, {}).get("tpd", 0),
            line_count=lines.get(plant.pk, {}).get("lines", 0),
            load=load_of(plant.pk, plant.place_id, states.get(plant.pk, {})),
            parts={part.part: part.is_complete for part in all_parts(parts.get(plant.pk, {}))},
        )
        for plant in shown
    ]


def _lines(ids: list[int]) -> Iterable[Any]:
    """A mapping for each plant that has lines: its id, t/d and how many."""
    lines = Line.objects.filter(plant_id__in=ids).exclude(status=RunStatus.CLOSED)
    return lines.values("plant_id").annotate(tpd=Sum("capacity_tpd"), lines=Count("pk")).order_by()


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
