"""A round's outlets with their samples, limits and verdicts, as pages and the report show them."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from plants.models import Outlet
from tracker.obligations.facts import Facts
from tracker.obligations.subjects import read_subjects
from tracker.regulations.models import Limit
from tracker.rounds.models.rounds import Round
from tracker.rounds.models.samples import OutletTechnology, Pollutant, Sample, SamplesAsked
from tracker.rounds.samples.asked import asked_of, pollutants_asked
from tracker.rounds.samples.limits import (
    BURN,
    Chosen,
    Demand,
    limits_on,
    read_demands,
    share_of_hours_on,
    turns_of,
)
from tracker.rounds.samples.reading import outlets_of
from tracker.rounds.samples.verdict import (
    Bound,
    CemsDifference,
    OutletVerdict,
    PollutantVerdict,
    SampleVerdict,
    compare_with_cems,
    judge_outlet,
    judge_pollutant,
    judge_sample,
    judge_share,
)


@dataclass(frozen=True)
class SampleResult:
    """A sample with the limit of its own day."""

    sample: Sample
    verdict: SampleVerdict
    limit: Chosen | None
    cems: CemsDifference | None


@dataclass(frozen=True)
class PollutantResult:
    """``limit`` is that of the round's monitoring days' end, for the head of a table."""

    pollutant: str
    verdict: PollutantVerdict
    samples: tuple[SampleResult, ...]
    limit: Chosen | None
    is_asked: bool


@dataclass(frozen=True)
class OutletResult:
    """``share_asked`` is the limit of its share of production hours, where it has one."""

    outlet: Outlet
    technology: OutletTechnology | None
    pollutants: tuple[PollutantResult, ...]
    verdict: OutletVerdict
    share_asked: Limit | None


class _Limits:
    """Limits by outlet and day; outlets of which the rules know the same are looked up once.

    So are days between which no requirement or limit begins or ends.
    """

    def __init__(self, demands: list[Demand]) -> None:
        self.demands = demands
        self.turns = turns_of(demands)
        self.found: dict[tuple[object, ...], dict[str, Chosen]] = {}
        self.shares: dict[tuple[object, ...], Limit | None] = {}

    def on(self, outlet: Outlet, facts: Facts, day: date) -> dict[str, Chosen]:
        key = self._key(outlet, day)
        if key not in self.found:
            self.found[key] = limits_on(self.demands, facts, day)
        return self.found[key]

    def share_on(self, outlet: Outlet, facts: Facts, day: date) -> Limit | None:
        key = self._key(outlet, day)
        if key not in self.shares:
            self.shares[key] = share_of_hours_on(self.demands, facts, day)
        return self.shares[key]

    def _key(self, outlet: Outlet, day: date) -> tuple[object, ...]:
        known = outlet.source, outlet.is_main, outlet.has_cems, outlet.line_id
        return *known, bisect_right(self.turns, day)


def read_results(round_: Round, *, today: date) -> list[OutletResult]:
    """Every outlet of the round by its code, whether sampled or not; as many queries for any."""
    last_on = round_.monitoring_to_on
    day = min(last_on, today) if last_on is not None else today
    limits, counts = _Limits(read_demands()), list(SamplesAsked.objects.all())
    ((_plant, subjects),) = read_subjects([round_.plant_id])
    facts = {each.outlet.pk: each.facts for each in subjects["outlet"] if each.outlet}
    written = OutletTechnology.objects.filter(round=round_)
    technologies = {each.outlet_id: each for each in written}
    samples: dict[int, list[Sample]] = defaultdict(list)
    for sample in Sample.objects.standing().filter(round=round_).order_by("taken_from_at", "pk"):
        samples[sample.outlet_id].append(sample)
    return [
        _outlet(
            *(outlet, facts.get(outlet.pk, Facts({})), samples[outlet.pk], limits, counts, day),
            technology=technologies.get(outlet.pk),
        )
        for outlet in outlets_of(round_)
        # Outlets of a closed line have no facts: they owe nothing unless they were sampled.
        if outlet.pk in facts or samples[outlet.pk]
    ]


def judge_table(round_: Round, samples: Iterable[Sample]) -> list[SampleResult]:
    """Samples that are not stored yet, each with the limit of its own day, in their order."""
    limits = _Limits(read_demands())
    ((_plant, subjects),) = read_subjects([round_.plant_id])
    facts = {each.outlet.pk: each.facts for each in subjects["outlet"] if each.outlet}
    outlets = {outlet.pk: outlet for outlet in round_.plant.outlets.all()}
    found = []
    for sample in samples:
        outlet = sample.outlet = outlets[sample.outlet_id]
        found.append(_sample(sample, outlet, facts.get(outlet.pk, Facts({})), limits))
    return found


def _outlet(
    outlet: Outlet,
    facts: Facts,
    samples: list[Sample],
    limits: _Limits,
    counts: list[SamplesAsked],
    day: date,
    *,
    technology: OutletTechnology | None,
) -> OutletResult:
    of_day = limits.on(outlet, facts, day)
    wanted = pollutants_asked(counts, outlet.source, of_day)
    by_pollutant: dict[str, list[SampleResult]] = defaultdict(list)
    for sample in samples:
        by_pollutant[sample.pollutant].append(_sample(sample, outlet, facts, limits))
    found = tuple(
        PollutantResult(
            pollutant=pollutant,
            verdict=judge_pollutant(
                [each.verdict for each in by_pollutant[pollutant]],
                asked_of(counts, outlet.source, pollutant),
            ),
            samples=tuple(by_pollutant[pollutant]),
            limit=of_day.get(pollutant),
            is_asked=pollutant in wanted,
        )
        for pollutant in _in_order(wanted | set(by_pollutant))
    )
    share_asked = limits.share_on(outlet, facts, day)
    # Months have no verdicts yet, so that no share is known of any outlet.
    share = judge_share(None, share_asked.value) if share_asked is not None else None
    judged = {
        each.pollutant: each.verdict for each in found if each.is_asked or each.limit is not None
    }
    return OutletResult(outlet, technology, found, judge_outlet(judged, share), share_asked)


def _sample(sample: Sample, outlet: Outlet, facts: Facts, limits: _Limits) -> SampleResult:
    taken_on = timezone.localdate(sample.taken_from_at)
    limit = limits.on(outlet, facts, taken_on).get(sample.pollutant)
    bound = None
    if limit is not None:
        bound = Bound(limit.limit.value, limit.reference, needs_reference=outlet.source in BURN)
    return SampleResult(
        sample=sample,
        verdict=judge_sample(sample.measured, sample.oxygen_percent, bound),
        limit=limit,
        cems=compare_with_cems(sample.measured, sample.cems_measured),
    )


def _in_order(pollutants: Iterable[str]) -> list[str]:
    """As ``Pollutant`` lists them; others, which only limits name, after them."""
    order = {pollutant: at for at, pollutant in enumerate(Pollutant.values)}
    return sorted(pollutants, key=lambda pollutant: (order.get(pollutant, len(order)), pollutant))
