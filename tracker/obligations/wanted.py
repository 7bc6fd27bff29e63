"""The obligations that the rules in force want of a subject. Pure: rows come in already read."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from plants.text import Text
from tracker.obligations.applies import Verdict, applies
from tracker.obligations.due import Span, due_dates, missing_fact
from tracker.obligations.facts import Facts, Subject
from tracker.obligations.wording import date_text
from tracker.regulations.due_rules import anchors_of, due_asks, due_fact
from tracker.regulations.facts import FACTS, Value
from tracker.regulations.models import Requirement
from tracker.regulations.rules import AppliesRule, DueRule, applies_asks, read_applies, read_due

Subjects = Mapping[str, list[Subject]]
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

    ``anchors`` are the codes of the requirements that its date hangs on, ``asks`` names everything
    else that the rules look at: subjects that are alike in these have the same answer, which is
    worked out once and kept in ``answers``.
    """

    requirement: Requirement
    applies: AppliesRule
    due: DueRule
    source: Text
    anchors: tuple[str, ...]
    asks: tuple[str, ...]
    recurs: bool
    answers: dict[tuple[object, ...], Answer] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, requirement: Requirement) -> "Demand":
        kind = requirement.subject_kind
        applies_rule = read_applies(requirement.applies, subject=kind)
        due_rule = read_due(requirement.due, subject=kind)
        return cls(
            requirement,
            applies_rule,
            due_rule,
            source_of(requirement),
            tuple(code for _path, code in anchors_of(due_rule)),
            tuple(sorted(applies_asks(applies_rule) | due_asks(due_rule))),
            any(name in FACTS and FACTS[name].recurs for name in due_asks(due_rule)),
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


def not_before(dated: Dated, reopened_on: date) -> Dated:
    """Not due before its evidence ran out; the rule's own day and reason stay in the sentence."""
    if reopened_on <= dated.due_on:
        return dated
    ran_out = date_text(reopened_on)
    return dated._replace(
        due_on=reopened_on,
        due_basis_zh=f"{dated.due_basis_zh}已认可的证明材料有效期至{ran_out.zh}，须重新提供。",
        due_basis_en=f"{dated.due_basis_en} The evidence that was accepted held until "
        f"{ran_out.en}; new evidence is due.",
    )


class Wanted(NamedTuple):
    """One obligation as it should be; ``recurs`` if its date hangs on a day that comes again."""

    key: Key
    dated: Dated
    recurs: bool = False

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


@dataclass(frozen=True)
class Judgement:
    """Whether a demand binds a subject and why; ``lacks`` is the fact that its date hangs on."""

    verdict: Verdict
    facts: Facts
    lacks: str | None


def wanted(
    demands: Iterable[Demand],
    subjects: Subjects,
    *,
    until: date,
    among: Mapping[str, Demand] | None = None,
) -> Iterator[Wanted | Lack]:
    """What the demands want of these subjects, with duties that are due by ``until``.

    ``among`` are all demands by code, where these are only some: a date may hang on another's.
    """
    demands = list(demands)
    by_code = demands_by_code(demands) if among is None else among
    for demand in demands:
        requirement_id = demand.requirement.pk
        for subject in subjects[demand.requirement.subject_kind]:
            answer = _answer(demand, subject, subjects, by_code, until)
            if isinstance(answer, str):
                yield Lack(demand, subject, answer)
                continue
            for period, dated in answer:
                yield Wanted(key_of(requirement_id, subject, period), dated, demand.recurs)


def with_dependents(ids: Collection[int], demands: Iterable[Demand]) -> list[Demand]:
    """The demands of these requirements, and all whose dates hang on theirs, in their order."""
    everything = list(demands)
    chosen = {d.requirement.code for d in everything if d.requirement.pk in ids}
    while (
        more := {d.requirement.code for d in everything if chosen.intersection(d.anchors)} - chosen
    ):
        chosen |= more
    return [d for d in everything if d.requirement.code in chosen]


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


def _answer(
    demand: Demand,
    subject: Subject,
    subjects: Subjects,
    by_code: Mapping[str, Demand],
    until: date,
) -> Answer:
    """The demand's answer for the subject, from another that is alike where there was one."""
    first = _first_day(demand, subject)
    if demand.anchors:
        # It hangs on the dates of other demands, too, and so on what those look at.
        return _work_out(demand, judge(demand, subject, subjects, by_code), first, until)
    facts = subject.facts
    alike = (first, until, *(facts.look_up(name) for name in demand.asks))
    known = demand.answers.get(alike)
    if known is None:
        judgement = judge(demand, subject, subjects, by_code)
        known = demand.answers[alike] = _work_out(demand, judgement, first, until)
    return known


def _first_day(demand: Demand, subject: Subject) -> date:
    """From when on it can bind: not before the line runs, nor before what it asks for holds."""
    begins = (
        subject.facts.hold_from(demand.asks),
        subject.line.commissioned_on if subject.line else None,
    )
    known = [day for day in begins if day is not None]
    return max(subject.plant.tracked_from_on, demand.requirement.effective_from, *known)


def _work_out(demand: Demand, judgement: Judgement, first: date, until: date) -> Answer:
    requirement, verdict = demand.requirement, judgement.verdict
    if not verdict.yes:
        return ()
    if judgement.lacks is not None:
        return judgement.lacks
    span = Span(first, min(until, requirement.effective_to or until), until)
    why = verdict.sentence(requirement.subject_kind)
    return tuple(
        (due.period, Dated(due.on, due.basis.zh, due.basis.en, why.zh, why.en))
        for due in due_dates(demand.due, judgement.facts, span, demand.source)
    )


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
