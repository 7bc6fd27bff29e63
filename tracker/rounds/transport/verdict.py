"""Whether a plant's transport is clean, rule by rule, with the numbers behind each. Pure.

The rules are those of domain 1.3 (3); how much and until when is said by rows (``rules.Bound``).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.rounds.outcomes import Outcome, all_of
from tracker.rounds.transport.findings import Finding, Rule, share_outcome
from tracker.rounds.transport.fleet import Fleet, judge_machines, judge_vehicles
from tracker.rounds.transport.kinds import MATERIALS, PRODUCTS
from tracker.rounds.transport.rules import (
    CLEAN_SHARE,
    KEY_REGION,
    MATERIALS_ROAD,
    PRODUCTS_ROAD,
    Bound,
    strictest,
)
from tracker.rounds.transport.share import (
    HUNDRED,
    NOTHING,
    Haul,
    Haulage,
    Period,
    add_up,
)


@dataclass(frozen=True)
class TransportVerdict:
    """What a period's ledger and the fleet amount to.

    ``missing`` are the months of which the ledger holds no row; until they are there its tonnes are
    not enough to judge by. ``findings`` stand in the order of ``Rule``.
    """

    period: Period
    materials: Haulage
    products: Haulage
    missing: tuple[date, ...]
    findings: tuple[Finding, ...]

    def finding(self, rule: Rule) -> Finding:
        return next(each for each in self.findings if each.rule == rule)

    @property
    def materials_outcome(self) -> Outcome:
        """The clean share, or the fall-back in its place."""
        share = self.finding(Rule.CLEAN_SHARE).outcome
        return self.finding(Rule.FALL_BACK).outcome if share == Outcome.NOT_MET else share

    @property
    def outcome(self) -> Outcome:
        """The whole part: materials, products, vehicles and machines."""
        rest = (Rule.PRODUCTS, Rule.IN_PLANT_VEHICLES, Rule.NON_ROAD_MACHINES)
        return all_of([self.materials_outcome, *(self.finding(rule).outcome for rule in rest)])


def judge_transport(
    period: Period, hauls: Iterable[Haul], fleets: Sequence[Fleet], bounds: Sequence[Bound]
) -> TransportVerdict:
    """Judge a period by the rows in force on its last day; hauls of other months are left out."""
    inside = period.hauls_of(hauls)
    there = {haul.month for haul in inside}
    missing = tuple(month for month in period.months() if month not in there)
    materials, products = add_up(inside, MATERIALS), add_up(inside, PRODUCTS)
    day = period.ends_on
    share = _share(materials, bounds, day)
    of_tonnes = [
        share,
        _fall_back(materials, share.outcome, bounds, day),
        _key_region(materials, share, bounds, day),
        _products(products, bounds, day),
    ]
    of_fleet = [judge_vehicles(fleets, bounds, day), judge_machines(fleets, bounds, day)]
    told = [_only_whole_periods(each) for each in of_tonnes] if missing else of_tonnes
    return TransportVerdict(period, materials, products, missing, (*told, *of_fleet))


def _share(materials: Haulage, bounds: Sequence[Bound], day: date) -> Finding:
    bound = strictest(bounds, CLEAN_SHARE, day)
    outcome = share_outcome(materials.clean, materials.total, bound)
    return Finding(Rule.CLEAN_SHARE, outcome, materials.clean, materials.total, bound)


def _fall_back(materials: Haulage, share: Outcome, bounds: Sequence[Bound], day: date) -> Finding:
    """For a plant that misses the share: all of its road haulage, not only the shortfall."""
    bound = strictest(bounds, MATERIALS_ROAD, day)
    part = materials.new_energy + materials.china_vi
    outcome = share_outcome(part, materials.road, bound)
    if share == Outcome.MET:
        outcome = Outcome.NOT_ASKED
    elif share == Outcome.NOT_ENOUGH:
        outcome = Outcome.NOT_ENOUGH
    return Finding(Rule.FALL_BACK, outcome, part, materials.road, bound)


def _key_region(materials: Haulage, share: Finding, bounds: Sequence[Bound], day: date) -> Finding:
    """The shortfall to the share, and how much of it new-energy vehicles carried.

    Whether a plan in Xinjiang takes this over is not known: it is shown, and decides nothing.
    """
    bound = strictest(bounds, KEY_REGION, day)
    shortfall = NOTHING
    if share.bound is not None:
        shortfall = max(materials.total * share.bound.percent / HUNDRED - materials.clean, NOTHING)
    carried = min(materials.new_energy, shortfall)
    return Finding(Rule.KEY_REGION, Outcome.NOT_SETTLED, carried, shortfall, bound)


def _products(products: Haulage, bounds: Sequence[Bound], day: date) -> Finding:
    """What is left to the road; a plant that sends everything by clean modes has nothing there."""
    bound = strictest(bounds, PRODUCTS_ROAD, day)
    part = products.new_energy + products.china_vi
    outcome = share_outcome(part, products.road, bound)
    if bound is not None and products.clean and not products.road:
        outcome = Outcome.MET
    return Finding(Rule.PRODUCTS, outcome, part, products.road, bound)


def _only_whole_periods(finding: Finding) -> Finding:
    """A month that lacks could turn what was found either way."""
    if finding.outcome == Outcome.NOT_SETTLED:
        return finding
    return replace(finding, outcome=Outcome.NOT_ENOUGH)
