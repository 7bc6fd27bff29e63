"""The obligations that the rules in force want of a subject. Pure: rows come in already read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from plants.text import Text
from tracker.obligations.applies import applies
from tracker.obligations.due import Span, due_dates, missing_fact
from tracker.obligations.facts import Subject
from tracker.obligations.wording import date_text
from tracker.regulations.models import Requirement
from tracker.regulations.rules import AppliesRule, DueRule, facts_asked, read_applies, read_due

Key = tuple[int, int, int | None, int | None, str]
"""Requirement, plant, line, outlet (ids) and period."""


class Dated(NamedTuple):
    """The columns that a rule decides, as they stand in an obligation's row."""

    due_on: date
    due_basis_zh: str
    due_basis_en: str
    applies_basis_zh: str
    applies_basis_en: str


Answer = tuple[tuple[str, Dated], ...] | str
"""The dates that a demand gives by period, or the name of the fact that one hangs on."""


@dataclass(frozen=True)
class Demand:
    """A requirement with its rules read and its source in words.

    ``asks`` names every fact that the rules look at: subjects that are alike in these have the
    same answer, which is worked out once (``answers``).
    """

    requirement: Requirement
    applies: AppliesRule
    due: DueRule
    source: Text
    asks: tuple[str, ...]
    answers: dict[tuple[object, ...], Answer] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, requirement: Requirement) -> "Demand":
        kind = requirement.subject_kind
        applies_rule = read_applies(requirement.applies, subject=kind)
        due_rule = read_due(requirement.due, subject=kind)
        asks = sorted(facts_asked(applies_rule) | facts_asked(due_rule))
        return cls(requirement, applies_rule, due_rule, source_of(requirement), tuple(asks))

    def answer(self, subject: Subject, until: date) -> Answer:
        """What this demand wants of the subject, with duties that are due by ``until``."""
        values = subject.facts.values
        first = max(subject.plant.tracked_from_on, self.requirement.effective_from)
        alike = (first, until, *(values.get(name) for name in self.asks))
        known = self.answers.get(alike)
        if known is None:
            known = self.answers[alike] = self._work_out(subject, first, until)
        return known

    def _work_out(self, subject: Subject, first: date, until: date) -> Answer:
        verdict = applies(self.applies, subject.facts)
        if not verdict.yes:
            return ()
        lacking = missing_fact(self.due, subject.facts)
        if lacking is not None:
            return lacking
        last = min(until, self.requirement.effective_to or until)
        why = verdict.sentence(self.requirement.subject_kind)
        return tuple(
            (due.period, Dated(due.on, due.basis.zh, due.basis.en, why.zh, why.en))
            for due in due_dates(self.due, subject.facts, Span(first, last, until), self.source)
        )


@dataclass(frozen=True)
class Extension:
    """A later day that was granted for one obligation, by which authority, when and why."""

    new_due_on: date
    authority: Text
    granted_on: date
    reason: str

    def over(self, dated: Dated) -> Dated:
        """With the later day; the rule's own day and reason stay in the sentence."""
        if self.new_due_on <= dated.due_on:
            return dated
        new, granted = date_text(self.new_due_on), date_text(self.granted_on)
        return dated._replace(
            due_on=self.new_due_on,
            due_basis_zh=f"{dated.due_basis_zh}经{self.authority.zh}于{granted.zh}批准，"
            f"延期至{new.zh}，理由：{self.reason}",
            due_basis_en=f"{dated.due_basis_en} {self.authority.en} extended it to {new.en} on "
            f"{granted.en}; the reason given: {self.reason}",
        )


class Wanted(NamedTuple):
    """One obligation as it should be."""

    key: Key
    dated: Dated

    @property
    def due_on(self) -> date:
        return self.dated.due_on


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
        requirement_id = demand.requirement.pk
        for subject in subjects[demand.requirement.subject_kind]:
            answer = demand.answer(subject, until)
            if isinstance(answer, str):
                yield Lack(demand, subject, answer)
                continue
            for period, dated in answer:
                yield Wanted(key_of(requirement_id, subject, period), dated)


def key_of(requirement_id: int, subject: Subject, period: str) -> Key:
    line_id = subject.line.pk if subject.line else None
    outlet_id = subject.outlet.pk if subject.outlet else None
    return (requirement_id, subject.plant.pk, line_id, outlet_id, period)
