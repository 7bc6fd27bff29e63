"""The Opinion's rows on transport, and hauls to judge by them."""

from datetime import date
from decimal import Decimal

from tracker.rounds.transport import rules
from tracker.rounds.transport.fleet import Fleet
from tracker.rounds.transport.kinds import (
    Direction,
    FleetClass,
    FleetKind,
    Goods,
    Mode,
    ProductExists,
    RoadClass,
)
from tracker.rounds.transport.rules import Bound
from tracker.rounds.transport.share import Haul, Period

MONTH = date(2026, 3, 1)
PERIOD = Period(MONTH, MONTH)
SINCE, ENDED, AFTER = date(2024, 1, 19), date(2025, 12, 31), date(2026, 1, 1)


def bound(
    pollutant: str, percent: int = 100, since: date = SINCE, until: date | None = None
) -> Bound:
    return Bound(
        pollutant, Decimal(percent), since, until, "rule", "环大气〔2024〕5号", "", "verified"
    )


# domain 1.3 (3), its table row by row.
LAW = (
    bound(rules.CLEAN_SHARE, 80),
    bound(rules.MATERIALS_ROAD),
    bound(rules.KEY_REGION, 60, ENDED),
    bound(rules.PRODUCTS_ROAD),
    bound(rules.VEHICLES_CHINA_VI, until=ENDED),
    bound(rules.VEHICLES_NEW_ENERGY, since=AFTER),
    bound(rules.MACHINES_CHINA_III, until=ENDED),
    bound(rules.MACHINES_CHINA_IV, since=AFTER),
)


def haul(
    tonnes: int | str,
    *,
    goods: Goods = Goods.RAW_MATERIAL,
    mode: Mode = Mode.RAIL,
    by: RoadClass | None = None,
    month: date = MONTH,
    direction: Direction = Direction.IN,
) -> Haul:
    """By rail; on the road where a class of vehicle is given."""
    used = mode if by is None else Mode.ROAD
    return Haul(month, direction, goods, used, Decimal(tonnes), by)


def vehicles(count: int, fleet_class: FleetClass, on: date = MONTH) -> Fleet:
    return Fleet(on, FleetKind.IN_PLANT_VEHICLE, fleet_class, count)


def machines(
    count: int, fleet_class: FleetClass, exists: ProductExists | None = None, on: date = MONTH
) -> Fleet:
    return Fleet(on, FleetKind.NON_ROAD_MACHINE, fleet_class, count, exists)
