"""Schedule every plant, so that what fails at one of them keeps no other from its dates."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime

from django.db import InterfaceError, OperationalError

from plants.models import Plant
from tracker import audit
from tracker.obligations.rulebook import Rulebook
from tracker.obligations.schedule import (
    PLANTS_AT_ONCE,
    ScheduleReport,
    count_if_many,
    schedule_obligations,
)

logger = logging.getLogger(__name__)

# The database's own, and so nobody's plant: the next one would fail just so.
EVERYBODYS_FAULTS = (OperationalError, InterfaceError)
MOST_NAMED = 10


class PlantsLeftOut(Exception):
    """Some plants could not be scheduled; all others were."""

    def __init__(self, faults: dict[str, str]) -> None:
        named = "; ".join(f"{code}: {fault}" for code, fault in list(faults.items())[:MOST_NAMED])
        more = len(faults) - MOST_NAMED
        rest = f"; and {more} more" if more > 0 else ""
        super().__init__(f"{len(faults)} plants could not be scheduled: {named}{rest}")


@dataclass
class SiteReport(ScheduleReport):
    """What a run over all plants did; ``faults`` says what failed at which plant, by its code."""

    faults: dict[str, str] = field(default_factory=dict)

    def add(self, part: ScheduleReport) -> None:
        """Count a part of the run in."""
        for column in fields(part):
            whole = getattr(self, column.name)
            setattr(self, column.name, whole + getattr(part, column.name))

    def raise_faults(self) -> None:
        """``PlantsLeftOut`` where a plant could not be scheduled."""
        if self.faults:
            raise PlantsLeftOut(self.faults)


def schedule_site(*, today: date, by: audit.Actor, at: datetime) -> SiteReport:
    """Schedule all plants as ``schedule_obligations`` does; what fails at a plant is reported.

    Each fault is logged and stands in the report; whoever calls asks for ``raise_faults`` once the
    rest of its work is done. A rule that can't be read at all is raised at once.
    """
    Rulebook().renew()
    run = _Run(today, by, at, SiteReport())
    plants = list(Plant.objects.order_by("pk"))
    for start in range(0, len(plants), PLANTS_AT_ONCE):
        run.schedule(plants[start : start + PLANTS_AT_ONCE])
    count_if_many(run.report)
    return run.report


@dataclass
class _Run:
    today: date
    by: audit.Actor
    at: datetime
    report: SiteReport

    def schedule(self, plants: Sequence[Plant]) -> None:
        """All of these at once; where that fails one by one, to leave out none but the faulty."""
        try:
            done = schedule_obligations(today=self.today, by=self.by, at=self.at, plants=plants)
        except EVERYBODYS_FAULTS:
            raise
        except Exception as fault:
            if len(plants) == 1:
                self._leave_out(plants[0], fault)
                return
            for plant in plants:
                self.schedule([plant])
        else:
            self.report.add(done)

    def _leave_out(self, plant: Plant, fault: Exception) -> None:
        logger.exception("Plant %s could not be scheduled", plant.code)
        self.report.faults[plant.code] = f"{type(fault).__name__}: {fault}"
