"""The two rules of a requirement as data: whom it applies to, and when it is due.

Both are written in YAML as mappings of one key (docs/regulation-format.md) and kept as JSON. Here
they are read into typed values, and refused with a ``RuleFault`` that says where and what.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, cast

from tracker.regulations.facts import DATE_FACTS, FACTS, Value

Path = tuple[str | int, ...]
Every = Literal["month", "quarter", "half_year", "year"]
ANNEX_PARTS = ("organised", "fugitive", "clean_transport", "whole")
PERIODS_IN_YEAR: dict[str, int] = {"month": 12, "quarter": 4, "half_year": 2, "year": 1}
TESTS = ("at_least", "at_most", "before", "on_or_after", "known")


class RuleFault(ValueError):
    """What is wrong in a rule, and where; ``path`` starts at the rule itself."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(message)
        self.path = path
        self.message = message


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


@dataclass(frozen=True)
class Standing:
    """Holds all the time, as a limit does: nothing is handed in by a day."""


@dataclass(frozen=True)
class OnDay:
    day: date


@dataclass(frozen=True)
class ByZone:
    days: Mapping[str, date]


@dataclass(frozen=True)
class ByAnnex:
    """The plan's date for the plant and part; ``backstop`` while no annex is loaded."""

    part: str
    backstop: date


@dataclass(frozen=True)
class Recurring:
    """Each period's duty: ``days_after`` its last day, or ``month_day`` of this or next year."""

    every: Every
    days_after: int | None = None
    month_day: tuple[int, int] | None = None
    next_year: bool = False
    only: tuple[int, ...] = ()


@dataclass(frozen=True)
class Relative:
    """Days or months before (negative) or after a date fact."""

    fact: str
    days: int = 0
    months: int = 0


DueRule = Standing | OnDay | ByZone | ByAnnex | Recurring | Relative


@dataclass(frozen=True)
class _At:
    """A value and its place, for faults that name it."""

    value: object
    path: Path = field(default=())

    def key(self, key: str | int, value: object) -> "_At":
        return _At(value, (*self.path, key))

    def fault(self, message: str) -> RuleFault:
        return RuleFault(self.path, message)


def facts_asked(rule: AppliesRule | DueRule) -> frozenset[str]:
    """The names of all facts that a rule's answer can hang on."""
    match rule:
        case Ask() | Relative():
            return frozenset({rule.fact})
        case All() | Any():
            return frozenset().union(*(facts_asked(inner) for inner in rule.rules))
        case Not():
            return facts_asked(rule.rule)
        case ByZone():
            return frozenset({"plant.zone"})
        case ByAnnex():
            return frozenset({f"annex.{rule.part}"})
    return frozenset()


def read_applies(data: object, *, subject: str) -> AppliesRule:
    """Read an applies rule; refuse unknown facts, wrong types and facts the subject can't have."""
    return _applies(_At(data), subject)


def read_due(data: object, *, subject: str) -> DueRule:
    """Read a due rule; refuse unknown forms, impossible dates and unknown date facts."""
    at = _At(data)
    if data == "standing":
        return Standing()
    if not isinstance(data, Mapping):
        raise at.fault("must be 'standing' or a mapping such as {on: 2028-12-31}")
    mapping = _mapping(at)
    forms: dict[str, Callable[[_At, Mapping[str, object]], DueRule]] = {
        "on": _due_on,
        "zone": _due_by_zone,
        "annex": _due_by_annex,
        "every": _due_recurring,
        "before": _due_relative,
        "after": _due_relative,
    }
    found = [name for name in forms if name in mapping]
    if len(found) != 1:
        raise at.fault(f"must have exactly one of {', '.join(forms)}; got {_keys(mapping)}")
    rule = forms[found[0]](at, mapping)
    if isinstance(rule, Relative):
        _fact_for(at.key(found[0], rule.fact), rule.fact, subject)
    return rule


def _applies(at: _At, subject: str) -> AppliesRule:
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
        return All(rules) if name == "all" else Any(rules)
    if name == "not":
        return Not(_applies(here, subject))
    return _ask(here, str(name), subject)


def _ask(at: _At, fact: str, subject: str) -> Ask:
    _fact_for(at, fact, subject)
    if isinstance(at.value, Mapping):
        return _compared(at, fact)
    values = at.value if isinstance(at.value, list) else [at.value]
    if not values:
        raise at.fault("must name at least one value")
    return Ask(fact, "one_of", tuple(_value(at, fact, value) for value in values))


def _compared(at: _At, fact: str) -> Ask:
    mapping = _mapping(at)
    if len(mapping) != 1 or next(iter(mapping)) not in TESTS:
        raise at.fault(f"must be one test of {', '.join(TESTS)}; got {_keys(mapping)}")
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


def _fact_for(at: _At, fact: str, subject: str) -> None:
    if fact not in FACTS:
        raise at.fault(f"is no known fact; known are {', '.join(FACTS)}")
    if subject not in FACTS[fact].subjects:
        raise at.fault(f"can't be asked of a {subject}; {fact} belongs to a {fact.split('.')[0]}")


