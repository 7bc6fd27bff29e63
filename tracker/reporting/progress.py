"""How much clinker capacity is complete, against the targets: the arithmetic and its reading.

A plant's capacity counts as complete when all three parts (organised, fugitive, clean transport)
are: every obligation whose requirement completes the part is settled, and at least one of them was
accepted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet, Sum

from plants.models import Line, Part, Person, Plant, RunStatus
from plants.text import Text
from tracker.obligations.models import Obligation, State
from tracker.regulations.models import Requirement, Target

RING_PARTS: tuple[str, ...] = (Part.ORGANISED, Part.FUGITIVE, Part.CLEAN_TRANSPORT)
SETTLED = frozenset({State.ACCEPTED, State.WAIVED})
DAYS_IN_A_MONTH = Decimal("30.4375")  # the mean month of the Gregorian calendar


class PartProgress(NamedTuple):
    """How many of the obligations that complete a part are settled, and how many were accepted."""

    part: str
    asked: int
    settled: int
    accepted: int

    @property
    def is_complete(self) -> bool:
        return self.accepted > 0 and self.settled == self.asked


NOTHING_ASKED = PartProgress("", 0, 0, 0)


@dataclass(frozen=True, slots=True)
class PlantCapacity:
    """A plant's clinker capacity in t/d, where it counts, and whether its parts are complete."""

    plant_id: int
    tree: str
    zone: str
    zone_name: Text
    capacity_tpd: int
    line_count: int
    is_complete: bool


@dataclass(frozen=True, slots=True)
class Share:
    """Complete and whole capacity of an area, in t/d."""

    complete_tpd: int
    whole_tpd: int
    line_count: int

    @property
    def percent(self) -> Decimal:
        """With one decimal; 0 where there is no capacity."""
        if self.whole_tpd == 0:
            return Decimal("0.0")
        exact = Decimal(100 * self.complete_tpd) / Decimal(self.whole_tpd)
        return exact.quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Outlook:
    """A target against a share: met, missed (its day has passed), or still to be reached."""

    target: Target
    share: Share
    today: date

    @property
    def is_met(self) -> bool:
        return 100 * self.share.complete_tpd >= self.target.share_percent * self.share.whole_tpd

    @property
    def is_missed(self) -> bool:
        return not self.is_met and self.target.by_on < self.today

    @property
    def lines_a_month(self) -> Decimal | None:
        """Lines of average size to complete each month from today; None if met, missed or empty."""
        if self.is_met or self.is_missed or self.share.line_count == 0:
            return None
        wanted = self.target.share_percent * self.share.whole_tpd / 100 - self.share.complete_tpd
        lines = wanted * self.share.line_count / self.share.whole_tpd
        months = Decimal((self.target.by_on - self.today).days + 1) / DAYS_IN_A_MONTH
        return (lines / months).quantize(Decimal("0.1"), ROUND_HALF_UP)


def share_of(capacities: Iterable[PlantCapacity]) -> Share:
    """The sum over plants."""
    counted = list(capacities)
    return Share(
        complete_tpd=sum(c.capacity_tpd for c in counted if c.is_complete),
        whole_tpd=sum(c.capacity_tpd for c in counted),
        line_count=sum(c.line_count for c in counted),
    )


def is_in_area(capacity: PlantCapacity, target: Target) -> bool:
    """Whether a plant's capacity counts for a target; the nation's yardstick measures everybody."""
    if target.area_kind == "zone":
        return target.zone is not None and capacity.zone == target.zone.code
    return target.area_kind == "nation" or capacity.tree == target.area_kind


def outlooks(
    capacities: Iterable[PlantCapacity], targets: Iterable[Target], today: date
) -> list[Outlook]:
    """Each target against the capacity that counts for it, the nearest day first."""
    counted = list(capacities)
    found = [
        Outlook(target, share_of(c for c in counted if is_in_area(c, target)), today)
        for target in targets
    ]
    return sorted(found, key=lambda outlook: (outlook.target.by_on, outlook.target.code))


def part_progress(
    plants: QuerySet[Plant, Any] | list[int],
) -> dict[int, dict[str, PartProgress]]:
    """For each of the plants its three parts, as far as something is asked there.

    The few requirements that complete a part are read first: an index then finds their obligations.
    """
    completing = Requirement.objects.exclude(completes="").values_list("pk", "completes")
    part_of = dict(completing)
    counted = (
        Obligation.objects.filter(requirement_id__in=list(part_of), plant_id__in=plants)
        .counting()
        .values_list("plant_id", "requirement_id", "state")
        .annotate(number=Count("*"))
        .order_by()
    )
    found: dict[int, dict[str, PartProgress]] = {}
    for plant_id, requirement_id, state, number in counted:
        parts, part = found.setdefault(plant_id, {}), part_of[requirement_id]
        _part, asked, settled, accepted = parts.get(part, NOTHING_ASKED)
        parts[part] = PartProgress(
            part=part,
            asked=asked + number,
            settled=settled + (number if state in SETTLED else 0),
            accepted=accepted + (number if state == State.ACCEPTED else 0),
        )
    return found


def all_parts(found: dict[str, PartProgress]) -> list[PartProgress]:
    """The three parts in their order, also those of which nothing is asked."""
    return [found.get(part, PartProgress(part, 0, 0, 0)) for part in RING_PARTS]


def is_complete(parts: dict[str, PartProgress]) -> bool:
    return all(part in parts and parts[part].is_complete for part in RING_PARTS)


def read_capacities(person: Person) -> list[PlantCapacity]:
    """The clinker capacity of each plant that the person sees; closed lines don't count."""
    progress = part_progress(Plant.objects.visible_to(person).order_by().values("pk"))
    lines = (
        Line.objects.visible_to(person)
        .exclude(status=RunStatus.CLOSED)
        .exclude(plant__status=RunStatus.CLOSED)
        .values_list(
            "plant_id",
            "plant__authority__tree",
            "plant__place__zone__code",
            "plant__place__zone__name_zh",
            "plant__place__zone__name_en",
        )
        .annotate(tpd=Sum("capacity_tpd"), lines=Count("pk"))
        .order_by("plant_id")
    )
    return [
        PlantCapacity(
            plant_id=plant_id,
            tree=tree,
            zone=zone,
            zone_name=Text(zone_zh, zone_en),
            capacity_tpd=tpd,
            line_count=count,
            is_complete=is_complete(progress.get(plant_id, {})),
        )
        for plant_id, tree, zone, zone_zh, zone_en, tpd, count in lines
    ]


def read_targets() -> list[Target]:
    """All targets that stand, with their documents and zones."""
    return list(
        Target.objects.filter(withdrawn_on__isnull=True)
        .select_related("document", "zone")
        .order_by("by_on", "code")
    )
