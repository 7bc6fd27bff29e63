"""A round's samples as its pages show them: outlets by verdict, a table before it is kept."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from plants.models import Outlet, Person
from tracker.rounds.models import Round, Sample
from tracker.rounds.samples.enter import Source, row_of
from tracker.rounds.samples.limits import Chosen
from tracker.rounds.samples.results import OutletResult, SampleResult, judge_table
from tracker.rounds.samples.rows import ReadSample
from tracker.rounds.samples.verdict import Asked, Outcome, PollutantVerdict, judge_pollutant


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    """A verdict and how many outlets have it."""

    outcome: Outcome
    count: int


@dataclass(frozen=True, slots=True)
class Sums:
    """What the outlets amount to together; ``count_is_known`` of samples asked, wherever asked."""

    outlets: int
    samples: int
    outcomes: list[OutcomeCount]
    count_is_known: bool


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """What the samples of a table say of one pollutant at one outlet."""

    outlet: Outlet
    pollutant: str
    samples: int
    verdict: PollutantVerdict
    limit: Chosen | None


def sum_up(results: Sequence[OutletResult]) -> Sums:
    counts = Counter(each.verdict.outcome for each in results)
    pollutants = [pollutant for each in results for pollutant in each.pollutants]
    return Sums(
        outlets=len(results),
        samples=sum(len(each.samples) for each in pollutants),
        outcomes=[OutcomeCount(outcome, counts[outcome]) for outcome in Outcome],
        count_is_known=all(each.verdict.asked.is_known for each in pollutants if each.is_asked),
    )


def preview_table(
    round_: Round,
    samples: Iterable[ReadSample],
    source: Source,
    *,
    person: Person,
    at: datetime,
) -> list[PreviewRow]:
    """The verdicts of a table that was read and is not kept, by outlet and pollutant."""
    rows = [row_of(round_, read, source, person, at) for read in samples]
    grouped: dict[tuple[str, str], list[SampleResult]] = {}
    for result in judge_table(round_, rows):
        key = result.sample.outlet.code, result.sample.pollutant
        grouped.setdefault(key, []).append(result)
    return [_preview(found) for _key, found in sorted(grouped.items(), key=lambda each: each[0])]


def _preview(found: list[SampleResult]) -> PreviewRow:
    first = found[0]
    verdict = judge_pollutant([each.verdict for each in found], Asked())
    return PreviewRow(first.sample.outlet, first.sample.pollutant, len(found), verdict, first.limit)


def read_replaced(round_: Round, outlet: Outlet) -> list[Sample]:
    """The outlet's samples that were corrected, with what stands in their place."""
    found = Sample.objects.filter(round=round_, outlet=outlet, replaced_at__isnull=False)
    found = found.select_related("entered_by", "replaced_by__entered_by")
    return list(found.order_by("-replaced_at", "-pk"))
