"""The obligations that the rules in force want of a subject. Pure: rows come in already read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from plants.text import Text
from tracker.obligations.applies import applies
from tracker.obligations.due import Span, due_dates, missing_fact
from tracker.obligations.facts import Subject
from tracker.obligations.wording import date_text
from tracker.regulations.models import Requirement
from tracker.regulations.rules import AppliesRule, DueRule, read_applies, read_due

Key = tuple[int, int, int | None, int | None, str]
"""Requirement, plant, line, outlet (ids) and period."""


@dataclass(frozen=True)
class Demand:
    """A requirement with its rules read and its source in words."""

    requirement: Requirement
    applies: AppliesRule
    due: DueRule
    source: Text

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


def wanted(
    demands: Iterable[Demand], subjects: dict[str, list[Subject]], *, until: date
) -> Iterator[Wanted | Lack]:
    """What the demands want of these subjects, with duties that are due by ``until``."""
    for demand in demands:
        for subject in subjects[demand.requirement.subject_kind]:
            yield from _wanted_of(demand, subject, until)


def _wanted_of(demand: Demand, subject: Subject, until: date) -> Iterator[Wanted | Lack]:
    requirement = demand.requirement
    verdict = applies(demand.applies, subject.facts)
    if not verdict.yes:
        return
    fact = missing_fact(demand.due, subject.facts)
    if fact is not None:
        yield Lack(demand, subject, fact)
        return
    first = max(subject.plant.tracked_from_on, requirement.effective_from)
    span = Span(first, min(until, requirement.effective_to or until), until)
    why = verdict.sentence(requirement.subject_kind)
    for due in due_dates(demand.due, subject.facts, span, demand.source):
        yield Wanted(key_of(requirement.pk, subject, due.period), due.on, due.basis, why)


def key_of(requirement_id: int, subject: Subject, period: str) -> Key:
    line_id = subject.line.pk if subject.line else None
    outlet_id = subject.outlet.pk if subject.outlet else None
    return (requirement_id, subject.plant.pk, line_id, outlet_id, period)
