"""The public list as people read it: a plant in a row, its three parts with their days."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from plants.models import Line, Listing, Person, Plant, RunStatus
from plants.models.listings import PARTS, ListingQuerySet, whole_since
from plants.models.site import PlantQuerySet
from tracker.rounds.models import RoundStep, Stage


@dataclass(frozen=True, slots=True)
class PartOnList:
    """A part of a plant: what of it is on the list, or was taken off last; the whole or by line."""

    part: str
    listings: Sequence[Listing]


@dataclass(frozen=True, slots=True)
class ListRow:
    """A plant; ``whole_on`` is since when all three parts are listed for all of its open lines."""

    plant: Plant
    parts: Sequence[PartOnList]
    whole_on: date | None
    capacity_tpd: int


@dataclass(frozen=True, slots=True)
class ListTotals:
    """How many plants have all three parts on the list, their capacity in t/d, and the others."""

    whole: int
    whole_tpd: int
    partly: int
    suspended: int


def find_listed(person: Person, *, standing: bool) -> PlantQuerySet:
    """The plants on the list that she sees, or those that were taken off and have not come back."""
    of_plant = Listing.objects.visible_to(person).filter(plant=OuterRef("pk"))
    on_list = Exists(of_plant.standing())
    wanted = on_list if standing else ~on_list & Exists(of_plant)
    found = Plant.objects.visible_to(person).filter(wanted)
    return found.select_related("authority__parent").order_by("name_zh", "pk")


def read_list(plants: Iterable[Plant]) -> list[ListRow]:
    """Their rows, in two queries."""
    plants = list(plants)
    listings = _newest_first(Listing.objects.filter(plant__in=plants).select_related("line"))
    lines = _open_lines(plant.pk for plant in plants)
    return [
        ListRow(
            plant=plant,
            parts=[PartOnList(part, _shown(listings[plant.pk], part)) for part in PARTS],
            whole_on=whole_since(listings[plant.pk], [line.pk for line in lines[plant.pk]]),
            capacity_tpd=sum(line.capacity_tpd for line in lines[plant.pk]),
        )
        for plant in plants
    ]


def read_totals(person: Person) -> ListTotals:
    """Of all that she sees and that stands on the list."""
    listings = _newest_first(Listing.objects.visible_to(person).standing())
    lines = _open_lines(listings)
    whole = [
        plant
        for plant, theirs in listings.items()
        if whole_since(theirs, [line.pk for line in lines[plant]])
    ]
    return ListTotals(
        whole=len(whole),
        whole_tpd=sum(line.capacity_tpd for plant in whole for line in lines[plant]),
        partly=len(listings) - len(whole),
        suspended=sum(not all(each.holds for each in theirs) for theirs in listings.values()),
    )


def read_notices(person: Person) -> list[RoundStep]:
    """The public notices that run, the one that ends next first; without a last day at the end."""
    running = RoundStep.objects.visible_to(person).filter(
        stage=Stage.PUBLIC_NOTICE, left_at=None, round__given_up_at=None
    )
    steps = running.select_related("round__plant__authority").order_by("ends_on", "pk")
    return sorted(steps, key=lambda step: (step.ends_on is None, step.ends_on or date.max))


def _newest_first(listings: ListingQuerySet) -> dict[int, list[Listing]]:
    found: dict[int, list[Listing]] = defaultdict(list)
    for listing in listings.order_by("-listed_on", "-pk"):
        found[listing.plant_id].append(listing)
    return found


def _open_lines(plants: Iterable[int]) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = defaultdict(list)
    rows = Line.objects.filter(plant_id__in=list(plants)).exclude(status=RunStatus.CLOSED)
    for line in rows.order_by("number"):
        found[line.plant_id].append(line)
    return found


def _shown(listings: Iterable[Listing], part: str) -> list[Listing]:
    """What stands; where nothing does, the newest that was taken off."""
    theirs = [listing for listing in listings if listing.part == part]
    standing = [listing for listing in theirs if listing.removed_on is None]
    return sorted(standing, key=lambda it: it.line.number if it.line else 0) or theirs[:1]
