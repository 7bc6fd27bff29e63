"""Which limit a pollutant has at an outlet on a day: the strictest in force, by name.

A requirement that is about outlets says by its rule which. One that is about the plant binds every
outlet that its own document has no requirement for; its limits with a reference oxygen are those of
the kilns, which alone have one in such texts, so that they bind no other outlet.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from plants.models import OutletSource, Part
from plants.verification import Verification
from plants.windows import DAY
from tracker.obligations.applies import applies
from tracker.obligations.facts import Facts
from tracker.regulations.models import Comparison, DocumentKind, Limit, Requirement, SubjectKind
from tracker.regulations.rules import AppliesRule, applies_asks, read_applies
from tracker.rounds.samples.convert import OXYGEN_OF_AIR

CONCENTRATION = "mg/m3"
SHARE_OF_HOURS = "share of hours"
# Their gas comes from a fire, so that a limit without a reference oxygen is one that nobody knows.
BURN = frozenset({OutletSource.KILN_TAIL.value, OutletSource.DRYER.value})
_SURE = [Verification.VERIFIED, Verification.SECONDARY, Verification.TO_VERIFY]
_OF_ULTRA_LOW = frozenset({DocumentKind.OPINION.value, DocumentKind.PLAN.value})


@dataclass(frozen=True)
class Demand:
    """A requirement about organised emissions with its rule and its limits."""

    requirement: Requirement
    rule: AppliesRule
    limits: tuple[Limit, ...]

    @property
    def names_outlets(self) -> bool:
        is_about_outlets = self.requirement.subject_kind == SubjectKind.OUTLET
        return is_about_outlets and "outlet.source" in applies_asks(self.rule)


@dataclass(frozen=True)
class Chosen:
    """The limit that counts, and the others that are in force beside it, the stricter first."""

    limit: Limit
    others: tuple[Limit, ...] = field(default=())

    @property
    def is_ultra_low(self) -> bool:
        """Whether the Opinion or a plan sets it, and not only the standard for everybody."""
        return self.limit.requirement.document.kind in _OF_ULTRA_LOW

    @property
    def reference(self) -> Decimal | None:
        return self.limit.reference_oxygen_percent


def read_demands() -> list[Demand]:
    """All requirements about organised emissions that set limits or speak of outlets."""
    found = (
        Requirement.objects.in_force()
        .filter(part=Part.ORGANISED, subject_kind__in=[SubjectKind.OUTLET, SubjectKind.PLANT])
        .in_reading_order()
        .prefetch_related("limits")
    )
    return [demand_of(requirement) for requirement in found]


def demand_of(requirement: Requirement) -> Demand:
    return Demand(
        requirement,
        read_applies(requirement.applies, subject=requirement.subject_kind),
        tuple(_with(requirement, limit) for limit in requirement.limits.all()),
    )


def _with(requirement: Requirement, limit: Limit) -> Limit:
    limit.requirement = requirement
    return limit


def limits_on(demands: Sequence[Demand], facts: Facts, day: date) -> dict[str, Chosen]:
    """By pollutant: the limit in mg/m3 that an outlet with these facts keeps on the day."""
    at_most: dict[str, list[Limit]] = {}
    for limit in _binding(demands, facts, day):
        if limit.unit == CONCENTRATION and limit.comparison == Comparison.AT_MOST:
            at_most.setdefault(limit.pollutant, []).append(limit)
    return {pollutant: strictest(found) for pollutant, found in at_most.items()}


def share_of_hours_on(demands: Sequence[Demand], facts: Facts, day: date) -> Limit | None:
    """The share of production hours that is asked of the outlet; the highest."""
    found = [
        limit
        for limit in _binding(demands, facts, day)
        if limit.pollutant == SHARE_OF_HOURS and limit.comparison == Comparison.AT_LEAST
    ]
    return max(found, key=lambda limit: limit.value, default=None)


def strictest(limits: Iterable[Limit]) -> Chosen:
    """At one measured value and oxygen the strictest is exceeded first.

    Limits with a reference oxygen compare by what they leave at any oxygen; one with and one
    without compare by their numbers. Of equals the one whose text is known best is named, and of
    those a national one.
    """
    found = list(limits)
    convert_all = all(limit.reference_oxygen_percent is not None for limit in found)
    first, *others = sorted(found, key=lambda limit: _rank(limit, convert_all=convert_all))
    return Chosen(first, tuple(others))


def _rank(limit: Limit, *, convert_all: bool) -> tuple[Decimal, bool, int, bool, str]:
    reference = limit.reference_oxygen_percent
    left = limit.value
    if convert_all and reference is not None and reference < OXYGEN_OF_AIR:
        left = limit.value / (OXYGEN_OF_AIR - reference)
    document = limit.requirement.document
    sure = _SURE.index(Verification(limit.verification))
    return left, reference is None, sure, bool(document.tree), limit.requirement.code


def _binding(demands: Sequence[Demand], facts: Facts, day: date) -> list[Limit]:
    bound = [demand for demand in demands if applies(demand.rule, facts).yes]
    own = {demand.requirement.document_id for demand in bound if demand.names_outlets}
    is_kiln = facts.values.get("outlet.source") == OutletSource.KILN_TAIL
    limits = []
    for demand in bound:
        requirement = demand.requirement
        if not _is_in_force(requirement, day):
            continue
        is_general = requirement.subject_kind == SubjectKind.PLANT
        if is_general and requirement.document_id in own:
            continue
        limits += [
            limit
            for limit in demand.limits
            if _is_in_force(limit, day)
            and (is_kiln or not is_general or limit.reference_oxygen_percent is None)
        ]
    return limits


def turns_of(demands: Iterable[Demand]) -> list[date]:
    """The days on which a requirement or a limit begins to bind, or does so no more, in order."""
    things: list[Requirement | Limit] = []
    for demand in demands:
        things += [demand.requirement, *demand.limits]
    begins = {thing.effective_from for thing in things}
    ended = {thing.effective_to + DAY for thing in things if thing.effective_to is not None}
    return sorted(begins | ended)


def _is_in_force(thing: Requirement | Limit, day: date) -> bool:
    return thing.effective_from <= day and (thing.effective_to is None or day <= thing.effective_to)
