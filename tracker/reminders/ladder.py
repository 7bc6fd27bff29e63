"""A ladder of reminders: so many days before a due date, on the day, and after it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

DAY = timedelta(days=1)


class Band(NamedTuple):
    """The due dates, both included, for which ``rung`` is the newest one today."""

    rung: int
    first_on: date
    last_on: date


@dataclass(frozen=True)
class Rungs:
    """``before`` are days before the due date, 0 for the day itself.

    After it the first rung comes ``first_after`` days late, then one every ``every`` days, none
    later than ``last_after``. A rung is a number of days before (30, 1, 0) or after (-7, -14) it.
    """

    before: tuple[int, ...]
    first_after: int | None = None
    every: int | None = None
    last_after: int | None = None

    def newest(self, due_on: date, *, today: date, through: date | None = None) -> int | None:
        """The newest rung that has been reached; None before any.

        Rungs that were missed in between don't count: what is due is told once, by the newest.
        ``through`` is the last day before people are at work again: what comes before a due date
        is told for these days too, the day itself on the day.
        """
        days = (due_on - today).days
        if days < 0 and self.first_after is not None and -days >= self.first_after:
            return -self._after(-days)
        if days <= 0:
            return min(self.before, default=None)
        ahead = max((due_on - (through or today)).days, 1)
        return min((rung for rung in self.before if ahead <= rung), default=None)

    def bands(self, *, today: date, oldest_on: date, through: date | None = None) -> Iterator[Band]:
        """``newest`` turned round, for queries: latest due dates first, down to ``oldest_on``."""
        yield from self._bands_before(today, through or today, oldest_on)
        if self.first_after is None:
            return
        late = self.first_after
        while (last_on := today - late * DAY) >= oldest_on:
            further = None if self._is_last(late) else late + (self.every or 0)
            first_on = oldest_on if further is None else today - further * DAY + DAY
            yield Band(-late, first_on, last_on)
            if further is None:
                return
            late = further

    def _bands_before(self, today: date, through: date, oldest_on: date) -> Iterator[Band]:
        rungs = sorted(set(self.before), reverse=True)
        # Where nothing is told later, what was missed on the day stands for ever.
        until = oldest_on if self.first_after is None else today - self.first_after * DAY + DAY
        for rung, lower in zip(rungs, [*rungs[1:], None], strict=False):
            last_on = through + rung * DAY if rung else today
            if lower is None:
                first_on = until
            elif lower == 0:
                first_on = today + DAY
            else:
                first_on = through + lower * DAY + DAY
            if first_on <= last_on:
                yield Band(rung, first_on, last_on)

    @property
    def earliest(self) -> int:
        """How many days before a due date the first rung is; none are there without one before."""
        return max(self.before, default=-(self.first_after or 0))

    def _after(self, late: int) -> int:
        first, last = self.first_after or 0, self.last_after
        reached = late if last is None else min(late, max(last, first))
        return first + (reached - first) // self.every * self.every if self.every else first

    def _is_last(self, late: int) -> bool:
        """Whether no rung comes after this one."""
        if not self.every:
            return True
        return self.last_after is not None and late + self.every > self.last_after
