"""Bring the obligations in line with the rules and the plants: create, re-date, withdraw."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from plants.bulk import count_anew, insert_many, update_many
from plants.models import Plant, RunStatus
from tracker import audit
from tracker.obligations.compare import Differences, compare, horizon, reach_of
from tracker.obligations.facts import Subject
from tracker.obligations.models import Obligation, State
from tracker.obligations.reading import read_extensions, read_kept
from tracker.obligations.rulebook import Rulebook
from tracker.obligations.states import move
from tracker.obligations.subjects import read_subjects
from tracker.obligations.wanted import Dated, Wanted, wanted
from tracker.regulations.models import Requirement

AHEAD_DAYS = 180
PLANTS_AT_ONCE = 50
MANY_NEW = 20_000


@dataclass
class ScheduleReport:
    """What a run did. ``lacks`` counts subjects whose date hangs on an unknown fact, by fact."""

    created: int = 0
    re_dated: int = 0
    re_worded: int = 0
    withdrawn: int = 0
    reopened: int = 0
    unchanged: int = 0
    lacks: Counter[str] = field(default_factory=Counter)

    @property
    def changed_anything(self) -> bool:
        return any((self.created, self.re_dated, self.re_worded, self.withdrawn, self.reopened))


def schedule_obligations(
    *,
    today: date,
    by: audit.Actor,
    at: datetime,
    plants: Iterable[Plant] | None = None,
    requirements: Collection[int] | None = None,
    ahead_days: int = AHEAD_DAYS,
    plants_at_once: int = PLANTS_AT_ONCE,
) -> ScheduleReport:
    """Make the obligations of these plants (default: all) what the rules want.

    ``requirements`` (ids) narrows it to what one or a few rules want, with those whose dates hang
    on theirs.

    Missing ones are created; what is owed is re-dated or withdrawn, the old date kept in the
    plant's history; what was submitted or decided is never touched. A closed plant owes nothing.
    Recurring duties are made when they are due within ``ahead_days``. Running it again changes
    nothing. A granted extension stands, as long as it is later than the rule's own day.

    Others wait for ``plants_at_once``: whoever holds all the plants' turns already gives more.
    """
    report, rules = ScheduleReport(), Rulebook(requirements)
    chosen = plants if plants is not None else Plant.objects.order_by("pk")
    plant_ids = [plant.pk for plant in chosen]
    until = horizon(today, ahead_days)
    for start in range(0, len(plant_ids), plants_at_once):
        with audit.together():
            batch = plant_ids[start : start + plants_at_once]
            take_turn(batch)
            rules.renew()
            existing = read_kept(batch, requirements=rules.ids)
            extensions = read_extensions(batch)
            runs = []
            for plant, subjects in read_subjects(batch):
                there = existing[plant.pk]
                binding = [] if plant.status == RunStatus.CLOSED else rules.demands
                reach = reach_of(there, until)
                wants = wanted(binding, subjects, until=reach, among=rules.among)
                found = compare(wants, there, extensions, until=until)
                runs.append(_Plant(plant, subjects, found, by, at, report))
            _carry_out(runs, rules.requirements)
    count_if_many(report)
    return report


def count_if_many(report: ScheduleReport) -> None:
    """After a first run the database reads the new rows by what it knew of an empty table."""
    if report.created >= MANY_NEW:
        count_anew(Obligation)


def _carry_out(runs: "list[_Plant]", requirements: Mapping[int, Requirement]) -> None:
    """Put right what is wrong at a batch of plants, under a lock on all of it, and write the rest.

    The locks are taken in one order and before the trail's, as an upload takes them, so that the
    two never wait for each other. What was submitted or decided meanwhile is left alone.
    """
    rows = _lock([change.kept.pk for run in runs for change in run.found.changes], requirements)
    for run in runs:
        run.carry_out(rows)
    missing = [row for run in runs for row in run.missing]
    insert_many(missing)
    update_many([row for run in runs for row in run.mended], Dated._fields)


def take_turn(ids: list[int]) -> None:
    """Lock the plants' rows until the transaction ends: two runs take turns.

    Whoever schedules after a deed of her own takes the turn before it: the plant is locked first,
    then its obligations, then its trail, or two of them wait for each other.
    """
    # Not the key: rows that point at a plant may come in meanwhile.
    turn = Plant.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    list(turn.values_list("pk"))


@dataclass
class _Plant:
    """One plant's turn in a run; ``missing`` and ``mended`` are then written with the batch's."""

    plant: Plant
    subjects: Mapping[str, list[Subject]]
    found: Differences
    by: audit.Actor
    at: datetime
    report: ScheduleReport
    missing: list[Obligation] = field(default_factory=list)
    mended: list[Obligation] = field(default_factory=list)

    def carry_out(self, rows: Mapping[int, Obligation]) -> None:
        """Withdraw, restore, re-date or re-word what is still owed as it was read."""
        self.report.unchanged += self.found.unchanged
        self.report.lacks += self.found.lacks
        lines = {subject.line.pk: subject.line for subject in self.subjects["line"] if subject.line}
        outlets = {s.outlet.pk: s.outlet for s in self.subjects["outlet"] if s.outlet}
        for change in self.found.changes:
            obligation = rows[change.kept.pk]
            obligation.plant = self.plant
            # What the trail names it by is at hand; a join would bring the law's text for each row.
            if obligation.line_id in lines:
                obligation.line = lines[obligation.line_id]
            if obligation.outlet_id in outlets:
                obligation.outlet = outlets[obligation.outlet_id]
            if obligation.state != change.kept.state:
                self.report.unchanged += 1
            elif change.right is None:
                self._move(obligation, State.WITHDRAWN, audit.Verb.WITHDREW)
                self.report.withdrawn += 1
            else:
                self._put_right(obligation, change.kept.dated, change.right)
        self._make(self.found.missing)

    def _make(self, missing: list[Wanted]) -> None:
        if not missing:
            return
        self.missing += [self._row(want) for want in missing]
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
            **want.dated._asdict(),
        )

    def _put_right(self, obligation: Obligation, before: Dated, right: Dated) -> None:
        """Take back a withdrawal, and re-date or re-word."""
        if obligation.state == State.WITHDRAWN:
            self._move(obligation, State.OPEN, audit.Verb.RESTORED)
            self.report.reopened += 1
        if before == right:
            return
        for name, value in right._asdict().items():
            setattr(obligation, name, value)
        self.mended.append(obligation)
        is_re_dated = before.due_on != right.due_on
        if is_re_dated:
            self.report.re_dated += 1
        else:
            self.report.re_worded += 1
        audit.record(
            by=self.by,
            at=self.at,
            verb=audit.Verb.RE_DATED if is_re_dated else audit.Verb.CHANGED,
            thing=obligation,
            plant=self.plant,
            before=before._asdict(),
            after=right._asdict(),
        )

    def _move(self, obligation: Obligation, to: str, verb: str) -> None:
        move(obligation, to=to, verb=verb, by=self.by, at=self.at)


def _lock(ids: list[int], requirements: Mapping[int, Requirement]) -> dict[int, Obligation]:
    """The obligations as they are now, with their requirements, by id.

    Nobody changes them until the transaction ends.
    """
    if not ids:
        return {}
    rows = list(Obligation.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))
    gone = {row.requirement_id for row in rows} - requirements.keys()
    known = {**requirements, **(Requirement.objects.in_bulk(gone) if gone else {})}
    for row in rows:
        row.requirement = known[row.requirement_id]
    return {row.pk: row for row in rows}
