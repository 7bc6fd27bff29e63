"""How long a line has to run steadily before it is assessed: the limit that says so."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from plants.text import Text
from tracker.regulations.models import Limit

STEADY_RUNNING = "steady running"  # what the limit measures that says how long


@dataclass(frozen=True, slots=True)
class Steady:
    """How long a line has to run without a break before it is assessed, and how sure that is."""

    months: int
    days: int
    verification: str
    document: Text | None = None
    requirement: str = ""

    def before(self, day: date) -> date:
        """The first day of steady running that ends on the day before ``day``."""
        return day - relativedelta(months=self.months) - timedelta(days=self.days)


def read_steady(today: date) -> Steady | None:
    """How long a line runs steadily before its assessment: the longest of the rules in force."""
    limits = (
        Limit.objects.in_force_on(today)
        .filter(pollutant=STEADY_RUNNING, requirement__withdrawn_on=None)
        .select_related("requirement__document")
        .order_by("pk")
    )
    return max(map(_steady, limits), key=lambda steady: today - steady.before(today), default=None)


def _steady(limit: Limit) -> Steady:
    document = limit.requirement.document
    return steady_of(
        limit.value,
        limit.unit,
        verification=limit.verification,
        document=Text(document.number or document.title_zh, document.number or document.title_en),
        requirement=limit.requirement.code,
    )


def steady_of(
    value: Decimal, unit: str, *, verification: str, document: Text, requirement: str
) -> Steady:
    """The demand as a rule states it, in months (``mo``) or days."""
    months = int(value) if unit == "mo" else 0
    days = 0 if months else int(value)
    return Steady(months, days, verification, document, requirement)
