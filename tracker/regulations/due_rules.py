"""The due rule of a requirement as data: by when its answer must be handed in.

Written in YAML as a mapping (docs/regulation-format.md), kept as JSON, read here into typed values.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from tracker.regulations.facts import DATE_FACTS
from tracker.regulations.written import (
    Path,
    Written,
    refuse_unknown_fact,
    refuse_unknown_keys,
)

Every = Literal["month", "quarter", "half_year", "year"]
ANNEX_PARTS = ("organised", "fugitive", "clean_transport", "whole")
PERIODS_IN_YEAR: dict[str, int] = {"month": 12, "quarter": 4, "half_year": 2, "year": 1}
AFTER_A_PERIOD = ("days_after", "working_days_after", "working_day", "due_on")
DISTANCES = ("days", "months", "working_days")
# No month of the statutory calendar has fewer working days.
MOST_WORKING_DAY = 15


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
class ByAuthority:
    """The date of the nearest authority over the plant that is named, or of ``other``."""

    days: Mapping[str, date]


@dataclass(frozen=True)
class ByAnnex:
    """The plan's date for the plant and part; ``backstop`` while no annex is loaded."""

    part: str
    backstop: date


@dataclass(frozen=True)
class Recurring:
    """Each period's duty, by a day that is told in one of four ways.

    ``days_after`` or ``working_days_after`` its last day, on the ``working_day``-th working day
    after it, or on ``month_day`` of this or next year. With ``permit``, the date of the plant's
    permit for such a period wins.
    """

    every: Every
    days_after: int | None = None
    month_day: tuple[int, int] | None = None
    next_year: bool = False
    only: tuple[int, ...] = ()
    working_days_after: int | None = None
    working_day: int | None = None
    permit: bool = False


@dataclass(frozen=True)
class Relative:
    """Days, months or working days before (negative) or after a date.

    The date is a fact, or what another requirement is due on: then ``fact`` is ``due:`` and its
    code. ``backstop`` stands while that date is not known.
    """

    fact: str
    days: int = 0
    months: int = 0
    working_days: int = 0
    backstop: date | None = None

    @property
    def requirement(self) -> str:
        """The code of the requirement that it hangs on, if it hangs on one."""
        prefix, _, code = self.fact.partition(":")
        return code if prefix == DUE else ""


@dataclass(frozen=True)
class Earliest:
    """Of several dates the earliest that is known."""

    rules: tuple["OneDate", ...]


DUE = "due"
OFFICES = "offices"
REPORT = "report:"
OneDate = OnDay | ByZone | ByAuthority | ByAnnex | Relative
DueRule = Standing | OneDate | Recurring | Earliest


def due_fact(code: str) -> str:
    """The name under which the date of another requirement is known."""
    return f"{DUE}:{code}"


def dates_of(rule: DueRule) -> Iterator[tuple[Path, DueRule]]:
    """The rule, or the several that it is made of, each with its place."""
    if isinstance(rule, Earliest):
        for i, inner in enumerate(rule.rules):
            yield ("earliest", i), inner
    else:
        yield (), rule


def anchors_of(rule: DueRule) -> Iterator[tuple[Path, str]]:
    """The codes of the requirements whose dates it hangs on, each with its place."""
    for path, inner in dates_of(rule):
        if isinstance(inner, Relative) and inner.requirement:
            is_before = (inner.days or inner.months or inner.working_days) < 0
            yield (*path, "before" if is_before else "after"), inner.requirement


def due_asks(rule: DueRule) -> frozenset[str]:
    """The names of all facts that the rule's dates can hang on; other requirements left out.

    ``OFFICES`` stands for the authorities over the plant, and ``report:quarter`` for the date that
    the plant's permit gives such a report.
    """
    match rule:
        case ByZone():
            return frozenset({"plant.zone"})
        case ByAuthority():
            return frozenset({OFFICES})
        case ByAnnex():
            return frozenset({f"annex.{rule.part}", "annex.whole"})
        case Relative():
            return frozenset({rule.fact})
        case Recurring():
            return frozenset({f"{REPORT}{rule.every}"} if rule.permit else ())
        case Earliest():
            return frozenset().union(*(due_asks(inner) for inner in rule.rules))
    return frozenset()


def read_due(data: object, *, subject: str) -> DueRule:
    """Read a due rule; refuse unknown forms, impossible dates and unknown date facts."""
    if data == "standing":
        return Standing()
    at = Written(data)
    if not isinstance(data, Mapping):
        raise at.fault("must be 'standing' or a mapping such as {on: 2028-12-31}")
    return _read(at, subject, _FORMS)


def _read(at: Written, subject: str, forms: Mapping[str, "_Reader"]) -> DueRule:
    mapping = at.mapping()
    found = [name for name in forms if name in mapping]
    if len(found) != 1:
        got = ", ".join(mapping)
        raise at.fault(f"must have exactly one of {', '.join(forms)}; got {got}")
    return forms[found[0]](at, mapping, subject)


def _on(at: Written, mapping: Mapping[str, object], subject: str) -> OnDay:
    refuse_unknown_keys(at, mapping, {"on"})
    return OnDay(at.key("on", mapping["on"]).day())


def _by_zone(at: Written, mapping: Mapping[str, object], subject: str) -> ByZone:
    return ByZone(_days(at, mapping, "zone"))


def _by_authority(at: Written, mapping: Mapping[str, object], subject: str) -> ByAuthority:
    return ByAuthority(_days(at, mapping, "authority"))


