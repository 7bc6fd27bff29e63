"""The two rules of a requirement as data: whom it applies to, and (due_rules.py) when it is due.

Both are written in YAML as mappings of one key (docs/regulation-format.md) and kept as JSON. Here
they are read into typed values, and refused with a ``RuleFault`` that says where and what.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from tracker.regulations.due_rules import (
    PERIODS_IN_YEAR,
    ByAnnex,
    ByAuthority,
    ByZone,
    DueRule,
    Earliest,
    OnDay,
    Recurring,
    Relative,
    Standing,
    read_due,
)
from tracker.regulations.facts import FACTS, Value
from tracker.regulations.written import Path, RuleFault, Written, refuse_unknown_fact

__all__ = [
    "PERIODS_IN_YEAR",
    "All",
    "Always",
    "Any",
    "AppliesRule",
    "Ask",
    "ByAnnex",
    "ByAuthority",
    "ByZone",
    "DueRule",
    "Earliest",
    "Not",
    "OnDay",
    "Path",
    "Recurring",
    "Relative",
    "RuleFault",
    "Standing",
    "applies_asks",
    "read_applies",
    "read_due",
]

TESTS = ("at_least", "at_most", "before", "on_or_after", "known")


@dataclass(frozen=True)
class Always:
    """Applies to every subject of the requirement's kind."""


@dataclass(frozen=True)
class All:
    rules: tuple["AppliesRule", ...]


@dataclass(frozen=True)
class Any:
    rules: tuple["AppliesRule", ...]


@dataclass(frozen=True)
class Not:
    rule: "AppliesRule"


@dataclass(frozen=True)
class Ask:
    """A test of one fact: ``test`` is ``one_of`` or one of TESTS, and compares to ``values``."""

    fact: str
    test: str
    values: tuple[Value, ...]


AppliesRule = Always | All | Any | Not | Ask


def applies_asks(rule: AppliesRule) -> frozenset[str]:
    """The names of all facts that the rule's answer can hang on."""
    match rule:
        case Ask():
            return frozenset({rule.fact})
        case All() | Any():
            return frozenset().union(*(applies_asks(inner) for inner in rule.rules))
        case Not():
            return applies_asks(rule.rule)
    return frozenset()


def read_applies(data: object, *, subject: str) -> AppliesRule:
    """Read an applies rule; refuse unknown facts, wrong types and facts the subject can't have."""
    return _applies(Written(data), subject)


def _applies(at: Written, subject: str) -> AppliesRule:
    if at.value == "always":
        return Always()
    if not isinstance(at.value, Mapping) or len(at.value) != 1:
        raise at.fault("must be 'always' or a mapping of one key: all, any, not or a fact")
    ((name, inner),) = at.value.items()
    here = at.key(str(name), inner)
    if name in ("all", "any"):
        if not isinstance(inner, list) or not inner:
            raise here.fault("must be a list of at least one rule")
        rules = tuple(_applies(here.key(i, rule), subject) for i, rule in enumerate(inner))
        if name == "any":
            return Any(rules)
        _refuse_contradiction(here, rules)
        return All(rules)
    if name == "not":
        return Not(_applies(here, subject))
    return _ask(here, str(name), subject)


def _refuse_contradiction(at: Written, rules: tuple[AppliesRule, ...]) -> None:
    """Two dates or two numbers of one fact between which nothing lies: a slip, binding nobody."""
    asks = [(i, rule) for i, rule in enumerate(rules) if isinstance(rule, Ask)]
    for i, ask in asks:
        for _, earlier in (pair for pair in asks if pair[0] < i):
            if ask.fact == earlier.fact and _exclude_each_other(ask, earlier):
                message = f"contradicts {earlier.test} {earlier.values[0]}: no {ask.fact} is both"
                raise at.key(i, None).key(ask.fact, None).key(ask.test, None).fault(message)


def _exclude_each_other(one: Ask, other: Ask) -> bool:
    bounds = {one.test: one.values[0], other.test: other.values[0]}
    match bounds:
        case {"before": date() as end, "on_or_after": date() as start}:
            return start >= end
        case {"at_most": int() as most, "at_least": int() as least}:
            return least > most
    return False


def _ask(at: Written, fact: str, subject: str) -> Ask:
    refuse_unknown_fact(at, fact, subject)
    if isinstance(at.value, Mapping):
        return _compared(at, fact)
    values = at.value if isinstance(at.value, list) else [at.value]
    if not values:
        raise at.fault("must name at least one value")
    return Ask(fact, "one_of", tuple(_value(at, fact, value) for value in values))


def _compared(at: Written, fact: str) -> Ask:
    mapping = at.mapping()
    if len(mapping) != 1 or next(iter(mapping)) not in TESTS:
        raise at.fault(f"must be one test of {', '.join(TESTS)}; got {', '.join(mapping)}")
    ((test, wanted),) = mapping.items()
    here = at.key(test, wanted)
    if test == "known":
        if not isinstance(wanted, bool):
            raise here.fault(f"must be true or false; got {wanted!r}")
        return Ask(fact, "known", (wanted,))
    kind = int if test in ("at_least", "at_most") else date
    if FACTS[fact].kind is not kind:
        raise here.fault(
            f"goes with a {_kind_name(kind)}; {fact} is a {_kind_name(FACTS[fact].kind)}"
        )
    return Ask(fact, test, (_value(here, fact, wanted),))


def _value(at: Written, fact: str, value: object) -> Value:
    """The value in the fact's type; JSON brings dates as text."""
    known = FACTS[fact]
    if known.kind is date:
        return Written(value, at.path).day()
    right = isinstance(value, known.kind) and not (known.kind is int and isinstance(value, bool))
    if not right:
        raise at.fault(f"must be a {_kind_name(known.kind)}; got {value!r}")
    if known.choices and value not in known.choices:
        raise at.fault(f"must be one of {', '.join(known.choices)}; got {value!r}")
    return cast(Value, value)


def _kind_name(kind: type) -> str:
    return {str: "text", int: "number", bool: "yes or no", date: "date"}[kind]
