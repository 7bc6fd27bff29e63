"""The obligations that the rules in force want of a subject. Pure: rows come in already read."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from plants.text import Text
from tracker.obligations.applies import Verdict, applies
from tracker.obligations.due import Span, due_dates, missing_fact
from tracker.obligations.facts import Facts, Subject
from tracker.obligations.wording import date_text
from tracker.regulations.due_rules import anchors_of, due_fact
from tracker.regulations.facts import Value
from tracker.regulations.models import Requirement
from tracker.regulations.rules import AppliesRule, DueRule, read_applies, read_due

Subjects = Mapping[str, list[Subject]]
Key = tuple[int, int, int | None, int | None, str]
"""Requirement, plant, line, outlet (ids) and period."""


@dataclass(frozen=True)
class Demand:
    """A requirement with its rules read and its source in words."""

    requirement: Requirement
    applies: AppliesRule
    due: DueRule
    source: Text

    @cached_property
    def anchors(self) -> tuple[str, ...]:
        """The codes of the requirements that its date hangs on."""
        return tuple(code for _path, code in anchors_of(self.due))

    @classmethod
    def of(cls, requirement: Requirement) -> "Demand":
        kind = requirement.subject_kind
        return cls(
            requirement,
            read_applies(requirement.applies, subject=kind),
            read_due(requirement.due, subject=kind),
            source_of(requirement),
        )


@dataclass(frozen=True)
class Extension:
    """A later day that was granted for one obligation, by which authority, when and why."""

    new_due_on: date
    authority: Text
    granted_on: date
    reason: str


@dataclass(frozen=True)
class Wanted:
    """One obligation as it should be."""

    key: Key
    due_on: date
    due_basis: Text
    applies_basis: Text

    def extended(self, extension: Extension | None) -> "Wanted":
        """With the later day; the rule's own day and reason stay in the sentence."""
        if extension is None or extension.new_due_on <= self.due_on:
            return self
        new, granted = date_text(extension.new_due_on), date_text(extension.granted_on)
        basis = Text(
            f"{self.due_basis.zh}经{extension.authority.zh}于{granted.zh}批准，"
            f"延期至{new.zh}，理由：{extension.reason}",
            f"{self.due_basis.en} {extension.authority.en} extended it to {new.en} on "
            f"{granted.en}; the reason given: {extension.reason}",
        )
        return replace(self, due_on=extension.new_due_on, due_basis=basis)


@dataclass(frozen=True)
class Lack:
    """A subject that a demand binds, but whose date hangs on a fact that is not known."""

    demand: Demand
    subject: Subject
    fact: str


def source_of(requirement: Requirement) -> Text:
    """The document and clause, as the reasons name them."""
    document = requirement.document
    number = f"（{document.number}）" if document.number else ""
    clause = requirement.clause
    title = f"《{document.title_zh}》" if document.title_is_name else document.title_zh
    return Text(
        f"{title}{number}{clause}",
        f"{document.number or document.title_en}{', ' + clause if clause else ''}",
    )


@dataclass(frozen=True)
class Judgement:
    """Whether a demand binds a subject and why; ``lacks`` is the fact that its date hangs on."""

    verdict: Verdict
    facts: Facts
    lacks: str | None


def wanted(
    demands: Iterable[Demand], subjects: Subjects, *, until: date
) -> Iterator[Wanted | Lack]:
    """What the demands want of these subjects, with duties that are due by ``until``."""
    demands = list(demands)
    by_code = demands_by_code(demands)
    for demand in demands:
        for subject in subjects[demand.requirement.subject_kind]:
            judgement = judge(demand, subject, subjects, by_code)
            yield from _wanted_of(demand, subject, judgement, until)


def demands_by_code(demands: Iterable[Demand]) -> dict[str, Demand]:
    return {demand.requirement.code: demand for demand in demands}


def judge(
    demand: Demand, subject: Subject, subjects: Subjects, by_code: Mapping[str, Demand]
) -> Judgement:
    """Whether the demand binds the subject, and what is not known of its date."""
    verdict, facts = applies(demand.applies, subject.facts), subject.facts
    if not verdict.yes:
        return Judgement(verdict, facts, None)
    if demand.anchors:
        facts = _with_dates(demand, subject, subjects, by_code, frozenset())
    return Judgement(verdict, facts, missing_fact(demand.due, facts))


def _wanted_of(
    demand: Demand, subject: Subject, judgement: Judgement, until: date
) -> Iterator[Wanted | Lack]:
    requirement, verdict = demand.requirement, judgement.verdict
    if not verdict.yes:
        return
    if judgement.lacks is not None:
        yield Lack(demand, subject, judgement.lacks)
        return
    first = max(subject.plant.tracked_from_on, requirement.effective_from)
    span = Span(first, min(until, requirement.effective_to or until), until)
    why = verdict.sentence(requirement.subject_kind)
    for due in due_dates(demand.due, judgement.facts, span, demand.source):
        yield Wanted(key_of(requirement.pk, subject, due.period), due.on, due.basis, why)


def _with_dates(
    demand: Demand,
    subject: Subject,
    subjects: Subjects,
    by_code: Mapping[str, Demand],
    on_the_way: frozenset[str],
) -> Facts:
    """The subject's facts with the dates of the requirements that the demand counts from.

    An extension of one of them moves nothing here: the rule's own day counts. A circle, which no
    file may bring, gives no date.
    """
    on_the_way |= {demand.requirement.code}
    values: dict[str, Value | None] = {}
    names = dict(subject.facts.names)
    for code in demand.anchors:
        other = by_code.get(code)
        if other is None:
            continue
        names[due_fact(code)] = other.requirement.title
        if code not in on_the_way:
            values[due_fact(code)] = _date_of(other, subject, subjects, by_code, on_the_way)
    return replace(subject.facts | values, names=names)


def _date_of(
    other: Demand,
    subject: Subject,
    subjects: Subjects,
    by_code: Mapping[str, Demand],
    on_the_way: frozenset[str],
) -> date | None:
    """The one date of another demand for the same subject, or for its plant."""
    kind = other.requirement.subject_kind
    if kind != subject.kind:
        if kind != "plant":
            return None
        (subject,) = subjects["plant"]
    if not applies(other.applies, subject.facts).yes:
        return None
    facts = _with_dates(other, subject, subjects, by_code, on_the_way)
    day = other.requirement.effective_from
    dues = due_dates(other.due, facts, Span(day, day, day), other.source)
    return dues[0].on if dues and not dues[0].period else None


def key_of(requirement_id: int, subject: Subject, period: str) -> Key:
    line_id = subject.line.pk if subject.line else None
    outlet_id = subject.outlet.pk if subject.outlet else None
    return (requirement_id, subject.plant.pk, line_id, outlet_id, period)
