"""Change a fact of a plant, and bring what it owes in line with it at once."""

from collections.abc import Mapping
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from plants.models import Line, Outlet, Permit, PermitReport, Person, Plant, Project
from tracker import audit
from tracker.obligations.schedule import ScheduleReport, schedule_obligations, take_turn

Fact = Plant | Line | Outlet | Permit | PermitReport | Project


class StaleFact(Exception):
    """Somebody else changed the same fact since it was read; nothing was changed."""


def why_not_amend(person: Person, plant: Plant) -> str | None:
    """Why this person can't change the plant's permits and projects; None if she can."""
    if person.answers_for(plant) or person.oversees(plant):
        return None
    return _("Only the plant's manager, its group's manager or its officer can change this.")


def amend(
    *, thing: Fact, values: Mapping[str, object], by: audit.Actor, at: datetime, today: date
) -> ScheduleReport:
    """Set these columns of a plant, or of what belongs to it, and re-date what is owed.

    Only columns that differ are written, under a lock and only while they are as ``thing`` was
    read with (else ``StaleFact``), so that of two changes at once none is lost. The old values, and
    every date that moves, stay in the plant's history. What was submitted or decided is not
    touched. Values that contradict each other raise Django's ``ValidationError``, also where two
    people have entered half of them each; so does another plant, since what was owed and answered
    for a line or an outlet is the one plant's.
    """
    wanted = {name: value for name, value in values.items() if getattr(thing, name) != value}
    if "plant" in wanted:
        raise ValidationError({"plant": _("It stays with its plant. Enter it anew at the other.")})
    before = {name: getattr(thing, name) for name in wanted}
    plant = plant_of(thing)
    with transaction.atomic():
        take_turn([plant.pk])
        if wanted:
            _refuse_unfit(thing, before, wanted)
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
    """Save a new fact of a plant, or a new plant, and schedule what it brings.

    Values that contradict each other raise Django's ``ValidationError``.
    """
    thing.clean()
    with transaction.atomic():
        if not isinstance(thing, Plant):
            take_turn([plant_of(thing).pk])
        thing.save(force_insert=True)
        plant = plant_of(thing)
        audit.record(by=by, at=at, verb=audit.Verb.CREATED, thing=thing, plant=plant)
        return schedule_obligations(today=today, by=by, at=at, plants=[plant])


def remove_report(
    *, report: PermitReport, by: audit.Actor, at: datetime, today: date
) -> ScheduleReport:
    """Take a permit's own date for a report out: the rule's date stands again.

    ``StaleFact`` where somebody changed or removed it since ``report`` was read.
    """
    plant = plant_of(report)
    before = {name: getattr(report, name) for name in ("days_after", "month", "day", "next_year")}
    with transaction.atomic():
        take_turn([plant.pk])
        # Read by all its columns: the row as it was read, or none.
        gone, _rows = PermitReport.objects.filter(pk=report.pk, **before).delete()
        if not gone:
            raise StaleFact
        audit.record(
            by=by,
            at=at,
            verb=audit.Verb.REMOVED,
            thing=report,
            plant=plant,
            before=before,
        )
        return schedule_obligations(today=today, by=by, at=at, plants=[plant])


def plant_of(thing: Fact) -> Plant:
    """The plant whose fact it is."""
    if isinstance(thing, PermitReport):
        return thing.permit.plant
    return thing if isinstance(thing, Plant) else thing.plant


def _refuse_unfit(thing: Fact, before: Mapping[str, object], wanted: Mapping[str, object]) -> None:
    """``StaleFact`` where somebody was faster, ``ValidationError`` where it fits no more."""
    there = type(thing)._default_manager.select_for_update(no_key=True).filter(pk=thing.pk).first()
    if there is None or any(getattr(there, name) != value for name, value in before.items()):
        raise StaleFact
    for name, value in wanted.items():
        setattr(there, name, value)
    there.clean()


def _shown(values: Mapping[str, object]) -> dict[str, object]:
    """What the history keeps: a row that is pointed at by its name."""
    return {
        name: str(value) if isinstance(value, models.Model) else value
        for name, value in values.items()
    }
