"""What is there against what the rules want, for one plant. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from tracker.obligations.models import OWED, State
from tracker.obligations.wanted import Dated, Extension, Key, Lack, Wanted, not_before

MOVED_AT_MOST = timedelta(days=366)
"""How much later a changed rule or permit can put a period's duty."""
TURN = "#"
"""Begins the period of what is owed once for each turn of a day that recurs, from the second on."""
NEXT_TURN_AFTER = timedelta(days=183)
"""How much later than an answered day that recurs a new one must lie to be another turn of it."""
ANSWERED = frozenset({State.ACCEPTED, State.WAIVED})
EXTENDED_AT_MOST = timedelta(days=3660)
"""An extension may have put a duty even further off; by its rule it is due long before."""
FIXED = frozenset(State.values) - OWED - {State.WITHDRAWN}
"""What was submitted or decided: no rule touches it."""


class Kept(NamedTuple):
    """An obligation that is there: its row's id, state, and the columns that a rule decides."""

    pk: int
    state: str
    dated: Dated
    reopened_on: date | None = None

    @property
    def is_owed(self) -> bool:
        return self.state in OWED


class Change(NamedTuple):
    """An obligation that has to change; ``right`` is None where nothing wants it any more."""

    kept: Kept
    right: Dated | None

    @property
    def is_re_dated(self) -> bool:
        return self.right is not None and self.right.due_on != self.kept.dated.due_on


@dataclass
class Differences:
    """What has to be done so that what is there is what is wanted."""

    missing: list[Wanted] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0
    lacks: Counter[str] = field(default_factory=Counter)


def reach_of(existing: Mapping[Key, Kept], until: date) -> date:
    """As far ahead as any period's duty is there, or may be moved to: it must not look unwanted."""
    periodic = (
        kept.dated.due_on for key, kept in existing.items() if kept.is_owed and _is_of_period(key)
    )
    latest = max(periodic, default=None)
    if latest is None:
        return until
    return max(until, min(latest, until + EXTENDED_AT_MOST) + MOVED_AT_MOST)


def compare(
    wants: Iterable[Wanted | Lack],
    existing: Mapping[Key, Kept],
    extensions: Mapping[int, Extension],
    *,
    until: date,
) -> Differences:
    """The differences for one plant. A new duty of a period is wanted if it is due by ``until``."""
    found = Differences()
    unwanted = dict(existing)
    for want in wants:
        if isinstance(want, Lack):
            found.lacks[want.fact] += 1
            continue
        kept = unwanted.pop(want.key, None)
        while kept is not None and want.recurs and _is_answered_before(want, kept):
            found.unchanged += 1
            want = want._replace(key=_next_turn(want.key))
            kept = unwanted.pop(want.key, None)
        if kept is None:
            if want.dated.due_on <= until or not _is_of_period(want.key):
                found.missing.append(want)
            continue
        if kept.state in FIXED:
            found.unchanged += 1
            continue
        right = not_before(want.dated, kept.reopened_on) if kept.reopened_on else want.dated
        extension = extensions.get(kept.pk)
        right = extension.over(right) if extension else right
        if kept.state == State.WITHDRAWN or kept.dated != right:
            found.changes.append(Change(kept, right))
        else:
            found.unchanged += 1
    found.changes += [Change(kept, None) for kept in unwanted.values() if kept.is_owed]
    return found


def _is_answered_before(want: Wanted, kept: Kept) -> bool:
    """The permit was renewed, say, and now the new one's end comes into view."""
    later = want.due_on - kept.dated.due_on
    return kept.state in ANSWERED and later > NEXT_TURN_AFTER


def _next_turn(key: Key) -> Key:
    """The second time is #2, and so on."""
    turn = int(key[-1].removeprefix(TURN) or 1)
    return (*key[:-1], f"{TURN}{turn + 1}")


def _is_of_period(key: Key) -> bool:
    period = key[-1]
    return period != "" and period[0] != TURN


def horizon(today: date, ahead_days: int) -> date:
    """The last day on which a period's duty is made already."""
    return today + timedelta(days=ahead_days)
