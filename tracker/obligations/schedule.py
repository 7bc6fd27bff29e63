"""Bring the obligations in line with the rules and the plants: create, re-date, withdraw."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from plants.models import Line, Outlet, Permit, Plant, RunStatus
from tracker import audit
from tracker.obligations.facts import Subject, subjects_of
from tracker.obligations.models import OWED, Obligation, Relief, State
from tracker.obligations.states import move
from tracker.obligations.wanted import Demand, Extension, Key, Lack, Wanted, wanted
from tracker.regulations.models import Requirement

AHEAD_DAYS = 180
PLANTS_AT_ONCE = 25
# The columns that a rule decides.
DATED = ("due_on", "due_basis_zh", "due_basis_en", "applies_basis_zh", "applies_basis_en")


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
    """Make the obligations of these plants (default: all) what the rules want.

    Missing ones are created; what is owed is re-dated or withdrawn, the old date kept in the
    plant's history; what was submitted or decided is never touched. A closed plant owes nothing.
    Recurring duties are made when they are due within ``ahead_days``. Running it again changes
    nothing. A granted extension stands, as long as it is later than the rule's own day.
    """
    demands = [Demand.of(requirement) for requirement in _requirements_in_force()]
    report = ScheduleReport()
    chosen = plants if plants is not None else Plant.objects.order_by("pk")
    ids = [plant.pk for plant in chosen]
    until = today + timedelta(days=ahead_days)
    for start in range(0, len(ids), PLANTS_AT_ONCE):
        with transaction.atomic():
            batch = ids[start : start + PLANTS_AT_ONCE]
            there, extensions = _read_obligations(batch), _read_extensions(batch)
            runs = []
            for plant, subjects in _read_plants(batch):
                binding = [] if plant.status == RunStatus.CLOSED else demands
                run = _Plant(plant, subjects, there[plant.pk], extensions, binding, by, at, report)
                run.compare(until)
                runs.append(run)
            _mend(runs)
            _write(runs, by=by, at=at)
    return report


def _mend(runs: "list[_Plant]") -> None:
    """Put right what is wrong, under a lock on all of it.

    The locks are taken in one order and before the trail's, as an upload takes them, so that the
    two never wait for each other. What was submitted or decided meanwhile is left alone.
    """
    states = _lock([obligation.pk for run in runs for obligation, _want in run.wrong])
    for run in runs:
        run.mend(states)


def _write(runs: "list[_Plant]", *, by: audit.Actor, at: datetime) -> None:
    """What was worked out for a batch of plants, in few statements. The rows are locked."""
    missing = [row for run in runs for row in run.missing]
    Obligation.objects.bulk_create(missing, batch_size=500)
    Obligation.objects.bulk_create(
        [row for run in runs for row in run.mended],
        batch_size=500,
        # They are all there: an INSERT that meets its own key is the fastest UPDATE of many rows.
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=list(DATED),
    )
    audit.record_all(by=by, at=at, deeds=[deed for run in runs for deed in run.deeds])


def _requirements_in_force() -> list[Requirement]:
    return list(Requirement.objects.in_force().in_reading_order())


def _read_obligations(ids: list[int]) -> dict[int, dict[Key, Obligation]]:
    """What is there, by plant and key. The plants' rows stay locked: two runs take turns."""
    # Not the key: rows that point at a plant may come in meanwhile.
    turn = Plant.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    list(turn.values_list("pk"))
    there: dict[int, dict[Key, Obligation]] = defaultdict(dict)
    for row in Obligation.objects.filter(plant_id__in=ids).select_related("requirement"):
        key = (row.requirement_id, row.plant_id, row.line_id, row.outlet_id, row.period)
        there[row.plant_id][key] = row
    return there


