"""Bring the obligations in line with the rules and the plants: create, re-date, withdraw."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction

from plants.models import Line, Outlet, Permit, Plant
from tracker import audit
from tracker.obligations.facts import Subject, subjects_of
from tracker.obligations.models import OWED, Obligation, State
from tracker.obligations.states import move
from tracker.obligations.wanted import Demand, Key, Lack, Wanted, wanted
from tracker.regulations.models import Requirement

AHEAD_DAYS = 180
PLANTS_AT_ONCE = 25


@dataclass
class ScheduleReport:
    """What a run did. ``lacks`` counts subjects whose date hangs on an unknown fact, by fact."""

    created: int = 0
    re_dated: int = 0
    re_worded: int = 0
    withdrawn: int = 0
    reopened: int = 0
    unchanged: int = 0
    lacks: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def changed_anything(self) -> bool:
        return any((self.created, self.re_dated, self.re_worded, self.withdrawn, self.reopened))


def schedule_obligations(
    *,
    today: date,
    by: audit.Actor,
    at: datetime,
    plants: Iterable[Plant] | None = None,
    ahead_days: int = AHEAD_DAYS,
) -> ScheduleReport:
    """Make the obligations of these plants (default: all in operation) what the rules want.

    Missing ones are created; what is owed is re-dated or withdrawn, the old date kept in the
    plant's history; what was submitted or decided is never touched. Recurring duties are made when
    they are due within ``ahead_days``. Running it again changes nothing.
    """
    demands = [Demand.of(requirement) for requirement in _requirements_in_force()]
    report = ScheduleReport()
    ids = [plant.pk for plant in plants] if plants is not None else _plants_in_operation()
    until = today + timedelta(days=ahead_days)
    for start in range(0, len(ids), PLANTS_AT_ONCE):
        with transaction.atomic():
            batch = ids[start : start + PLANTS_AT_ONCE]
            there = _read_obligations(batch)
            for plant, subjects in _read_plants(batch):
                run = _Plant(plant, subjects, there[plant.pk], demands, by, at, report)
                run.schedule(until)
    return report


def _requirements_in_force() -> list[Requirement]:
    return list(Requirement.objects.in_force().in_reading_order())


def _plants_in_operation() -> list[int]:
    return list(Plant.objects.in_operation().order_by("pk").values_list("pk", flat=True))


def _read_obligations(ids: list[int]) -> dict[int, dict[Key, Obligation]]:
    """What is there, by plant and key. The plants' rows stay locked: two runs take turns."""
    list(Plant.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
    there: dict[int, dict[Key, Obligation]] = defaultdict(dict)
    for row in Obligation.objects.filter(plant_id__in=ids).select_related("requirement"):
        key = (row.requirement_id, row.plant_id, row.line_id, row.outlet_id, row.period)
        there[row.plant_id][key] = row
    return there


def _read_plants(ids: list[int]) -> list[tuple[Plant, dict[str, list[Subject]]]]:
    """The plants with their subjects, in order."""
    plants = Plant.objects.with_surroundings().filter(pk__in=ids).order_by("pk")
    lines: dict[int, list[Line]] = defaultdict(list)
    for line in Line.objects.filter(plant_id__in=ids).order_by("number"):
        lines[line.plant_id].append(line)
    outlets: dict[int, list[Outlet]] = defaultdict(list)
    for outlet in Outlet.objects.filter(plant_id__in=ids).order_by("code"):
        outlets[outlet.plant_id].append(outlet)
    permits = {
        permit.plant_id: permit
        for permit in Permit.objects.filter(plant_id__in=ids).order_by("valid_until_on")
    }
    return [
        (plant, subjects_of(plant, lines[plant.pk], outlets[plant.pk], permits.get(plant.pk)))
        for plant in plants
    ]


@dataclass
class _Plant:
    """One plant's turn in a run."""

    plant: Plant
    subjects: dict[str, list[Subject]]
    existing: dict[Key, Obligation]
    demands: list[Demand]
    by: audit.Actor
    at: datetime
    report: ScheduleReport

    def schedule(self, until: date) -> None:
        """Compare what is wanted with what is there, as far ahead as anything there reaches."""
        existing = dict(self.existing)
        reach = max([until, *(obligation.due_on for obligation in existing.values())])
        missing: list[Wanted] = []
        for want in wanted(self.demands, self.subjects, until=reach):
            if isinstance(want, Lack):
                self.report.lacks[want.fact] += 1
            elif want.key in existing:
                self._keep_right(existing.pop(want.key), want)
            elif want.due_on <= until or not want.key[-1]:
                missing.append(want)
        self._create(missing)
        self._withdraw(existing.values())

    def _create(self, missing: list[Wanted]) -> None:
        if not missing:
            return
        Obligation.objects.bulk_create([self._row(want) for want in missing], batch_size=500)
        self.report.created += len(missing)
        audit.record(
            by=self.by,
            at=self.at,
            verb=audit.Verb.SCHEDULED,
            thing=self.plant,
            plant=self.plant,
            after={"obligations_created": len(missing)},
        )

    def _row(self, want: Wanted) -> Obligation:
        requirement_id, plant_id, line_id, outlet_id, period = want.key
        return Obligation(
            requirement_id=requirement_id,
            plant_id=plant_id,
            line_id=line_id,
            outlet_id=outlet_id,
            period=period,
            state=State.OPEN,
            state_changed_at=self.at,
            **_dated(want),
        )

    def _keep_right(self, obligation: Obligation, want: Wanted) -> None:
        """Re-date or re-word what is owed, take back a withdrawal, leave the rest alone."""
        if obligation.state == State.WITHDRAWN:
            self._move(obligation, State.OPEN, audit.Verb.RESTORED)
            self.report.reopened += 1
        if obligation.state not in OWED:
            self.report.unchanged += 1
            return
        right = _dated(want)
        wrong = [name for name, value in right.items() if getattr(obligation, name) != value]
        if not wrong:
            self.report.unchanged += 1
            return
        self._correct(obligation, right)

    def _correct(self, obligation: Obligation, right: dict[str, date | str]) -> None:
        changed = Obligation.objects.filter(pk=obligation.pk, state=obligation.state).update(
            **right
        )
        if not changed:
            return
        if obligation.due_on == right["due_on"]:
            self.report.re_worded += 1
            return
        self.report.re_dated += 1
        audit.record(
            by=self.by,
            at=self.at,
            verb=audit.Verb.RE_DATED,
            thing=obligation,
            plant=self.plant,
            before={name: getattr(obligation, name) for name in right},
            after=right,
        )

    def _withdraw(self, unwanted: Iterable[Obligation]) -> None:
        """What is owed but no longer wanted goes; what was submitted or decided stays."""
        for obligation in unwanted:
            if obligation.state in OWED:
                self._move(obligation, State.WITHDRAWN, audit.Verb.WITHDREW)
                self.report.withdrawn += 1

    def _move(self, obligation: Obligation, to: str, verb: str) -> None:
        obligation.plant = self.plant
        move(obligation, to=to, verb=verb, by=self.by, at=self.at)


def _dated(want: Wanted) -> dict[str, date | str]:
    """The columns that a rule decides."""
    return {
        "due_on": want.due_on,
        "due_basis_zh": want.due_basis.zh,
        "due_basis_en": want.due_basis.en,
        "applies_basis_zh": want.applies_basis.zh,
        "applies_basis_en": want.applies_basis.en,
    }
