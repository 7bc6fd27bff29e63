"""One plant's page: its obligations by part, its three-part ring, what the years hold for it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from plants.models import Membership, Part, Plant
from tracker.obligations.models import Obligation, State
from tracker.reporting.progress import RING_PARTS, SETTLED, PartProgress
from tracker.reporting.rows import ObligationRow, read_rows


@dataclass(frozen=True, slots=True)
class PartGroup:
    """A part's obligations: what still waits, nearest first, and what is settled, newest first."""

    part: str
    waiting: list[ObligationRow]
    settled: list[ObligationRow]


def read_obligations(plant: Plant) -> list[ObligationRow]:
    """Everything the plant owes or owed, by due date; the withdrawn left out."""
    obligations = Obligation.objects.for_plant(plant).counting()
    return read_rows(obligations.order_by("due_on", "requirement__position", "pk"))


def group_by_part(rows: Iterable[ObligationRow]) -> list[PartGroup]:
    """In the order of the parts; a part of which nothing is asked is left out."""
    grouped: dict[str, tuple[list[ObligationRow], list[ObligationRow]]] = {}
    for row in rows:
        waiting, settled = grouped.setdefault(row.part, ([], []))
        (settled if row.state in SETTLED else waiting).append(row)
    return [
        PartGroup(part, grouped[part][0], grouped[part][1][::-1])
        for part in Part.values
        if part in grouped
    ]


def ring_of(rows: Iterable[ObligationRow]) -> list[PartProgress]:
    """The three parts of the ring, from the obligations that complete them."""
    asked: Counter[str] = Counter()
    settled: Counter[str] = Counter()
    accepted: Counter[str] = Counter()
    for row in rows:
        asked[row.completes] += 1
        settled[row.completes] += row.state in SETTLED
        accepted[row.completes] += row.state == State.ACCEPTED
    return [PartProgress(part, asked[part], settled[part], accepted[part]) for part in RING_PARTS]


def read_people(plant: Plant) -> list[Membership]:
    """Who answers for the plant: its own people and its company's; officers aren't listed."""
    condition = Q(plant=plant)
    if plant.company_id is not None:
        condition |= Q(company_id=plant.company_id)
    return list(
        Membership.objects.filter(condition, person__is_active=True)
        .select_related("person", "company")
        .order_by("company_id", "pk")
    )
