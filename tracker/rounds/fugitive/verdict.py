"""Whether the fugitive part is met: every item of every source, every fault remedied. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.rounds.models.fugitive import CheckResult, FugitiveGroup
from tracker.rounds.outcomes import Outcome


@dataclass(frozen=True)
class Item:
    """One thing of the checklist."""

    id: int
    group: FugitiveGroup


@dataclass(frozen=True)
class Source:
    """One place that dust may escape from."""

    id: int
    group: FugitiveGroup

    def items_of(self, items: Iterable[Item]) -> list[Item]:
        """What is asked of it: what is general, and what is of its own group."""
        return [item for item in items if item.group in (FugitiveGroup.GENERAL, self.group)]


@dataclass(frozen=True)
class Check:
    """One look at an item of a source; ``id`` tells which of two at the same moment is newer."""

    id: int
    source: int
    item: int
    result: CheckResult
    checked_at: datetime
    is_remedied: bool = False


@dataclass(frozen=True)
class FugitiveVerdict:
    """The outcome, and by source and item what it rests on.

    ``open_faults`` are the checks that found what nobody has remedied yet, newer looks or not;
    ``again`` the items whose fault was remedied and has not been looked at since; ``unseen`` those
    that nobody has seen.
    """

    asked: int
    settled: int
    open_faults: tuple[int, ...]
    again: tuple[tuple[int, int], ...]
    unseen: tuple[tuple[int, int], ...]

    @property
    def outcome(self) -> Outcome:
        if self.open_faults:
            return Outcome.NOT_MET
        if not self.asked or self.settled < self.asked:
            return Outcome.NOT_ENOUGH
        return Outcome.MET


def judge_fugitive(
    sources: Sequence[Source], items: Sequence[Item], checks: Iterable[Check]
) -> FugitiveVerdict:
    """Judge by the newest look at each item of each source; without sources nothing is met."""
    looks: dict[tuple[int, int], list[Check]] = defaultdict(list)
    for check in checks:
        looks[check.source, check.item].append(check)
    asked = [(source.id, item.id) for source in sources for item in source.items_of(items)]
    newest = {key: max(found, key=lambda c: (c.checked_at, c.id)) for key, found in looks.items()}
    faults = [
        check.id
        for found in looks.values()
        for check in found
        if check.result == CheckResult.FAULT and not check.is_remedied
    ]
    done = (CheckResult.OK, CheckResult.NOT_APPLICABLE)
    results = {key: newest[key].result if key in newest else None for key in asked}
    return FugitiveVerdict(
        asked=len(asked),
        settled=sum(result in done for result in results.values()),
        open_faults=tuple(sorted(faults)),
        again=tuple(
            key
            for key, result in results.items()
            if result == CheckResult.FAULT and newest[key].is_remedied
        ),
        unseen=tuple(k for k, result in results.items() if result in (None, CheckResult.NOT_SEEN)),
    )
