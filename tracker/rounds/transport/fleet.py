"""In-plant vehicles and non-road machines against the row in force on a day. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tracker.rounds.outcomes import Outcome
from tracker.rounds.transport.findings import Finding, Rule
from tracker.rounds.transport.kinds import FleetClass, FleetKind, ProductExists
from tracker.rounds.transport.rules import MACHINE_RULES, VEHICLE_RULES, Bound, fleet_rule
from tracker.rounds.transport.share import reaches


@dataclass(frozen=True)
class Fleet:
    """How many of one kind and class there were on the day on which they were counted.

    ``product_exists`` is for machines: None where nobody has said.
    """

    counted_on: date
    kind: FleetKind
    fleet_class: FleetClass
    count: int
    product_exists: ProductExists | None = None

    def __post_init__(self) -> None:
        if self.count < 0:
            raise ValueError("a count is a number from nought on")


@dataclass
class _Tally:
    allowed: int = 0
    unsure: int = 0
    barred: int = 0

    @property
    def all(self) -> int:
        return self.allowed + self.unsure + self.barred


def judge_vehicles(fleets: Iterable[Fleet], bounds: Sequence[Bound], day: date) -> Finding:
    """Vehicles inside the plant: new energy; what else may be, and until when, the rows say."""
    counted = newest(fleets, FleetKind.IN_PLANT_VEHICLE, day)
    found = fleet_rule(bounds, VEHICLE_RULES, day)
    tally = _Tally()
    for each in counted:
        if found is not None and each.fleet_class in found[1]:
            tally.allowed += each.count
        else:
            tally.barred += each.count
    return _finding(Rule.IN_PLANT_VEHICLES, counted, tally, found[0] if found else None)


def judge_machines(fleets: Iterable[Fleet], bounds: Sequence[Bound], day: date) -> Finding:
    """Machines: new energy in principle; another allowed class where there is no such product.

    Where nobody has said whether there is one, a machine of an allowed class is unsure.
    """
    counted = newest(fleets, FleetKind.NON_ROAD_MACHINE, day)
    found = fleet_rule(bounds, MACHINE_RULES, day)
    tally = _Tally()
    for each in counted:
        if found is None or each.fleet_class not in found[1]:
            tally.barred += each.count
        elif each.fleet_class == FleetClass.NEW_ENERGY or each.product_exists == ProductExists.NO:
            tally.allowed += each.count
        elif each.product_exists is None:
            tally.unsure += each.count
        else:
            tally.barred += each.count
    return _finding(Rule.NON_ROAD_MACHINES, counted, tally, found[0] if found else None)


def newest(fleets: Iterable[Fleet], kind: FleetKind, day: date) -> list[Fleet]:
    """The last count of this kind that was made by the day."""
    made = [each for each in fleets if each.kind == kind and each.counted_on <= day]
    last = max((each.counted_on for each in made), default=None)
    return [each for each in made if each.counted_on == last]


def _finding(rule: Rule, counted: list[Fleet], tally: _Tally, bound: Bound | None) -> Finding:
    return Finding(
        rule=rule,
        outcome=_outcome(counted, tally, bound),
        part=Decimal(tally.allowed),
        whole=Decimal(tally.all),
        bound=bound,
        unsure=Decimal(tally.unsure),
        counted_on=counted[0].counted_on if counted else None,
    )


def _outcome(counted: list[Fleet], tally: _Tally, bound: Bound | None) -> Outcome:
    """A plant that was counted and has none breaks no rule; one that was not counted is open."""
    if not counted or bound is None:
        return Outcome.NOT_ENOUGH
    allowed, everything = Decimal(tally.allowed), Decimal(tally.all)
    if reaches(allowed, everything, bound.percent):
        return Outcome.MET
    at_best = allowed + tally.unsure
    return Outcome.NOT_ENOUGH if reaches(at_best, everything, bound.percent) else Outcome.NOT_MET
