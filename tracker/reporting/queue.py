"""The review queue, a page at a time: where to go on is in the address, not in a count of rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Q

from tracker.obligations.models import Obligation, ObligationQuerySet
from tracker.reporting.rows import FIELDS, ObligationRow, row_of


class Order(StrEnum):
    """What comes first: what has waited longest, or what is due next."""

    WAITING = "waiting"
    DUE = "due"

    @property
    def column(self) -> str:
        return "due_on" if self is Order.DUE else "state_changed_at"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row before a page, by what the queue is sorted by."""

    at: date | datetime
    pk: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}_{self.pk}"


def read_cursor(text: str, order: Order) -> Cursor | None:
    """The cursor of an address; None for what is none."""
    at, _, pk = text.rpartition("_")
    try:
        if order is Order.DUE:
            return Cursor(date.fromisoformat(at), _row_id(pk))
        moment = datetime.fromisoformat(at)
        return Cursor(moment, _row_id(pk)) if moment.tzinfo else None
    except ValueError:
        return None


def cursor_of(obligation: Obligation, order: Order) -> Cursor:
    return Cursor(getattr(obligation, order.column), obligation.pk)


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some rows of the queue; ``last`` is their end where more rows follow.

    ``two_levels`` are those of them on which two levels decide.
    """

    rows: list[ObligationRow]
    last: Cursor | None
    two_levels: frozenset[int] = frozenset()


def in_order(
    waiting: ObligationQuerySet, order: Order, after: Cursor | None = None
) -> ObligationQuerySet:
    """The queue in its order, from behind the cursor on."""
    if after is not None:
        # The first condition says nothing new; the index starts by it.
        waiting = waiting.filter(
            Q(**{f"{order.column}__gt": after.at}) | Q(pk__gt=after.pk),
            **{f"{order.column}__gte": after.at},
        )
    return waiting.order_by(order.column, "pk")


def read_queue(
    waiting: ObligationQuerySet, order: Order, after: Cursor | None, *, size: int
) -> QueuePage:
    """One page, in one query."""
    fields = (*FIELDS, order.column, "requirement__review_levels")
    found = list(in_order(waiting, order, after).values_list(*fields)[: size + 1])
    rows = [row_of(values[:-2]) for values in found]
    two_levels = frozenset(
        row.pk for row, values in zip(rows, found, strict=True) if values[-1] > 1
    )
    if len(rows) <= size:
        return QueuePage(rows, None, two_levels)
    return QueuePage(rows[:size], Cursor(found[size - 1][-2], rows[size - 1].pk), two_levels)


def next_pk(
    waiting: ObligationQuerySet, order: Order, behind: Cursor, skipped: Iterable[int]
) -> int | None:
    """The one that follows, without those that others are at; from the end back to the start."""
    free = waiting.exclude(pk__in=list(skipped) or [0])
    for after in (behind, None):
        found = in_order(free, order, after).exclude(pk=behind.pk)
        pk: int | None = found.values_list("pk", flat=True).first()
        if pk is not None:
            return pk
    return None


def _row_id(text: str) -> int:
    number = int(text)
    if not 0 <= number < 2**63:
        raise ValueError(text)
    return number
