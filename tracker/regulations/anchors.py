"""Requirements that count from the date of another: whether it has one, and no circle. Pure.

Looked at across all files of a load and what the database holds already.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from plants.seedfile import Fault, Path
from plants.seedshape import Entry, unknown
from tracker.regulations.due_rules import anchors_of
from tracker.regulations.rules import DueRule, Recurring, RuleFault, Standing, read_due
from tracker.regulations.shape import RequirementShape

Entries = Sequence[Entry[RequirementShape]]


@dataclass(frozen=True)
class DatedRule:
    """A requirement's kind of subject and its due rule."""

    subject: str
    due: DueRule

    @property
    def anchors(self) -> dict[str, Path]:
        """The requirements whose dates it hangs on, each with its place in the rule."""
        return {code: path for path, code in anchors_of(self.due)}


def read_dated(subject: str, due: object) -> DatedRule | None:
    """The rule, or nothing if it cannot be read: that is told elsewhere."""
    try:
        return DatedRule(subject, read_due(due, subject=subject))
    except RuleFault:
        return None


def anchor_faults(
    requirements: Entries, known: Mapping[str, DatedRule], *, whole: bool
) -> list[Fault]:
    """What is wrong with the requirements that each counts from (unknown only if `whole`)."""
    rules = {**known, **dict(_readable(requirements))}
    # A rule that cannot be read is a fault of its own, not an unknown requirement.
    codes = frozenset(rules) | {entry.shape.code for entry in requirements}
    faults = []
    for entry in requirements:
        rule = rules.get(entry.shape.code)
        for code, path in rule.anchors.items() if rule else ():
            message = _wrong(entry.shape, code, rules, codes, whole=whole)
            if message:
                place = (*entry.path, "due", *path)
                faults.append(entry.seed.fault(place, message))
    return faults


def _readable(requirements: Entries) -> Iterator[tuple[str, DatedRule]]:
    for entry in requirements:
        rule = read_dated(entry.shape.subject, entry.shape.due)
        if rule is not None:
            yield entry.shape.code, rule


def _wrong(
    shape: RequirementShape,
    code: str,
    rules: Mapping[str, DatedRule],
    codes: frozenset[str],
    *,
    whole: bool,
) -> str:
    """What is wrong with counting from the requirement of this code; nothing if all is well."""
    circle = _circle(shape.code, code, rules)
    if circle:
        return f"goes round in a circle: {' → '.join(circle)}"
    other = rules.get(code)
    if other is None:
        return unknown("requirement", code, codes) if whole and code not in codes else ""
    if isinstance(other.due, Standing | Recurring):
        return f"'{code}' has no single date to count from: it is standing or comes again"
    if other.subject not in ("plant", shape.subject):
        own = "" if shape.subject == "plant" else f" or each {shape.subject}"
        return f"'{code}' is asked of each {other.subject}, not of the plant{own}"
    return ""


def _circle(start: str, code: str, rules: Mapping[str, DatedRule]) -> list[str]:
    """The way from the requirement by this one back to itself; empty if there is none."""
    ways = [[start, code]]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        if way[-1] == start:
            return way
        if way[-1] in seen or way[-1] not in rules:
            continue
        seen.add(way[-1])
        ways += [[*way, after] for after in rules[way[-1]].anchors]
    return []
