"""One rule's outcome, with the numbers and the row of the law that it rests on."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from tracker.rounds.outcomes import Outcome
from tracker.rounds.transport.rules import Bound
from tracker.rounds.transport.share import percent_of, reaches


class Rule(models.TextChoices):
    CLEAN_SHARE = "clean_share", _("clean share of raw materials and fuels")
    FALL_BACK = "fall_back", _("raw materials and fuels by road: new energy or China VI")
    KEY_REGION = "key_region", _("key regions: new-energy share of the shortfall")
    PRODUCTS = "products", _("products by road: new energy or China VI")
    IN_PLANT_VEHICLES = "in_plant_vehicles", _("in-plant vehicles")
    NON_ROAD_MACHINES = "non_road_machines", _("non-road machines")


@dataclass(frozen=True)
class Finding:
    """``part`` of ``whole`` is as the rule asks: tonnes, or vehicles and machines.

    ``unsure`` of the whole may be so or not. ``bound`` is None where no row of the law is in force;
    ``counted_on`` is the day on which a fleet was counted.
    """

    rule: Rule
    outcome: Outcome
    part: Decimal
    whole: Decimal
    bound: Bound | None
    unsure: Decimal = Decimal(0)
    counted_on: date | None = None

    @property
    def percent(self) -> Decimal | None:
        """The share in percent, unrounded; None where there is nothing to take a share of."""
        return percent_of(self.part, self.whole)


def share_outcome(part: Decimal, whole: Decimal, bound: Bound | None) -> Outcome:
    """A share against its row; of nothing, and against no row, there is not enough to say."""
    if bound is None or not whole:
        return Outcome.NOT_ENOUGH
    return Outcome.MET if reaches(part, whole, bound.percent) else Outcome.NOT_MET
