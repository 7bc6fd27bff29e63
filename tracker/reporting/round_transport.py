"""A plant's transport over a period as its page shows it: months, fleet, rules and their dates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from django.db.models import Min

from plants.models import Person, Plant
from tracker.rounds.models import TransportMonth
from tracker.rounds.transport.fleet import Fleet, newest
from tracker.rounds.transport.kinds import MATERIALS, PRODUCTS, FleetKind
from tracker.rounds.transport.ledger import read_bounds, read_fleets, read_hauls
from tracker.rounds.transport.rules import Bound
from tracker.rounds.transport.share import Haul, Haulage, Period, add_up
from tracker.rounds.transport.verdict import TransportVerdict, judge_transport

USUAL_MONTHS = 12


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month's tonnes; one of which the ledger holds no row is missing."""

    month: date
    materials: Haulage
    products: Haulage
    is_missing: bool


@dataclass(frozen=True, slots=True)
class BoundRow:
    """A row of the law on the period's last day: in force, ended, or not yet in force."""

    bound: Bound
    holds: bool
    has_ended: bool


@dataclass(frozen=True, slots=True)
class FleetRow:
    """The last count of one kind."""

    kind: FleetKind
    counts: list[Fleet]

    @property
    def counted_on(self) -> date:
        return self.counts[0].counted_on


@dataclass(frozen=True, slots=True)
class Transport:
    verdict: TransportVerdict
    months: list[MonthRow]
    bounds: list[BoundRow]
    fleets: list[FleetRow]


def usual_period(plant: Plant, *, today: date) -> Period:
    """The last twelve whole months, or those since the ledger began.

    No document that has been read says how long the period is.
    """
    last = today.replace(day=1) - relativedelta(months=1)
    first = last - relativedelta(months=USUAL_MONTHS - 1)
    rows = TransportMonth.objects.standing().filter(plant=plant)
    began = rows.aggregate(began=Min("month"))["began"]
    return Period(min(max(first, began or first), last), last)


def read_transport(plant: Plant, period: Period) -> Transport:
    """What the period comes to, by the rows in force on its last day; with what lies behind."""
    hauls, bounds = read_hauls(plant, period), read_bounds(plant)
    fleets = read_fleets(plant, by_day=period.ends_on)
    return Transport(
        verdict=judge_transport(period, hauls, fleets, bounds),
        months=[_month(month, hauls) for month in period.months()],
        bounds=_bounds(bounds, period.ends_on),
        fleets=_fleets(fleets, period.ends_on),
    )


def read_rows(plant: Plant, month: date, *, person: Person) -> list[TransportMonth]:
    """A month's rows that she may see, corrected ones among them, the newest last."""
    rows = TransportMonth.objects.visible_to(person).filter(plant=plant, month=month)
    rows = rows.select_related("entered_by", "replaces")
    return list(rows.order_by("direction", "goods", "mode", "road_class", "pk"))


def _month(month: date, hauls: Iterable[Haul]) -> MonthRow:
    own = [haul for haul in hauls if haul.month == month]
    return MonthRow(month, add_up(own, MATERIALS), add_up(own, PRODUCTS), is_missing=not own)


def _bounds(bounds: Iterable[Bound], day: date) -> list[BoundRow]:
    """In the order of the rules; of each the oldest first."""
    rows = [
        BoundRow(
            each, each.holds_on(day), each.effective_to is not None and each.effective_to < day
        )
        for each in bounds
    ]
    return sorted(rows, key=lambda row: (row.bound.pollutant, row.bound.effective_from))


def _fleets(fleets: Sequence[Fleet], day: date) -> list[FleetRow]:
    found = ((kind, newest(fleets, kind, day)) for kind in FleetKind)
    return [FleetRow(kind, counts) for kind, counts in found if counts]