def _read_extensions(ids: list[int]) -> dict[int, Extension]:
    """The newest extension of each obligation that has one, by the obligation's id."""
    granted = Relief.objects.extending().filter(obligation__plant_id__in=ids)
    return {
        relief.obligation_id: Extension(
            new_due_on=relief.new_due_on,
            authority=relief.agreed_authority.name,
            granted_on=timezone.localdate(relief.state_changed_at),
            reason=relief.reason,
        )
        for relief in granted.select_related("agreed_authority")
        if relief.new_due_on is not None and relief.agreed_authority is not None
    }


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
    extensions: dict[int, Extension]
    demands: list[Demand]
    by: audit.Actor
    at: datetime
    report: ScheduleReport
    wrong: list[tuple[Obligation, Wanted | None]] = field(default_factory=list)
    missing: list[Obligation] = field(default_factory=list)
    mended: list[Obligation] = field(default_factory=list)
    deeds: list[audit.Deed] = field(default_factory=list)

    def compare(self, until: date) -> None:
        """Compare what is wanted with what is there, as far ahead as anything there reaches."""
        unwanted = dict(self.existing)
        reach = max([until, *(obligation.due_on for obligation in unwanted.values())])
        for want in wanted(self.demands, self.subjects, until=reach):
            if isinstance(want, Lack):
                self.report.lacks[want.fact] += 1
            elif want.key in unwanted:
                obligation = unwanted.pop(want.key)
                right = want.extended(self.extensions.get(obligation.pk))
                if _is_wrong(obligation, right):
                    self.wrong.append((obligation, right))
                else:
                    self.report.unchanged += 1
            elif want.due_on <= until or not want.key[-1]:
                self.missing.append(self._row(want))
        self.wrong += [(gone, None) for gone in unwanted.values() if gone.state in OWED]
        self.report.created += len(self.missing)

    def mend(self, states: dict[int, str]) -> None:
        """Withdraw, restore, re-date or re-word what is wrong, where it is still owed as read."""
        for obligation, want in self.wrong:
            if states[obligation.pk] != obligation.state:
                self.report.unchanged += 1
            elif want is None:
                self._move(obligation, State.WITHDRAWN, audit.Verb.WITHDREW)
                self.report.withdrawn += 1
            else:
                self._put_right(obligation, want)
        if self.missing:
            after = {"obligations_created": len(self.missing)}
            self.deeds.append(audit.Deed(audit.Verb.SCHEDULED, self.plant, self.plant, after=after))

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

    def _put_right(self, obligation: Obligation, want: Wanted) -> None:
        """Take back a withdrawal, and re-date or re-word."""
        if obligation.state == State.WITHDRAWN:
            self._move(obligation, State.OPEN, audit.Verb.RESTORED)
            self.report.reopened += 1
        right = _dated(want)
        before = {name: getattr(obligation, name) for name in right}
        if before == right:
            return
        is_re_dated = obligation.due_on != want.due_on
        if is_re_dated:
            self.report.re_dated += 1
        else:
            self.report.re_worded += 1
        for name, value in right.items():
            setattr(obligation, name, value)
        self.mended.append(obligation)
        verb = audit.Verb.RE_DATED if is_re_dated else audit.Verb.CHANGED
        self.deeds.append(audit.Deed(verb, obligation, self.plant, before, right))

    def _move(self, obligation: Obligation, to: str, verb: str) -> None:
        obligation.plant = self.plant
        move(obligation, to=to, verb=verb, by=self.by, at=self.at)


def _is_wrong(obligation: Obligation, want: Wanted) -> bool:
    """Whether a wanted obligation is withdrawn, or is owed with another date or reason."""
    if obligation.state == State.WITHDRAWN:
        return True
    right = _dated(want).items()
    return obligation.is_owed and any(getattr(obligation, name) != value for name, value in right)


def _lock(ids: list[int]) -> dict[int, str]:
    """The obligations' states as they are now; nobody changes them until the transaction ends."""
    if not ids:
        return {}
    locked = Obligation.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    return dict(locked.values_list("pk", "state"))


def _dated(want: Wanted) -> dict[str, date | str]:
    """The columns that a rule decides, as it decides them."""
    return {
        "due_on": want.due_on,
        "due_basis_zh": want.due_basis.zh,
        "due_basis_en": want.due_basis.en,
        "applies_basis_zh": want.applies_basis.zh,
        "applies_basis_en": want.applies_basis.en,
    }
