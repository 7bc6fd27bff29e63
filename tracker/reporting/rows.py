"""Obligations as slim rows for lists: what a line of a table names, and nothing else."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from plants.text import Text
from tracker.obligations.models import OWED, ObligationQuerySet

FIELDS = (
    "pk",
    "plant_id",
    "plant__name_zh",
    "plant__name_en",
    "requirement__part",
    "requirement__title_zh",
    "requirement__title_en",
    "requirement__verification",
    "requirement__completes",
    "line__name_zh",
    "line__name_en",
    "outlet__code",
    "outlet__name",
    "period",
    "due_on",
    "state",
)


class ObligationRow(NamedTuple):
    """One obligation in a list. ``subject`` is empty where the whole plant is meant."""

    pk: int
    plant_id: int
    plant: Text
    part: str
    title: Text
    verification: str
    completes: str
    subject: Text
    period: str
    due_on: date
    state: str

    @property
    def subject_or_period(self) -> bool:
        """Whether there is more to say than the requirement's title."""
        return bool(self.subject.zh or self.period)

    @property
    def is_owed(self) -> bool:
        return self.state in OWED


def read_rows(obligations: ObligationQuerySet) -> list[ObligationRow]:
    """The queryset's obligations in its order, in one query."""
    return [row_of(values) for values in obligations.values_list(*FIELDS)]


def by_plant(rows: Iterable[ObligationRow]) -> dict[int, list[ObligationRow]]:
    """The rows of each plant, plants and rows in the order in which they came."""
    grouped: dict[int, list[ObligationRow]] = {}
    for row in rows:
        grouped.setdefault(row.plant_id, []).append(row)
    return grouped


def row_of(values: tuple[Any, ...]) -> ObligationRow:
    """A row of what ``FIELDS`` names."""
    (pk, plant_id, plant_zh, plant_en, part, title_zh, title_en, verification) = values[:8]
    (completes, line_zh, line_en, outlet_code, outlet_name, period, due_on, state) = values[8:]
    outlet = f"{outlet_code} {outlet_name}" if outlet_code else ""
    return ObligationRow(
        pk=pk,
        plant_id=plant_id,
        plant=Text(str(plant_zh), str(plant_en)),
        part=str(part),
        title=Text(str(title_zh), str(title_en)),
        verification=str(verification),
        completes=str(completes),
        subject=Text(str(line_zh or outlet), str(line_en or outlet)),
        period=str(period),
        due_on=due_on,
        state=str(state),
    )
