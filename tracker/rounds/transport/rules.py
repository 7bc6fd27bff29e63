"""What the rows of the law ask of transport: which limits there are, and which holds on a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tracker.rounds.transport.kinds import FleetClass

# How the seeds call them. Each says which share, in percent, is at least so.
CLEAN_SHARE = "clean transport share"
MATERIALS_ROAD = "materials by road: new energy or China VI"
PRODUCTS_ROAD = "products by road: new energy or China VI"
KEY_REGION = "new-energy share of shortfall"
VEHICLES_NEW_ENERGY = "in-plant vehicles: new energy"
VEHICLES_CHINA_VI = "in-plant vehicles: new energy or China VI"
MACHINES_CHINA_IV = "machines: new energy, else China IV or better"
MACHINES_CHINA_III = "machines: new energy, else China III or better"

# The strictest first: where several hold on a day, all of them do.
VEHICLE_RULES: dict[str, frozenset[FleetClass]] = {
    VEHICLES_NEW_ENERGY: frozenset({FleetClass.NEW_ENERGY}),
    VEHICLES_CHINA_VI: frozenset({FleetClass.NEW_ENERGY, FleetClass.CHINA_VI}),
}
# What a machine may be for which there is no new-energy product.
MACHINE_RULES: dict[str, frozenset[FleetClass]] = {
    MACHINES_CHINA_IV: frozenset({FleetClass.NEW_ENERGY, FleetClass.CHINA_IV}),
    MACHINES_CHINA_III: frozenset(
        {FleetClass.NEW_ENERGY, FleetClass.CHINA_IV, FleetClass.CHINA_III}
    ),
}
POLLUTANTS = (
    CLEAN_SHARE,
    MATERIALS_ROAD,
    PRODUCTS_ROAD,
    KEY_REGION,
    *VEHICLE_RULES,
    *MACHINE_RULES,
)


@dataclass(frozen=True)
class Bound:
    """One row of the law: at least so many percent, from a day and until one, both included.

    An allowance that has ended is a row whose last day is past.
    """

    pollutant: str
    percent: Decimal
    effective_from: date
    effective_to: date | None
    requirement: str
    document: str
    clause: str
    verification: str

    def holds_on(self, day: date) -> bool:
        ended = self.effective_to is not None and self.effective_to < day
        return self.effective_from <= day and not ended


def strictest(bounds: Iterable[Bound], pollutant: str, day: date) -> Bound | None:
    """Of the rows in force on the day the one that asks most; of equals the one given first."""
    held = [each for each in bounds if each.pollutant == pollutant and each.holds_on(day)]
    return max(held, key=lambda bound: bound.percent, default=None)


def fleet_rule(
    bounds: Sequence[Bound], rules: dict[str, frozenset[FleetClass]], day: date
) -> tuple[Bound, frozenset[FleetClass]] | None:
    """The row for a fleet on this day, and the classes that it lets be."""
    for pollutant, classes in rules.items():
        bound = strictest(bounds, pollutant, day)
        if bound is not None:
            return bound, classes
    return None
