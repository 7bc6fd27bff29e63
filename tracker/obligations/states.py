"""The states of an obligation and the one door between them."""

from collections.abc import Mapping
from datetime import datetime

from tracker import audit
from tracker.obligations.models import Obligation, State

NEXT: dict[str, frozenset[str]] = {
    State.OPEN: frozenset({State.SUBMITTED, State.ACCEPTED, State.WAIVED, State.WITHDRAWN}),
    State.SUBMITTED: frozenset({State.ACCEPTED, State.RETURNED, State.WITHDRAWN}),
    State.RETURNED: frozenset({State.SUBMITTED, State.ACCEPTED, State.WAIVED, State.WITHDRAWN}),
    State.ACCEPTED: frozenset({State.OPEN, State.RETURNED}),
    State.WAIVED: frozenset(),
    State.WITHDRAWN: frozenset({State.OPEN}),
}


class StaleState(Exception):
    """Somebody else moved the obligation in between; ``obligation`` is as it is now."""

    def __init__(self, obligation: Obligation) -> None:
        super().__init__(f"obligation {obligation.pk} is {obligation.state} now")
        self.obligation = obligation


class NoSuchMove(Exception):
    """The states have no way from the one to the other: a fault of the caller's."""


def move(
    obligation: Obligation,
    *,
    to: str,
    verb: str,
    by: audit.Actor,
    at: datetime,
    note: str = "",
    also: Mapping[str, object] | None = None,
) -> None:
    """Move by compare-and-set from the state that ``obligation`` was read with, and record it.

    ``also`` is what the event keeps beside the new state.
    Of two that move at once exactly one wins; the other gets ``StaleState``. Call it in the
    transaction of the use case: the event stands or falls with the move.
    """
    if to not in NEXT[obligation.state]:
        raise NoSuchMove(f"{obligation.state} -> {to}")
    before = obligation.state
    moved = Obligation.objects.filter(pk=obligation.pk, state=before).update(
        state=to, state_changed_at=at
    )
    if moved != 1:
        obligation.refresh_from_db(fields=["state", "state_changed_at"])
        raise StaleState(obligation)
    obligation.state, obligation.state_changed_at = to, at
    audit.record(
        by=by,
        at=at,
        verb=verb,
        thing=obligation,
        plant=obligation.plant,
        before={"state": before},
        after={"state": to, **(also or {})},
        note=note,
    )
