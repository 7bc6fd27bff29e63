"""What a long page shows at once, and what it folds away: due later, or settled."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django import template

from tracker.obligations.models import State
from tracker.reporting.dossier import PartGroup
from tracker.reporting.rows import ObligationRow

# A quarter: whoever looks at a plant sees at least one round of its quarterly duties.
AHEAD_DAYS = 90

register = template.Library()


@dataclass(frozen=True, slots=True)
class Fold:
    """``now`` is what somebody must act on soon; ``later`` is due in more than ``days`` days."""

    now: list[ObligationRow]
    later: list[ObligationRow]
    days: int = AHEAD_DAYS


def split_waiting(rows: Iterable[ObligationRow], today: date) -> Fold:
    """Part the rows in their order. What was returned or waits for review is always ``now``."""
    horizon = today + timedelta(days=AHEAD_DAYS)
    now: list[ObligationRow] = []
    later: list[ObligationRow] = []
    for row in rows:
        is_later = row.state == State.OPEN and row.due_on > horizon
        (later if is_later else now).append(row)
    return Fold(now, later)


@register.simple_tag
def fold(group: PartGroup, today: date) -> Fold:
    """A part's waiting obligations as a plant's page shows them."""
    return split_waiting(group.waiting, today)
