"""What samples say of an outlet: within, over, not enough or invalid. Pure.

Equality is within (不高于, domain 9.2 no. 6); nothing is rounded before it is judged. Samples are
judged one by one: that a mean would do is nowhere to be read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from plants.verification import Verification
from tracker.rounds.samples.convert import Conversion, Flaw, convert


class Outcome(models.TextChoices):
    WITHIN = "within", _("within")
    OVER = "over", _("over")
    NOT_ENOUGH = "not_enough", _("not enough")
    INVALID = "invalid", _("invalid")


class Gap(models.TextChoices):
    """What is missing where there is not enough to judge by."""

    NO_LIMIT = "no_limit", _("no limit in force is known for it")
    NO_REFERENCE = "no_reference", _("the reference oxygen of the limit is not known")
    NO_SAMPLE = "no_sample", _("no sample was entered")
    TOO_FEW = "too_few", _("fewer valid samples than are asked")
    NO_HOURS = "no_hours", _("no share of hours is known: there are no month verdicts yet")
    NO_POLLUTANT = "no_pollutant", _("no pollutant was measured")


# The worst decides: what is over stays over whatever else is missing.
_WORST_FIRST = (Outcome.OVER, Outcome.INVALID, Outcome.NOT_ENOUGH, Outcome.WITHIN)


@dataclass(frozen=True)
class Bound:
    """A limit's numbers; ``needs_reference`` where the gas comes from a fire."""

    value: Decimal
    reference: Decimal | None = None
    needs_reference: bool = False


@dataclass(frozen=True)
class SampleVerdict:
    outcome: Outcome
    conversion: Conversion | None = None
    why: Flaw | Gap | None = None


@dataclass(frozen=True)
class Asked:
    """How many valid samples are enough. Nobody knows the Guide's number (domain 11 no. 7).

    So at least one is asked, and ``is_known`` says that this is no rule.
    """

    fewest: int = 1
    is_known: bool = False
    verification: Verification = Verification.TO_VERIFY


@dataclass(frozen=True)
class PollutantVerdict:
    """Of one pollutant at one outlet. ``worst`` is the highest of the values that counted."""

    outcome: Outcome
    asked: Asked
    valid: int = 0
    invalid: int = 0
    over: int = 0
    worst: Conversion | None = None
    why: Flaw | Gap | None = None


@dataclass(frozen=True)
class ShareVerdict:
    """Of the share of production hours within the limits; unknown is not enough."""

    outcome: Outcome
    percent: Decimal | None = None
    asked: Decimal | None = None
    why: Gap | None = None


@dataclass(frozen=True)
class OutletVerdict:
    """Of the whole outlet, by what was measured by hand; ``share`` stands beside it.

    An unknown share holds no outlet back, since no month has a verdict yet; one that is too low
    puts it over.
    """

    outcome: Outcome
    pollutants: Mapping[str, PollutantVerdict] = field(default_factory=dict)
    share: ShareVerdict | None = None
    why: Gap | None = None


@dataclass(frozen=True)
class CemsDifference:
    """CEMS less manual, in mg/m3 and in percent of the manual value; it is held to no limit."""

    absolute: Decimal
    relative_percent: Decimal | None


def judge_sample(measured: Decimal, oxygen: Decimal | None, bound: Bound | None) -> SampleVerdict:
    """Judge one sample against the limit of its day."""
    reference = bound.reference if bound else None
    converted = convert(measured, oxygen, reference)
    if isinstance(converted, Flaw):
        return SampleVerdict(Outcome.INVALID, why=converted)
    if bound is None:
        return SampleVerdict(Outcome.NOT_ENOUGH, converted, Gap.NO_LIMIT)
    if bound.needs_reference and reference is None:
        return SampleVerdict(Outcome.NOT_ENOUGH, converted, Gap.NO_REFERENCE)
    is_within = converted.value <= bound.value
    return SampleVerdict(Outcome.WITHIN if is_within else Outcome.OVER, converted)


def judge_pollutant(samples: Sequence[SampleVerdict], asked: Asked) -> PollutantVerdict:
    """Judge a pollutant by its samples: one over is over; invalid ones count for nothing."""
    invalid = [each for each in samples if each.outcome == Outcome.INVALID]
    judged = [each for each in samples if each.outcome in (Outcome.WITHIN, Outcome.OVER)]
    unjudged = [each for each in samples if each.outcome == Outcome.NOT_ENOUGH]
    over = sum(each.outcome == Outcome.OVER for each in judged)
    values = [each.conversion for each in judged if each.conversion is not None]
    outcome, why = _of_pollutant(samples, len(judged), over, unjudged, invalid, asked)
    return PollutantVerdict(
        outcome=outcome,
        asked=asked,
        valid=len(judged),
        invalid=len(invalid),
        over=over,
        worst=max(values, key=lambda conversion: conversion.value, default=None),
        why=why,
    )


def _of_pollutant(
    samples: Sequence[SampleVerdict],
    valid: int,
    over: int,
    unjudged: Sequence[SampleVerdict],
    invalid: Sequence[SampleVerdict],
    asked: Asked,
) -> tuple[Outcome, Flaw | Gap | None]:
    if over:
        return Outcome.OVER, None
    if not samples:
        return Outcome.NOT_ENOUGH, Gap.NO_SAMPLE
    if not valid and not unjudged:
        return Outcome.INVALID, invalid[0].why
    if unjudged:
        return Outcome.NOT_ENOUGH, unjudged[0].why
    if valid < max(1, asked.fewest):
        return Outcome.NOT_ENOUGH, Gap.TOO_FEW
    return Outcome.WITHIN, None


def judge_share(percent: Decimal | None, asked: Decimal | None) -> ShareVerdict:
    """Judge a share of hours; none is known until months have verdicts."""
    if percent is None:
        return ShareVerdict(Outcome.NOT_ENOUGH, None, asked, Gap.NO_HOURS)
    if not (percent.is_finite() and 0 <= percent <= 100):
        return ShareVerdict(Outcome.INVALID, percent, asked)
    if asked is None:
        return ShareVerdict(Outcome.NOT_ENOUGH, percent, None, Gap.NO_LIMIT)
    outcome = Outcome.WITHIN if percent >= asked else Outcome.OVER
    return ShareVerdict(outcome, percent, asked)


def judge_outlet(
    pollutants: Mapping[str, PollutantVerdict], share: ShareVerdict | None = None
) -> OutletVerdict:
    """Judge the outlet by those pollutants that are asked or were measured: the worst decides."""
    if not pollutants:
        return OutletVerdict(Outcome.NOT_ENOUGH, {}, share, Gap.NO_POLLUTANT)
    outcomes = [verdict.outcome for verdict in pollutants.values()]
    if share is not None and share.why != Gap.NO_HOURS:
        outcomes.append(share.outcome)
    return OutletVerdict(worst_of(outcomes), dict(pollutants), share)


def worst_of(outcomes: Iterable[Outcome]) -> Outcome:
    """Over before invalid before not enough before within."""
    return min(outcomes, key=_WORST_FIRST.index)


def compare_with_cems(measured: Decimal, cems: Decimal | None) -> CemsDifference | None:
    """Hold the CEMS value of the same time against the manual one, both as measured."""
    if cems is None:
        return None
    absolute = cems - measured
    return CemsDifference(absolute, absolute / measured * 100 if measured else None)
