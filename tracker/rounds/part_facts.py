"""What the round's own rooms amount to, part by part, for the checks that look at them."""

from collections.abc import Collection
from datetime import date

from plants.text import Text
from tracker.rounds.findings import PartFact, Reference
from tracker.rounds.fugitive.sources import judge_round
from tracker.rounds.models import Check, Round
from tracker.rounds.outcomes import Outcome
from tracker.rounds.samples.results import read_results
from tracker.rounds.samples.verdict import Outcome as Measured
from tracker.rounds.transport.findings import Rule
from tracker.rounds.transport.ledger import assessed_period, judge_plant


def read_part_facts(
    round_: Round, checks: Collection[str], *, today: date
) -> dict[Check, PartFact]:
    """Only what is asked for: each part takes some queries, whatever the number of its rows."""
    readers = {
        Check.SAMPLES_WITHIN: _samples,
        Check.FUGITIVE_IN_ORDER: _fugitive,
        Check.TRANSPORT_CLEAN: _transport,
    }
    return {check: read(round_, today) for check, read in readers.items() if check in checks}


def _samples(round_: Round, today: date) -> PartFact:
    """One outlet over its limit decides; then one of which there is not enough."""
    results = read_results(round_, today=today)
    over = [each.outlet for each in results if each.verdict.outcome == Measured.OVER]
    open_ = [each.outlet for each in results if each.verdict.outcome != Measured.WITHIN]
    if over:
        outcome = Outcome.NOT_MET
        told = Text(f"{len(over)}个排放口超标。", f"Outlets over their limits: {len(over)}.")
    elif open_ or not results:
        outcome = Outcome.NOT_ENOUGH
        told = Text(
            f"{len(results)}个排放口中{len(open_)}个的样品不足以判定。",
            f"Outlets without enough samples to judge by: {len(open_)} of {len(results)}.",
        )
    else:
        outcome = Outcome.MET
        told = Text(
            f"全部{len(results)}个排放口手工监测达标。",
            f"All {len(results)} outlets are within their limits by manual samples.",
        )
    rows = [Reference("outlet", str(each.pk), Text(str(each), str(each))) for each in over]
    return PartFact(outcome, told, tuple(rows))


def _fugitive(round_: Round, today: date) -> PartFact:
    verdict = judge_round(round_)
    faults = len(verdict.open_faults)
    if faults:
        told = Text(f"{faults}个问题未整改。", f"Faults not remedied yet: {faults}.")
    else:
        told = Text(
            f"{verdict.asked}项检查中已有{verdict.settled}项有结论。",
            f"Checks settled: {verdict.settled} of {verdict.asked}.",
        )
    return PartFact(verdict.outcome, told)


def _transport(round_: Round, today: date) -> PartFact:
    period = assessed_period(round_, today=today)
    verdict = judge_plant(round_.plant, period)
    span = Text(
        f"{period.first:%Y-%m}至{period.last:%Y-%m}",
        f"{period.first:%Y-%m} to {period.last:%Y-%m}",
    )
    unmet = [each.rule for each in verdict.findings if each.outcome == Outcome.NOT_MET]
    if verdict.materials_outcome == Outcome.MET:
        unmet = [rule for rule in unmet if rule != Rule.CLEAN_SHARE]
    if verdict.outcome == Outcome.NOT_MET:
        told = Text(
            f"{span.zh}有{len(unmet)}项规定不符合。",
            f"{span.en}: rules not met: {len(unmet)}.",
        )
    elif verdict.outcome == Outcome.NOT_ENOUGH:
        told = Text(f"{span.zh}的台账不足以判定。", f"{span.en}: the ledger is not enough.")
    else:
        told = Text(f"{span.zh}符合全部规定。", f"{span.en}: all rules are met.")
    return PartFact(verdict.outcome, told)
