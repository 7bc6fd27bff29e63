"""Whom the requirements bind and whom not, and why: for one plant, and for one requirement."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from plants.models import Plant, RunStatus
from plants.models.site import PlantQuerySet
from plants.text import Text
from tracker.obligations.applies import Verdict
from tracker.obligations.distance import fact_label
from tracker.obligations.facts import Subject
from tracker.obligations.models import OWED, Obligation, ObligationQuerySet
from tracker.obligations.subjects import read_subjects
from tracker.obligations.wanted import Demand, Subjects, demands_by_code, judge, key_of
from tracker.regulations.models import Requirement
from tracker.regulations.rules import Standing

YES, NO, UNKNOWN = ANSWERS = ("yes", "no", "unknown")
CLOSED = Text("不适用，因为企业已关闭。", "It does not apply because the plant is closed.")


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a requirement binds a subject. ``lacks``: it does, but its date hangs on this."""

    verdict: Verdict
    kind: str
    lacks: Text | None = None
    is_closed: bool = False

    @property
    def code(self) -> str:
        if self.is_closed or not self.verdict.yes:
            return NO
        return UNKNOWN if self.lacks else YES

    @property
    def reason(self) -> Text:
        """The sentence that says why."""
        if self.is_closed:
            return CLOSED
        why = self.verdict.sentence(self.kind)
        if self.lacks is None:
            return why
        return Text(
            f"{why.zh}但期限取决于{self.lacks.zh}，该信息未知，暂无期限。",
            f"{why.en} Its date hangs on {self.lacks.en}, which is not known: there is no date "
            f"yet.",
        )


class Owed(NamedTuple):
    """What a subject owes or owed for a requirement."""

    pk: int
    period: str
    due_on: date
    state: str


@dataclass(slots=True)
class SubjectGroup:
    """A plant's subjects to which a requirement gives one verdict, with what they owe.

    ``reasons`` holds each reason once, with the names of those that it is true of.
    """

    code: str
    reasons: dict[Answer, list[Text]] = field(default_factory=dict)
    owed: list[Owed] = field(default_factory=list)

    @property
    def next(self) -> Owed | None:
        return next_of(self.owed)

    @property
    def names(self) -> list[Text]:
        return [name for names in self.reasons.values() for name in names]


@dataclass(frozen=True, slots=True)
class Binding:
    """A requirement, and what it says of a plant's subjects: what binds first."""

    requirement: Requirement
    is_standing: bool
    groups: list[SubjectGroup]

    @property
    def answers(self) -> set[str]:
        return {group.code for group in self.groups}


class SubjectRow(NamedTuple):
    """One subject of a requirement. ``name`` is empty where the whole plant is meant."""

    plant: Plant
    subject: Subject
    name: Text
    answer: Answer


def read_bindings(plant: Plant) -> list[Binding]:
    """Every requirement in force, in reading order, and what it says of the plant."""
    ((_plant, subjects),) = read_subjects([plant.pk])
    demands = _demands()
    by_code = demands_by_code(demands)
    owed = _read_owed(Obligation.objects.for_plant(plant).counting())
    return [
        Binding(
            demand.requirement,
            isinstance(demand.due, Standing),
            _groups(demand, subjects, by_code, owed),
        )
        for demand in demands
    ]


def read_subject_rows(requirement: Requirement, plants: PlantQuerySet) -> list[SubjectRow]:
    """Every subject of these plants that the requirement could bind, plants by name."""
    demand = Demand.of(requirement)
    by_code = demands_by_code(_demands() if demand.anchors else ())
    found = read_subjects(plants.order_by().values_list("pk", flat=True))
    found.sort(key=lambda pair: (pair[0].name_zh, pair[0].pk))
    return [
        SubjectRow(plant, subject, name_of(subject), _answer(demand, subject, subjects, by_code))
        for plant, subjects in found
        for subject in subjects[requirement.subject_kind]
    ]


def read_next_owed(
    requirement: Requirement, rows: Iterable[SubjectRow]
) -> list[tuple[SubjectRow, Owed | None]]:
    """The rows with what each subject owes next, or answered last."""
    rows = list(rows)
    plants = {row.plant.pk for row in rows}
    obligations = Obligation.objects.counting().filter(requirement=requirement, plant__in=plants)
    owed = _read_owed(obligations)
    return [(row, next_of(owed[_key(requirement, row.subject)])) for row in rows]


def next_of(owed: Iterable[Owed]) -> Owed | None:
    """What is still owed and due first; else what was due last."""
    by_date = sorted(owed, key=lambda each: each.due_on)
    still = [each for each in by_date if each.state in OWED]
    return still[0] if still else by_date[-1] if by_date else None


def name_of(subject: Subject) -> Text:
    """The line's or outlet's name; empty for a plant."""
    if subject.line is not None:
        return subject.line.name
    if subject.outlet is not None:
        return Text(str(subject.outlet), str(subject.outlet))
    return Text("", "")


def _demands() -> list[Demand]:
    in_force = Requirement.objects.in_force().in_reading_order()
    return [Demand.of(requirement) for requirement in in_force]


_SubjectKey = tuple[int, int, int | None, int | None]


def _key(requirement: Requirement, subject: Subject) -> _SubjectKey:
    return key_of(requirement.pk, subject, "")[:4]


def _read_owed(obligations: ObligationQuerySet) -> dict[_SubjectKey, list[Owed]]:
    """The obligations of each requirement and subject, in one query."""
    found: dict[_SubjectKey, list[Owed]] = defaultdict(list)
    fields = ("requirement_id", "plant_id", "line_id", "outlet_id")
    for values in obligations.values_list(*fields, "pk", "period", "due_on", "state"):
        found[values[:4]].append(Owed(*values[4:]))
    return found


def _groups(
    demand: Demand,
    subjects: Subjects,
    by_code: Mapping[str, Demand],
    owed: Mapping[_SubjectKey, list[Owed]],
) -> list[SubjectGroup]:
    groups = {code: SubjectGroup(code) for code in (YES, UNKNOWN, NO)}
    for subject in subjects[demand.requirement.subject_kind]:
        answer = _answer(demand, subject, subjects, by_code)
        group = groups[answer.code]
        group.reasons.setdefault(answer, []).append(name_of(subject))
        group.owed += owed.get(_key(demand.requirement, subject), ())
    return [group for group in groups.values() if group.reasons]


def _answer(
    demand: Demand, subject: Subject, subjects: Subjects, by_code: Mapping[str, Demand]
) -> Answer:
    judgement = judge(demand, subject, subjects, by_code)
    lacks = judgement.lacks
    return Answer(
        judgement.verdict,
        demand.requirement.subject_kind,
        fact_label(lacks, judgement.facts.names) if lacks else None,
        subject.plant.status == RunStatus.CLOSED,
    )