def _value(at: _At, fact: str, value: object) -> Value:
    """The value in the fact's type; JSON brings dates as text."""
    known = FACTS[fact]
    if known.kind is date:
        return _date(_At(value, at.path))
    right = isinstance(value, known.kind) and not (known.kind is int and isinstance(value, bool))
    if not right:
        raise at.fault(f"must be a {_kind_name(known.kind)}; got {value!r}")
    if known.choices and value not in known.choices:
        raise at.fault(f"must be one of {', '.join(known.choices)}; got {value!r}")
    return cast(Value, value)


def _due_on(at: _At, mapping: Mapping[str, object]) -> OnDay:
    _only(at, mapping, {"on"})
    return OnDay(_date(at.key("on", mapping["on"])))


def _due_by_zone(at: _At, mapping: Mapping[str, object]) -> ByZone:
    _only(at, mapping, {"zone"})
    zones = at.key("zone", mapping["zone"])
    days = {zone: _date(zones.key(zone, day)) for zone, day in _mapping(zones).items()}
    if "other" not in days:
        raise zones.fault("must have a date for 'other', so that no plant is left without one")
    return ByZone(days)


def _due_by_annex(at: _At, mapping: Mapping[str, object]) -> ByAnnex:
    _only(at, mapping, {"annex", "backstop"})
    part = mapping["annex"]
    if part not in ANNEX_PARTS:
        raise at.key("annex", part).fault(f"must be one of {', '.join(ANNEX_PARTS)}; got {part!r}")
    if "backstop" not in mapping:
        raise at.fault("must have a backstop: the date that stands while no annex is loaded")
    return ByAnnex(str(part), _date(at.key("backstop", mapping["backstop"])))


def _due_recurring(at: _At, mapping: Mapping[str, object]) -> Recurring:
    _only(at, mapping, {"every", "days_after", "due_on", "of", "only"})
    every = mapping["every"]
    if not isinstance(every, str) or every not in PERIODS_IN_YEAR:
        raise at.key("every", every).fault(
            f"must be one of {', '.join(PERIODS_IN_YEAR)}; got {every!r}"
        )
    if ("days_after" in mapping) == ("due_on" in mapping):
        raise at.fault("must have either days_after or due_on")
    only = _only_periods(at, mapping, str(every))
    if "days_after" in mapping:
        days = _count(at.key("days_after", mapping["days_after"]))
        return Recurring(cast(Every, every), days_after=days, only=only)
    if every != "year" or mapping.get("of") not in ("same_year", "next_year"):
        raise at.fault("due_on goes with every: year and of: same_year or next_year")
    month_day = _month_day(at.key("due_on", mapping["due_on"]))
    return Recurring("year", month_day=month_day, next_year=mapping["of"] == "next_year")


def _only_periods(at: _At, mapping: Mapping[str, object], every: str) -> tuple[int, ...]:
    numbers = mapping.get("only", [])
    here = at.key("only", numbers)
    last = PERIODS_IN_YEAR[every]
    if not isinstance(numbers, list) or not all(
        isinstance(n, int) and 1 <= n <= last for n in numbers
    ):
        raise here.fault(f"must be a list of numbers from 1 to {last}")
    return tuple(numbers)


def _due_relative(at: _At, mapping: Mapping[str, object]) -> Relative:
    word = "before" if "before" in mapping else "after"
    _only(at, mapping, {word, "days", "months"})
    fact = mapping[word]
    if fact not in DATE_FACTS:
        raise at.key(word, fact).fault(
            f"must be a fact that is a date: {', '.join(DATE_FACTS)}; got {fact!r}"
        )
    if ("days" in mapping) == ("months" in mapping):
        raise at.fault("must have either days or months")
    sign = -1 if word == "before" else 1
    unit = "days" if "days" in mapping else "months"
    count = sign * _count(at.key(unit, mapping[unit]))
    return Relative(str(fact), days=count) if unit == "days" else Relative(str(fact), months=count)


def _mapping(at: _At) -> Mapping[str, object]:
    if not isinstance(at.value, Mapping) or not at.value:
        raise at.fault("must be a mapping with at least one key")
    return {str(key): value for key, value in at.value.items()}


def _only(at: _At, mapping: Mapping[str, object], known: set[str]) -> None:
    for key, value in mapping.items():
        if key not in known:
            raise at.key(key, value).fault(
                f"is not known here; known are {', '.join(sorted(known))}"
            )


def _date(at: _At) -> date:
    if isinstance(at.value, date):
        return at.value
    try:
        return date.fromisoformat(str(at.value))
    except ValueError:
        raise at.fault(f"must be a date like 2028-12-31; got {at.value!r}") from None


def _month_day(at: _At) -> tuple[int, int]:
    try:
        day = date.fromisoformat(f"2027-{at.value}")
    except ValueError:
        raise at.fault(f'must be a month and day like "03-15"; got {at.value!r}') from None
    return day.month, day.day


def _count(at: _At) -> int:
    if not isinstance(at.value, int) or isinstance(at.value, bool) or at.value < 0:
        raise at.fault(f"must be a whole number from 0; got {at.value!r}")
    return at.value


def _keys(mapping: Mapping[str, object]) -> str:
    return ", ".join(mapping)


def _kind_name(kind: type) -> str:
    return {str: "text", int: "number", bool: "yes or no", date: "date"}[kind]
