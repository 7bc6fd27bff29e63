"""The plants list: which plants a search and its filters leave, and what waits at each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from plants.models import Authority, Line, Person, Plant, RunStatus
from plants.models.site import PlantQuerySet
from plants.text import Text
from tracker.obligations.models import Obligation
from tracker.reporting.home import PlantLoad, count_states, load_conditions, load_of
from tracker.reporting.progress import all_parts, part_progress

WAITING = ("to_review", "overdue", "due_soon", "returned")


class Choice(NamedTuple):
    """Something that the list can be narrowed to; ``path`` is an authority's."""

    pk: int
    code: str
    name: Text
    path: str = ""


@dataclass(frozen=True)
class Choices:
    authorities: list[Choice]
    places: list[Choice]
    zones: list[Choice]
    companies: list[Choice]


@dataclass(frozen=True)
class PlantFilter:
    """What a person looks for; empty fields don't narrow."""

    search: str = ""
    authority: Choice | None = None
    place: Choice | None = None
    zone: str = ""
    kind: str = ""
    company: Choice | None = None
    waiting: str = ""


class PlantRow(NamedTuple):
    """A plant in the list with its numbers; ``parts`` tells which of the three are complete."""

    pk: int
    code: str
    name: Text
    kind: str
    status: str
    authority: Text
    place: Text
    company: Text | None
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
        plants = plants.filter(Q(place=wanted.place.pk) | Q(place__parent=wanted.place.pk))
    if wanted.zone:
        plants = plants.filter(place__zone__code=wanted.zone)
    if wanted.kind:
        plants = plants.filter(kind=wanted.kind)
    if wanted.company:
        plants = plants.filter(company=wanted.company.pk)
    if wanted.waiting:
        condition = load_conditions(today)[wanted.waiting]
        waiting = Obligation.objects.filter(condition, plant=OuterRef("pk"))
        plants = plants.filter(Exists(waiting))
    return plants.order_by("name_zh", "pk")


_NAMED = ("", "authority__", "place__", "company__")
_FIELDS = (
    *("pk", "code", "kind", "status", "place_id"),
    *(f"{of}{name}" for of in _NAMED for name in ("name_zh", "name_en")),
)


def read_plant_rows(plants: QuerySet[Plant, Any], today: date) -> list[PlantRow]:
    """The plants in their order with their numbers, in five queries however many they are."""
    shown = list(plants.values_list(*_FIELDS))
    ids = [values[0] for values in shown]
    states, parts = count_states(ids, today), part_progress(ids)
    lines = _lines(ids)
    return [
        PlantRow(
            pk=pk,
            code=code,
            name=Text(*names[:2]),
            kind=kind,
            status=status,
            authority=Text(*names[2:4]),
            place=Text(*names[4:6]),
            company=Text(*names[6:]) if names[6] else None,
            capacity_tpd=lines.get(pk, (0, 0))[0],
            line_count=lines.get(pk, (0, 0))[1],
            load=load_of(pk, place_id, states.get(pk, {})),
            parts={part.part: part.is_complete for part in all_parts(parts.get(pk, {}))},
        )
        for pk, code, kind, status, place_id, *names in shown
    ]


def _lines(ids: list[int]) -> dict[int, tuple[int, int]]:
    """For each plant that has lines: its t/d and how many."""
    lines = Line.objects.filter(plant_id__in=ids).exclude(status=RunStatus.CLOSED)
    counted = lines.values_list("plant_id").annotate(tpd=Sum("capacity_tpd"), lines=Count("pk"))
    return {plant_id: (tpd, count) for plant_id, tpd, count in counted.order_by()}


_CHOICE = ("pk", "code", "name_zh", "name_en")
_SURROUNDED_BY = ("place", "place__parent", "place__zone", "place__parent__zone", "company")


def read_choices(person: Person) -> Choices:
    """What can be filtered by: only what the person's plants have, in two queries."""
    authorities = Authority.objects.visible_to(person).order_by("path")
    fields = [f"{of}__{field}" for of in _SURROUNDED_BY for field in _CHOICE]
    around = list(Plant.objects.visible_to(person).order_by().values_list(*fields).distinct())
    return Choices(
        authorities=[
            Choice(pk, code, Text(zh, en), path)
            for pk, code, zh, en, path in authorities.values_list(*_CHOICE, "path")
        ],
        places=_choices(around, 0, 1),
        zones=_choices(around, 2, 3),
        companies=_choices(around, 4),
    )


def _choices(around: Iterable[tuple[Any, ...]], *positions: int) -> list[Choice]:
    """What stands at these positions of ``_SURROUNDED_BY``, each once, the oldest first."""
    width = len(_CHOICE)
    found = {values[at * width : (at + 1) * width] for values in around for at in positions}
    return [
        Choice(pk, code, Text(zh, en)) for pk, code, zh, en in sorted(found - {(None,) * width})
    ]
