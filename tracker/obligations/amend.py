"""Change a fact of a plant, and bring what it owes in line with it at once."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import models, transaction

from plants.models import Line, Outlet, Permit, Plant, Project
from tracker import audit
from tracker.obligations.schedule import ScheduleReport, schedule_obligations

Fact = Plant | Line | Outlet | Permit | Project


class StaleFact(Exception):
    """Somebody else changed the same fact since it was read; nothing was changed."""


def amend(
    *, thing: Fact, values: Mapping[str, object], by: audit.Actor, at: datetime, today: date
) -> ScheduleReport:
    """Set these columns of a plant, or of what belongs to it, and re-date what is owed.

    Only columns that differ are written, under a lock and only while they are as ``thing`` was
    read with (else ``StaleFact``), so that of two changes at once none is lost. The old values, and
    every date that moves, stay in the plant's history. What was submitted or decided is not
    touched.
    """
    wanted = {name: value for name, value in values.items() if getattr(thing, name) != value}
    before = {name: getattr(thing, name) for name in wanted}
    plant = plant_of(thing)
    with transaction.atomic():
        if wanted:
            _refuse_stale(thing, before)
            for name, value in wanted.items():
                setattr(thing, name, value)
            thing.save(update_fields=list(wanted))
            audit.record(
                by=by,
                at=at,
                verb=audit.Verb.CHANGED,
                thing=thing,
                plant=plant,
                before=_shown(before),
                after=_shown(wanted),
            )
        return schedule_obligations(today=today, by=by, at=at, plants=[plant])


def add_fact(*, thing: Fact, by: audit.Actor, at: datetime, today: date) -> ScheduleReport:
    """Save a new plant, line, outlet, permit or project, and schedule what it brings."""
    with transaction.atomic():
        thing.save(force_insert=True)
        plant = plant_of(thing)
        audit.record(by=by, at=at, verb=audit.Verb.CREATED, thing=thing, plant=plant)
        return schedule_obligations(today=today, by=by, at=at, plants=[plant])


def plant_of(thing: Fact) -> Plant:
    """The plant whose fact it is."""
    return thing if isinstance(thing, Plant) else thing.plant


def _refuse_stale(thing: Fact, before: Mapping[str, object]) -> None:
    there = type(thing)._default_manager.select_for_update().get(pk=thing.pk)
    if any(getattr(there, name) != value for name, value in before.items()):
        raise StaleFact


def _shown(values: Mapping[str, object]) -> dict[str, object]:
    """What the history keeps: a row that is pointed at by its name."""
    return {
        name: str(value) if isinstance(value, models.Model) else value
        for name, value in values.items()
    }
