"""Enter the vehicles or machines of a plant as they were counted on a day."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from plants.models import Person, Plant
from tracker import audit
from tracker.rounds.models.transport import FleetCount
from tracker.rounds.transport.fleet import Fleet
from tracker.rounds.transport.kinds import MACHINE_CLASSES, VEHICLE_CLASSES, FleetKind
from tracker.rounds.transport.load import (
    LedgerRefused,
    LoadReport,
    end_rows,
    entering,
    take_turn,
)

Key = tuple[str, str]


def count_fleet(
    *, plant: Plant, fleets: Sequence[Fleet], by: audit.Actor, at: datetime, today: date
) -> LoadReport:
    """Enter all of one kind as counted on one day; ``LedgerRefused`` leaves everything as it was.

    A count is of the whole fleet: a class that an earlier count of that day has and this one has
    not becomes nought. The same count again writes nothing.
    """
    person = entering(by, plant)
    refusal = _why_not_fleets(fleets, today)
    if refusal is not None:
        raise LedgerRefused(refusal)
    on, kind = fleets[0].counted_on, fleets[0].kind
    with transaction.atomic():
        take_turn(plant)
        standing = FleetCount.objects.standing().filter(plant=plant, as_of_on=on, kind=kind)
        there = {(row.fleet_class, row.product_exists): row for row in standing}
        counts = dict.fromkeys(there, 0) | {_key_of(each): each.count for each in fleets}
        changed = [k for k, count in counts.items() if k not in there or there[k].count != count]
        replaced = [there[key] for key in changed if key in there]
        report = LoadReport(len(changed) - len(replaced), len(replaced), len(counts) - len(changed))
        if changed:
            end_rows(replaced, at)
            for key in changed:
                _enter(plant, fleets[0], key, counts[key], there.get(key), person, at)
            after = {"counted_on": on, "kind": kind, **vars(report)}
            audit.record(
                by=by, at=at, verb=audit.Verb.LOADED, thing=plant, plant=plant, after=after
            )
    return report


def _key_of(fleet: Fleet) -> Key:
    return fleet.fleet_class.value, fleet.product_exists.value if fleet.product_exists else ""


def _why_not_fleets(fleets: Sequence[Fleet], today: date) -> str | None:
    if not fleets:
        return _("There are no rows.")
    if len({(each.counted_on, each.kind) for each in fleets}) > 1:
        return _("A count is of one day and of one kind.")
    if len({_key_of(each) for each in fleets}) < len(fleets):
        return _("A row is there twice: keep one of them.")
    if fleets[0].counted_on > today:
        return _("The day lies ahead.")
    of_vehicles = fleets[0].kind == FleetKind.IN_PLANT_VEHICLE
    classes = VEHICLE_CLASSES if of_vehicles else MACHINE_CLASSES
    if any(each.fleet_class not in classes for each in fleets):
        return _("A class does not fit the kind.")
    if of_vehicles and any(each.product_exists is not None for each in fleets):
        return _("Only for machines it is asked whether a new-energy product exists.")
    return None


def _enter(
    plant: Plant,
    fleet: Fleet,
    key: Key,
    count: int,
    replaces: FleetCount | None,
    person: Person,
    at: datetime,
) -> None:
    fleet_class, product_exists = key
    FleetCount.objects.create(
        plant=plant,
        as_of_on=fleet.counted_on,
        kind=fleet.kind,
        fleet_class=fleet_class,
        product_exists=product_exists,
        count=count,
        replaces=replaces,
        entered_by=person,
        entered_at=at,
    )
