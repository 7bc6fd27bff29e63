"""What a change would do to the obligations, before it is made. Writes nothing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db import transaction

from plants.models import Plant, RunStatus
from tracker.obligations.amend import Fact, plant_of
from tracker.obligations.compare import Change, Differences, Kept, compare, horizon, reach_of
from tracker.obligations.models import State
from tracker.obligations.reading import read_extensions, read_kept
from tracker.obligations.rulebook import requirements_in_force
from tracker.obligations.schedule import AHEAD_DAYS, take_turn
from tracker.obligations.subjects import read_subjects
from tracker.obligations.wanted import Demand, Key, demands_by_code, wanted, with_dependents
from tracker.regulations.models import Requirement

PLANTS_AT_ONCE = 500


class Move(NamedTuple):
    """One obligation whose day moves."""

    obligation_id: int
    plant_id: int
    before: date
    after: date


@dataclass
class Impact:
    """How many obligations of how many plants a change would touch, and each day that moves.

    What was submitted or decided is never among them. ``overdue`` counts what is not overdue today
    and would be.
    """

    today: date
    moves: list[Move] = field(default_factory=list)
    created: int = 0
    withdrawn: int = 0
    reopened: int = 0
    re_worded: int = 0
    overdue: int = 0
    plants: set[int] = field(default_factory=set)

    @property
    def is_nothing(self) -> bool:
        return not self.plants

    @property
    def summary(self) -> str:
        """For a terminal: 14 obligations of 9 plants move, 3 become overdue, …"""
        return (
            f"{len(self.moves)} dates move, {self.overdue} become overdue, {self.created} added, "
            f"{self.withdrawn} withdrawn, {self.reopened} restored; {len(self.plants)} plants"
        )

    def add(self, plant_id: int, found: Differences) -> None:
        """Count one plant's differences in."""
        if found.missing or found.changes:
            self.plants.add(plant_id)
        self.created += len(found.missing)
        self.overdue += sum(want.dated.due_on < self.today for want in found.missing)
        for change in found.changes:
            self._count(plant_id, change)

    def _count(self, plant_id: int, change: Change) -> None:
        before, right = change.kept.dated, change.right
        if right is None:
            self.withdrawn += 1
            return
        was_withdrawn = change.kept.state == State.WITHDRAWN
        self.reopened += was_withdrawn
        if change.is_re_dated and not was_withdrawn:
            self.moves.append(Move(change.kept.pk, plant_id, before.due_on, right.due_on))
        elif not was_withdrawn:
            self.re_worded += 1
        was_late = not was_withdrawn and before.due_on < self.today
        self.overdue += right.due_on < self.today and not was_late


def preview_rules(
    requirements: Iterable[Requirement], *, today: date, ahead_days: int = AHEAD_DAYS
) -> Impact:
    """What would become of these requirements' obligations if they read as they are given here.

    They need not be saved; only what belongs to them, or hangs on their dates, is looked at.
    """
    given = {requirement.pk: requirement for requirement in requirements}
    read = [given.get(requirement.pk, requirement) for requirement in requirements_in_force()]
    everything = [Demand.of(requirement) for requirement in read if not requirement.withdrawn_on]
    demands = with_dependents(given.keys(), everything)
    touched = {**given, **{demand.requirement.pk: demand.requirement for demand in demands}}
    plants = list(Plant.objects.order_by("pk").values_list("pk", flat=True))
    return _preview(
        demands,
        plants,
        among=demands_by_code(everything),
        requirement_ids=list(touched),
        today=today,
        ahead_days=ahead_days,
    )


def what_if(
    change: Callable[[], object],
    plants: Iterable[Plant],
    *,
    today: date,
    ahead_days: int = AHEAD_DAYS,
) -> Impact:
    """What ``change`` would do to these plants' obligations: it is made, looked at, and undone.

    The change schedules nothing by itself; for one that does there is ``preview_deed``.
    """
    ids = [plant.pk for plant in plants]
    with transaction.atomic():
        change()
        impact = _preview_all(ids, today=today, ahead_days=ahead_days)
        transaction.set_rollback(True)
    return impact


def preview_deed(deed: Callable[[], object], *, thing: Fact, today: date) -> Impact:
    """What a deed about a plant's fact would do to what the plant owes: it is done and undone.

    The deed is one that schedules what follows from it (``amend``, ``add_fact``, ``remove_report``)
    about this very ``thing``, which keeps the deed's values. What the deed refuses is raised.
    """
    plant = plant_of(thing)
    there: Mapping[int, Mapping[Key, Kept]] = {}
    with transaction.atomic():
        if plant.pk:
            take_turn([plant.pk])
            there = read_kept([plant.pk])
        deed()
        impact = _preview_all([plant.pk], there=there, today=today)
        transaction.set_rollback(True)
    return impact


def _preview_all(
    plants: list[int],
    *,
    there: Mapping[int, Mapping[Key, Kept]] | None = None,
    today: date,
    ahead_days: int = AHEAD_DAYS,
) -> Impact:
    """By every rule as it is in the database now."""
    demands = [Demand.of(requirement) for requirement in requirements_in_force()]
    return _preview(
        demands,
        plants,
        among=demands_by_code(demands),
        requirement_ids=None,
        there=there,
        today=today,
        ahead_days=ahead_days,
    )


def _preview(
    demands: list[Demand],
    plants: list[int],
    *,
    among: Mapping[str, Demand],
    requirement_ids: list[int] | None,
    there: Mapping[int, Mapping[Key, Kept]] | None = None,
    today: date,
    ahead_days: int,
) -> Impact:
    """``there`` is what is owed, by plant, where it must not be read from the database."""
    impact, until = Impact(today), horizon(today, ahead_days)
    kinds = {demand.requirement.subject_kind for demand in demands}
    for start in range(0, len(plants), PLANTS_AT_ONCE):
        batch = plants[start : start + PLANTS_AT_ONCE]
        existing = read_kept(batch, requirements=requirement_ids) if there is None else there
        extensions = read_extensions(batch)
        for plant, subjects in read_subjects(batch, kinds=kinds):
            kept = existing.get(plant.pk, {})
            binding = [] if plant.status == RunStatus.CLOSED else demands
            wants = wanted(binding, subjects, until=reach_of(kept, until), among=among)
            impact.add(plant.pk, compare(wants, kept, extensions, until=until))
    return impact
