"""What a person must do now: the numbers, the worklist and the state of each place."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet

from plants.models import Person, Place, Plant, Role
from plants.models.site import PlantQuerySet
from plants.text import Text
from tracker.assessments.levels import with_others
from tracker.assessments.models import Proposal
from tracker.obligations.models import DUE_SOON_DAYS, OWED, Obligation, State
from tracker.reporting.rows import ObligationRow, by_plant, read_rows


class PlantLoad(NamedTuple):
    """How much of a plant waits, in obligations. ``returned`` and the rest may overlap."""

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


class StateCount(NamedTuple):
    """Obligations of one plant in one state: all, those past due, those due soon."""

    number: int
    late: int
    soon: int


NOTHING = StateCount(0, 0, 0)


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


def read_loads(plants: PlantQuerySet, today: date) -> list[PlantLoad]:
    """What waits at each plant, in two queries; a plant that owes nothing has noughts."""
    places = list(plants.order_by("pk").values_list("pk", "place_id"))
    found = count_states(plants.order_by().values("pk"), today)
    return [load_of(pk, place_id, found.get(pk, {})) for pk, place_id in places]


def count_states(
    plants: QuerySet[Plant, Any] | list[int], today: date
) -> dict[int, dict[str, StateCount]]:
    """For each plant and state how many obligations, how many past due and how many due soon.

    The index on plant, state and due date answers it alone, without a look at the rows.
    """
    soon = today + timedelta(days=DUE_SOON_DAYS)
    counted = (
        Obligation.objects.filter(plant_id__in=plants)
        .values_list("plant_id", "state")
        .annotate(
            number=Count("*"),
            late=Count("due_on", filter=Q(due_on__lt=today)),
            soon=Count("due_on", filter=Q(due_on__gte=today, due_on__lte=soon)),
        )
        .order_by()
    )
    found: dict[int, dict[str, StateCount]] = {}
    for plant_id, state, number, late, soon_due in counted:
        found.setdefault(plant_id, {})[state] = StateCount(number, late, soon_due)
    return found


def load_of(pk: int, place_id: int, states: dict[str, StateCount]) -> PlantLoad:
    """A plant's load from its counts by state."""
    owed = [states.get(state, NOTHING) for state in OWED]
    return PlantLoad(
        plant_id=pk,
        place_id=place_id,
        to_review=states.get(State.SUBMITTED, NOTHING).number,
        overdue=sum(found.late for found in owed),
        due_soon=sum(found.soon for found in owed),
        returned=states.get(State.RETURNED, NOTHING).number,
        owed=sum(found.number for found in owed),
        accepted=states.get(State.ACCEPTED, NOTHING).number,
    )


def count_all(loads: Iterable[PlantLoad]) -> Counts:
    counted = list(loads)
    return Counts(
        to_review=sum(load.to_review for load in counted),
        overdue=sum(load.overdue for load in counted),
        overdue_plants=sum(1 for load in counted if load.overdue),
        due_soon=sum(load.due_soon for load in counted),
    )


def without_others(person: Person, loads: Iterable[PlantLoad]) -> list[PlantLoad]:
    """The loads without what waits for another officer's word at the second level of review."""
    # Proposals are few beside what waits: the count starts from them.
    theirs = Proposal.objects.standing().not_for(person).visible_to(person)
    waiting = theirs.filter(submission__obligation__state=State.SUBMITTED)
    plants = waiting.values_list("submission__obligation__plant_id", flat=True)
    number = Counter(plants)
    return [load._replace(to_review=load.to_review - number[load.plant_id]) for load in loads]


def read_worklist(
    person: Person, loads: Iterable[PlantLoad], today: date, *, plants: int = 9, rows: int = 5
) -> list[PlantWork]:
    """The most urgent plants, each with its most urgent rows: to review, overdue, due soon."""
    busy = sorted(
        (load for load in loads if any(load.urgency)), key=lambda load: load.urgency, reverse=True
    )[:plants]
    conditions = load_conditions(today)
    waiting = conditions["to_review"] | conditions["overdue"] | conditions["due_soon"]
    mine = Obligation.objects.visible_to(person)
    if person.has_role(Role.OFFICER):
        mine = mine.exclude(Q(state=State.SUBMITTED) & with_others(person))
    found = read_rows(
        mine.filter(waiting, plant_id__in=[load.plant_id for load in busy]).order_by("due_on", "pk")
    )
    grouped = by_plant(sorted(found, key=lambda row: row.state != State.SUBMITTED))
    return [
        PlantWork(load.plant_id, own[0].plant, own[:rows], max(0, len(own) - rows))
        for load in busy
        if (own := grouped.get(load.plant_id, []))
    ]


def read_places(loads: Iterable[PlantLoad]) -> list[PlaceLoad]:
    """Every place that has a tile, with what waits at the plants in it."""
    places = list(Place.objects.order_by("pk"))
    prefecture = {place.pk: place.parent_id or place.pk for place in places}
    inside: dict[int, list[PlantLoad]] = {}
    for load in loads:
        inside.setdefault(prefecture[load.place_id], []).append(load)
    return [
        PlaceLoad(
            place=place,
            plants=len(there),
            to_review=sum(load.to_review for load in there),
            overdue=sum(load.overdue for load in there),
            due_soon=sum(load.due_soon for load in there),
            owed=sum(load.owed for load in there),
        )
        for place in places
        if place.tile_row is not None
        for there in [inside.get(place.pk, [])]
    ]