def _days(at: Written, mapping: Mapping[str, object], form: str) -> dict[str, date]:
    refuse_unknown_keys(at, mapping, {form})
    inner = at.key(form, mapping[form])
    days = {code: inner.key(code, day).day() for code, day in inner.mapping().items()}
    if "other" not in days:
        raise inner.fault("must have a date for 'other', so that no plant is left without one")
    return days


def _by_annex(at: Written, mapping: Mapping[str, object], subject: str) -> ByAnnex:
    refuse_unknown_keys(at, mapping, {"annex", "backstop"})
    part = mapping["annex"]
    if part not in ANNEX_PARTS:
        raise at.key("annex", part).fault(f"must be one of {', '.join(ANNEX_PARTS)}; got {part!r}")
    if "backstop" not in mapping:
        raise at.fault("must have a backstop: the date that stands while no annex is loaded")
    return ByAnnex(str(part), at.key("backstop", mapping["backstop"]).day())


def _recurring(at: Written, mapping: Mapping[str, object], subject: str) -> Recurring:
    refuse_unknown_keys(at, mapping, {"every", "of", "only", "permit", *AFTER_A_PERIOD})
    every = mapping["every"]
    if not isinstance(every, str) or every not in PERIODS_IN_YEAR:
        message = f"must be one of {', '.join(PERIODS_IN_YEAR)}; got {every!r}"
        raise at.key("every", every).fault(message)
    told = [form for form in AFTER_A_PERIOD if form in mapping]
    if len(told) != 1:
        raise at.fault(f"must have exactly one of {', '.join(AFTER_A_PERIOD)}")
    only = _only_periods(at, mapping, every)
    permit = _by_permit(at, mapping)
    here = at.key(told[0], mapping[told[0]])
    period = cast(Every, every)
    match told[0]:
        case "days_after":
            return Recurring(period, days_after=here.count(), only=only, permit=permit)
        case "working_days_after":
            count = here.count(1)
            return Recurring(period, working_days_after=count, only=only, permit=permit)
        case "working_day":
            count = here.count(1)
            if count > MOST_WORKING_DAY:
                raise here.fault(f"must be at most {MOST_WORKING_DAY}; got {count}")
            return Recurring(period, working_day=count, only=only, permit=permit)
    if every != "year" or mapping.get("of") not in ("same_year", "next_year"):
        raise at.fault("due_on goes with every: year and of: same_year or next_year")
    next_year = mapping["of"] == "next_year"
    return Recurring("year", month_day=here.month_day(), next_year=next_year, permit=permit)


def _by_permit(at: Written, mapping: Mapping[str, object]) -> bool:
    if "permit" not in mapping:
        return False
    if mapping["permit"] != "report":
        got = mapping["permit"]
        message = f"must be 'report': the permit's date of its report wins; got {got!r}"
        raise at.key("permit", got).fault(message)
    return True


def _only_periods(at: Written, mapping: Mapping[str, object], every: str) -> tuple[int, ...]:
    numbers = mapping.get("only", [])
    here = at.key("only", numbers)
    last = PERIODS_IN_YEAR[every]
    if not isinstance(numbers, list) or not all(
        isinstance(n, int) and 1 <= n <= last for n in numbers
    ):
        raise here.fault(f"must be a list of numbers from 1 to {last}")
    return tuple(numbers)


def _relative(at: Written, mapping: Mapping[str, object], subject: str) -> Relative:
    word = "before" if "before" in mapping else "after"
    refuse_unknown_keys(at, mapping, {word, "backstop", *DISTANCES})
    anchor = _anchor(at.key(word, mapping[word]), subject)
    told = [unit for unit in DISTANCES if unit in mapping]
    if len(told) != 1:
        raise at.fault(f"must have exactly one of {', '.join(DISTANCES)}")
    unit = told[0]
    count = at.key(unit, mapping[unit]).count(1 if unit == "working_days" else 0)
    backstop = at.key("backstop", mapping["backstop"]).day() if "backstop" in mapping else None
    distance = {unit: -count if word == "before" else count}
    return Relative(anchor, **distance, backstop=backstop)


def _anchor(at: Written, subject: str) -> str:
    """The name of the date: a fact's (with a dot), or that of another requirement's date."""
    if isinstance(at.value, str) and at.value and "." not in at.value and ":" not in at.value:
        return due_fact(at.value)
    if at.value not in DATE_FACTS:
        raise at.fault(
            "must be the code of another requirement or a fact that is a date: "
            f"{', '.join(DATE_FACTS)}; got {at.value!r}"
        )
    refuse_unknown_fact(at, str(at.value), subject)
    return str(at.value)


def _earliest(at: Written, mapping: Mapping[str, object], subject: str) -> Earliest:
    refuse_unknown_keys(at, mapping, {"earliest"})
    here = at.key("earliest", mapping["earliest"])
    if not isinstance(here.value, list) or len(here.value) < 2:
        raise here.fault("must be a list of at least two rules that give one date each")
    rules = [_read(here.key(i, rule), subject, _ONE_DATE) for i, rule in enumerate(here.value)]
    return Earliest(tuple(cast(list[OneDate], rules)))


_Reader = Callable[[Written, Mapping[str, object], str], DueRule]
_ONE_DATE: dict[str, _Reader] = {
    "on": _on,
    "zone": _by_zone,
    "authority": _by_authority,
    "annex": _by_annex,
    "before": _relative,
    "after": _relative,
}
_FORMS: dict[str, _Reader] = {**_ONE_DATE, "every": _recurring, "earliest": _earliest}
