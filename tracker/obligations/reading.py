"""Reads the obligations that are there, as scheduling compares them, and their extensions."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from tracker.obligations.compare import Kept
from tracker.obligations.models import Obligation, Relief
from tracker.obligations.wanted import Dated, Extension, Key

_COLUMNS = (
    "requirement_id",
    "plant_id",
    "line_id",
    "outlet_id",
    "period",
    "pk",
    "state",
    "reopened_on",
)


def read_kept(
    plant_ids: list[int], *, requirements: Iterable[int] | None = None
) -> dict[int, dict[Key, Kept]]:
    """What is there, by plant and key; of these requirements only, where some are given."""
    there: dict[int, dict[Key, Kept]] = defaultdict(dict)
    wanted = Q(plant_id__in=plant_ids)
    if requirements is not None:
        wanted &= Q(requirement_id__in=list(requirements))
    rows = Obligation.objects.filter(wanted).values_list(*_COLUMNS, *Dated._fields)
    for row in rows.iterator(chunk_size=5000):
        there[row[1]][row[:5]] = Kept(row[5], row[6], Dated._make(row[8:]), row[7])
    return there


def read_extensions(plant_ids: list[int]) -> dict[int, Extension]:
    """The newest extension of each obligation that has one, by the obligation's id."""
    granted = Relief.objects.extending().filter(obligation__plant_id__in=plant_ids)
    return {
        relief.obligation_id: Extension(
            new_due_on=relief.new_due_on,
            authority=relief.agreed_authority.name,
            granted_on=timezone.localdate(relief.state_changed_at),
            reason=relief.reason,
        )
        for relief in granted.select_related("agreed_authority")
        if relief.new_due_on is not None and relief.agreed_authority is not None
    }
