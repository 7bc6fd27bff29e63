"""The part of a plant's transport ledger that a round rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.rounds.models import FleetCount, Round, TransportMonth
from tracker.rounds.transport.ledger import assessed_period, judge_plant
from tracker.rounds.transport.share import Period
from tracker.rounds.transport.verdict import TransportVerdict


@dataclass(frozen=True)
class Ledger:
    """A period's rows, replaced ones among them, the counts of the fleet, and what they come to."""

    period: Period
    months: Sequence[TransportMonth]
    fleet: Sequence[FleetCount]
    verdict: TransportVerdict

    def is_loaded_by(self, told: Mapping[str, object]) -> bool:
        """Whether an event's own words say that it brought rows of these."""
        if "counted_on" in told:
            return str(told["counted_on"]) in {str(row.as_of_on) for row in self.fleet}
        loaded = told.get("transport_months")
        if not isinstance(loaded, list):
            return False
        return bool({f"{month:%Y-%m}" for month in self.period.months()} & set(loaded))


def read_ledger(round_: Round, *, until: date) -> Ledger | None:
    """The period that its page judges on this day; None without any ledger, or of no concern."""
    if not round_.clean_transport:
        return None
    rows = TransportMonth.objects.filter(plant=round_.plant_id)
    if not rows.standing().filter(month__lte=until).exists():
        return None
    period = assessed_period(round_, today=until)
    inside = rows.filter(month__range=(period.first, period.last)).select_related("entered_by")
    fleet = FleetCount.objects.filter(plant=round_.plant_id, as_of_on__lte=period.ends_on)
    return Ledger(
        period=period,
        months=list(inside.order_by("month", "direction", "goods", "mode", "road_class", "pk")),
        fleet=list(fleet.select_related("entered_by").order_by("as_of_on", "kind", "pk")),
        verdict=judge_plant(round_.plant, period),
    )
