"""The ladder of reminders: 30, 7 and 1 days before, on the day, then every week. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

RUNGS_BEFORE = (30, 7, 1, 0)
WEEK = 7


class Band(NamedTuple):
    """The due dates, both included, for which ``rung`` is the newest one today."""

    rung: int
    first_on: date
    last_on: date


def rung_on(due_on: date, today: date) -> int | None:
    """The newest rung that ``today`` has reached, in days before the due date; None before any.

    Rungs that were missed in between don't count: what is due is told once, by the newest.
    """
    days = (due_on - today).days
    if days < 0:
        return -(-days // WEEK * WEEK)
    return min((rung for rung in RUNGS_BEFORE if days <= rung), default=None)


def bands(*, today: date, oldest_on: date) -> Iterator[Band]:
    """``rung_on`` turned round, for queries: latest due dates first, down to ``oldest_on``."""
    last_on = today + timedelta(days=RUNGS_BEFORE[0])
    for rung, below in zip(RUNGS_BEFORE, (*RUNGS_BEFORE[1:], -WEEK), strict=True):
        first_on = today + timedelta(days=below + 1)
        yield Band(rung, first_on, last_on)
        last_on = first_on - timedelta(days=1)
    rung = -WEEK
    while last_on >= oldest_on:
        yield Band(rung, last_on - timedelta(days=WEEK - 1), last_on)
        last_on -= timedelta(days=WEEK)
        rung -= WEEK
