"""What a person must do now: the numbers, the worklist and the state of each place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q

from plants.models import Person, Place
from plants.text import Text
from tracker.obligations.models import DUE_SOON_DAYS, OWED, Obligation, ObligationQuerySet, State
from tracker.reporting.rows import ObligationRow, by_plant, read_rows


@dataclass(frozen=True, slots=True)
class PlantLoad:
    """How much of a plant waits, in obligations. ``returned`` and the rest may overlap.

    The fields stand in the order of ``load_conditions``.
    """

    plant_id: int
    place_id: int
    to_review: int
    overdue: int
    due_soon: int
    returned: int
    owed: int
    accepted: int

    @property
    def urgency(self) -> tuple[int, int, int]:
        return (self.to_review, self.overdue, self.due_soon)


@dataclass(frozen=True, slots=True)
class Counts:
    """The sentence on top of an officer's home."""

    to_review: int
    overdue: int
    overdue_plants: int
    due_soon: int


@dataclass(frozen=True, slots=True)
class PlantWork:
    """One plant's rows of the worklist, and how many more there are."""

    plant_id: int
    plant: Text
    rows: list[ObligationRow]
    more: int


@dataclass(frozen=True, slots=True)
class PlaceLoad:
    """A prefecture-level place on the tile grid; ``plants`` stand in it."""

    place: Place
    plants: int
    to_review: int
    overdue: int
    due_soon: int
    owed: int


def load_conditions(today: date) -> dict[str, Q]:
    """What waits, as conditions on an obligation; twins of the queryset's own words."""
    owed = Q(state__in=OWED)
    soon = today + timedelta(days=DUE_SOON_DAYS)
    return {
        "to_review": Q(state=State.SUBMITTED),
        "overdue": owed & Q(due_on__lt=today),
        "due_soon": owed & Q(due_on__gte=today, due_on__lte=soon),
        "returned": Q(state=State.RETURNED),
        "owed": owed,
        "accepted": Q(state=State.ACCEPTED),
    }


def read_loads(obligations: ObligationQuerySet, today: date) -> list[PlantLoad]:
    """What waits at each plant, in one query."""
    counts = {
        name: Count("pk", filter=condition) for name, condition in load_conditions(today).items()
    }
    rows = (
        obligations.values_list("plant_id", "plant__place_id")
        .annotate(**counts)
        .order_by("plant_id")
    )
    return [PlantLoad(*row) for row in rows]


def count_all(loads: Iterable[PlantLoad]) -> Counts:
    counted = list(loads)
    return Counts(
        to_review=sum(load.to_review for load in counted),
        overdue=sum(load.overdue for load in counted),
        overdue_plants=sum(1 for load in counted if load.overdue),
        due_soon=sum(load.due_soon for load in counted),
    )


def read_worklist(
    person: Person, loads: Iterable[PlantLoad], today: date, *, plants: int = 9, rows: int = 5
) -> list[PlantWork]:
    """The most urgent plants, each with its most urgent rows: to review, overdue, due soon."""
    busy = sorted(
        (load for load in loads if any(load.urgency)), key=lambda load: load.urgency, reverse=True
    )[:plants]
    conditions = load_conditions(today)
    waiting = conditions["to_review"] | conditions["overdue"] | conditions["due_soon"]
    found = read_rows(
        Obligation.objects.visible_to(person)
        .filter(waiting, plant_id__in=[load.plant_id for load in busy])
        .order_by("due_on", "pk")
    )
    grouped = by_plant(sorted(found, key=lambda row: row.state != State.SUBMITTED))
    return [
        PlantWork(load.plant_id, own[0].plant, own[:rows], max(0, len(own) - rows))
        for load in busy
        if (own := grouped.get(load.plant_id, []))
    ]


def read_places(loads: Iterable[PlantLoad], plant_places: Iterable[int]) -> list[PlaceLoad]:
    """Every place that has a tile, with what waits at the plants in it."""
    places = {place.pk: place for place in Place.objects.select_related("parent")}
    plants = [places[place_id].prefecture.pk for place_id in plant_places]
    at = [(places[load.place_id].prefecture.pk, load) for load in loads]
    return [
        PlaceLoad(
            place=place,
            plants=plants.count(place.pk),
            to_review=sum(load.to_review for pk, load in at if pk == place.pk),
            overdue=sum(load.overdue for pk, load in at if pk == place.pk),
            due_soon=sum(load.due_soon for pk, load in at if pk == place.pk),
            owed=sum(load.owed for pk, load in at if pk == place.pk),
        )
        for place in places.values()
        if place.tile_row is not None
    ]
