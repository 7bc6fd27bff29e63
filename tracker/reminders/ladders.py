"""Which ladder holds for whom: an authority's own, the nearest first, else the usual ones."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Q

from plants.models import Authority
from plants.models.people import paths_from
from tracker.regulations.models import Requirement
from tracker.reminders.ladder import Rungs
from tracker.reminders.models import Ladder, Receiver, Rhythm

DAYS_OF = {
    Rhythm.MONTH: 28,
    Rhythm.QUARTER: 90,
    Rhythm.HALF_YEAR: 181,
    Rhythm.YEAR: 365,
    Rhythm.ONCE: 10_000,
}
USUAL = {
    Receiver.MANAGER: Rungs(before=(90, 30, 14, 7, 1, 0), first_after=7, every=7),
    Receiver.GROUP_MANAGER: Rungs(before=(30, 7, 0), first_after=7, every=7),
    Receiver.OFFICER: Rungs(before=(), first_after=7, every=30),
    Receiver.UPPER_OFFICER: Rungs(before=(), first_after=30, every=30),
    Receiver.REVIEWER: Rungs(before=(), first_after=7, every=7),
}


def usual(receiver: str, rhythm: str) -> Rungs:
    """Without the rungs that are as long as the period: three months would be announced at once.

    An empty ``rhythm`` means any: all rungs.
    """
    rungs = USUAL[Receiver(receiver)]
    before = tuple(day for day in rungs.before if day < DAYS_OF[Rhythm(rhythm or Rhythm.ONCE)])
    return Rungs(before, rungs.first_after, rungs.every, rungs.last_after)


def rhythm_of(due: Any) -> Rhythm:
    """How often a due rule (as it is kept) makes a duty come again; the first that it names."""
    if isinstance(due, dict):
        if due.get("every") in Rhythm.values:
            return Rhythm(due["every"])
        due = list(due.values())
    if isinstance(due, list):
        found = (rhythm_of(inner) for inner in due)
        return next((rhythm for rhythm in found if rhythm != Rhythm.ONCE), Rhythm.ONCE)
    return Rhythm.ONCE


def rungs_of(ladder: Ladder) -> Rungs:
    return Rungs(
        tuple(sorted(set(ladder.before), reverse=True)),
        ladder.first_after,
        ladder.every,
        ladder.last_after,
    )


class Kind(NamedTuple):
    """What a requirement is to a ladder."""

    part: str
    rhythm: str


@dataclass(frozen=True)
class Group:
    """Requirements, by id, and authorities whose plants' obligations climb the same ladder."""

    rungs: Rungs
    pairs: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]

    def condition(self, prefix: str = "") -> Q:
        """On a model that reaches an obligation by the prefix."""
        found = Q(pk__in=[])
        for requirements, authorities in self.pairs:
            found |= Q(
                **{
                    f"{prefix}requirement__in": requirements,
                    f"{prefix}plant__authority__in": authorities,
                }
            )
        return found


class LadderBook:
    """All ladders, requirements and authorities, read in three queries."""

    def __init__(self) -> None:
        self._of_kind: dict[Kind, list[int]] = defaultdict(list)
        for pk, part, due in Requirement.objects.order_by("pk").values_list("pk", "part", "due"):
            self._of_kind[Kind(part, rhythm_of(due))].append(pk)
        self.authorities = dict(Authority.objects.order_by("pk").values_list("pk", "path"))
        self._set: dict[tuple[str, str], list[Ladder]] = defaultdict(list)
        for ladder in Ladder.objects.select_related("authority").order_by("pk"):
            self._set[ladder.receiver, ladder.authority.path].append(ladder)

    def groups(self, receiver: str, authorities: Iterable[int] | None = None) -> Iterator[Group]:
        """For each ladder that holds somewhere; of these authorities only, where they are given."""
        chosen = sorted(self.authorities if authorities is None else authorities)
        found: dict[Rungs, dict[tuple[int, ...], list[int]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for kind, requirements in self._of_kind.items():
            holding: dict[Rungs, list[int]] = defaultdict(list)
            for authority in chosen:
                holding[self.holding(receiver, kind, self.authorities[authority])].append(authority)
            for rungs, where in holding.items():
                found[rungs][tuple(where)] += requirements
        for rungs, by_where in found.items():
            pairs = tuple((tuple(wanted), where) for where, wanted in by_where.items())
            yield Group(rungs, pairs)

    def holding(self, receiver: str, kind: Kind, path: str) -> Rungs:
        """The rungs that hold at the plants of the authority with this path."""
        for office in paths_from(path):
            fitting = [
                ladder
                for ladder in self._set[receiver, office]
                if ladder.part in ("", kind.part) and ladder.rhythm in ("", kind.rhythm)
            ]
            if fitting:
                return rungs_of(max(fitting, key=lambda each: (bool(each.part), bool(each.rhythm))))
        return usual(receiver, kind.rhythm)
