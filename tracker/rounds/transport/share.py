"""Tonnes of a period added up, and the clean share: clean tonnes over all tonnes. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from tracker.rounds.transport.kinds import CLEAN_MODES, Direction, Goods, Mode, RoadClass

NOTHING = Decimal(0)
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Haul:
    """The tonnes of one month that went one way by one mode; a class of vehicle on the road only.

    ``month`` is its first day.
    """

    month: date
    direction: Direction
    goods: Goods
    mode: Mode
    tonnes: Decimal
    road_class: RoadClass | None = None

    def __post_init__(self) -> None:
        if not self.tonnes.is_finite() or self.tonnes < 0:
            raise ValueError("tonnes are a number from nought on")
        if (self.mode == Mode.ROAD) != (self.road_class is not None):
            raise ValueError("the road, and nothing else, has a class of vehicle")


@dataclass(frozen=True)
class Period:
    """Whole months, by the first day of the first and of the last."""

    first: date
    last: date

    def months(self) -> list[date]:
        found, month = [], self.first
        while month <= self.last:
            found.append(month)
            month += relativedelta(months=1)
        return found

    @property
    def ends_on(self) -> date:
        """The last day that still belongs to it."""
        return self.last + relativedelta(months=1, days=-1)

    def hauls_of(self, hauls: Iterable[Haul]) -> list[Haul]:
        return [haul for haul in hauls if self.first <= haul.month <= self.last]


@dataclass(frozen=True)
class Haulage:
    """Tonnes by clean modes, and on the road by class of vehicle."""

    clean: Decimal = NOTHING
    new_energy: Decimal = NOTHING
    china_vi: Decimal = NOTHING
    other: Decimal = NOTHING

    @property
    def road(self) -> Decimal:
        return self.new_energy + self.china_vi + self.other

    @property
    def total(self) -> Decimal:
        return self.clean + self.road

    @property
    def clean_percent(self) -> Decimal | None:
        """The clean share, unrounded; None where nothing was carried."""
        return percent_of(self.clean, self.total)


def percent_of(part: Decimal, whole: Decimal) -> Decimal | None:
    """A share in percent, unrounded; None of nothing."""
    return part * HUNDRED / whole if whole else None


def reaches(part: Decimal, whole: Decimal, percent: Decimal) -> bool:
    """Whether the part is at least so many percent of the whole; equality is met (不低于).

    Without a division, so that 80 % is 80 % whatever the tonnes are.
    """
    return part * HUNDRED >= percent * whole


def add_up(hauls: Iterable[Haul], goods: Collection[Goods]) -> Haulage:
    """The tonnes of these goods, in and out."""
    clean = NOTHING
    road = dict.fromkeys(RoadClass, NOTHING)
    for haul in hauls:
        if haul.goods not in goods:
            continue
        if haul.mode in CLEAN_MODES:
            clean += haul.tonnes
        elif haul.road_class is not None:
            road[haul.road_class] += haul.tonnes
    return Haulage(
        clean, road[RoadClass.NEW_ENERGY], road[RoadClass.CHINA_VI], road[RoadClass.OTHER]
    )
