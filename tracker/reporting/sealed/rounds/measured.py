"""What was measured at a round's outlets: each sample with its sum, limit and verdict."""

from collections.abc import Iterator
from typing import NamedTuple

from tracker.reporting.sealed.packed import Json
from tracker.reporting.sealed.plain import told_moment, told_number
from tracker.reporting.sealed.rounds.contents import RoundContents
from tracker.rounds.models import Sample
from tracker.rounds.samples.results import OutletResult, SampleResult


class Measured(NamedTuple):
    """A sample of the round; what was replaced has no result any more."""

    sample: Sample
    result: SampleResult | None


def read_measured(contents: RoundContents) -> Iterator[Measured]:
    """Every sample by its outlet, replaced ones among them."""
    results = {
        each.sample.pk: each
        for outlet in contents.results
        for pollutant in outlet.pollutants
        for each in pollutant.samples
    }
    return (Measured(sample, results.get(sample.pk)) for sample in contents.samples)


def tell_outlets(contents: RoundContents) -> list[Json]:
    """Each outlet with its technology, and what its samples come to."""
    return [_outlet(result) for result in contents.results]


def tell_samples(contents: RoundContents) -> list[Json]:
    return [_sample(measured) for measured in read_measured(contents)]


def _outlet(result: OutletResult) -> Json:
    written = result.technology
    return {
        "code": result.outlet.code,
        "name": str(result.outlet),
        "outcome": result.verdict.outcome,
        "technology": written.technology if written else "",
        "parameters": written.parameters if written else "",
        "pollutants": [
            {
                "pollutant": each.pollutant,
                "outcome": each.verdict.outcome,
                "why": each.verdict.why,
                "valid": each.verdict.valid,
                "invalid": each.verdict.invalid,
                "over": each.verdict.over,
                "asked": each.verdict.asked.fewest,
                "asked_is_known": each.verdict.asked.is_known,
            }
            for each in result.pollutants
        ],
    }


def _sample(measured: Measured) -> Json:
    sample = measured.sample
    return {
        "outlet": sample.outlet.code,
        "pollutant": sample.pollutant,
        "taken_from_at": told_moment(sample.taken_from_at),
        "taken_to_at": told_moment(sample.taken_to_at),
        "load_percent": told_number(sample.load_percent),
        "oxygen_percent": told_number(sample.oxygen_percent),
        "measured": told_number(sample.measured),
        **_judged(measured.result),
        "cems_measured": told_number(sample.cems_measured),
        "laboratory_number": sample.laboratory_number,
        "origin": sample.origin,
        "file_name": sample.file_name,
        "place": sample.place,
        "by": sample.entered_by.name,
        "at": told_moment(sample.entered_at),
        "reason": sample.reason,
        "replaced_at": told_moment(sample.replaced_at),
    }


def _judged(result: SampleResult | None) -> Json:
    if result is None:
        return {}
    converted, limit = result.verdict.conversion, result.limit.limit if result.limit else None
    return {
        "converted": told_number(converted.value) if converted else None,
        "formula": converted.formula if converted else "",
        "limit": told_number(limit.value) if limit else None,
        "reference_oxygen": told_number(limit.reference_oxygen_percent) if limit else None,
        "document": str(limit.requirement.document) if limit else "",
        "clause": limit.requirement.clause if limit else "",
        "effective_from": limit.effective_from.isoformat() if limit else None,
        "verification": limit.verification if limit else "",
        "outcome": result.verdict.outcome,
        "why": result.verdict.why,
    }
