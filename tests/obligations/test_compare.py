"""What is there against what is wanted: pure, by tables."""

from datetime import date, timedelta

import pytest

from plants.text import Text
from tracker.obligations.compare import (
    EXTENDED_AT_MOST,
    MOVED_AT_MOST,
    Change,
    Kept,
    compare,
    reach_of,
)
from tracker.obligations.models import State
from tracker.obligations.wanted import Dated, Extension, Key, Wanted

UNTIL = date(2027, 3, 1)
ONCE: Key = (1, 7, None, None, "")
QUARTER: Key = (2, 7, None, None, "2026-Q4")


def dated(day: date, why: str = "附表") -> Dated:
    return Dated(day, why, why, "适用", "applies")


def kept(state: str, day: date, pk: int = 5) -> Kept:
    return Kept(pk, state, dated(day))


@pytest.mark.parametrize(
    ("existing", "reach"),
    [
        ({}, UNTIL),
        ({ONCE: kept(State.OPEN, date(2031, 1, 1))}, UNTIL),
        ({QUARTER: kept(State.ACCEPTED, date(2027, 6, 1))}, UNTIL),
        ({QUARTER: kept(State.OPEN, date(2027, 1, 15))}, date(2027, 1, 15) + MOVED_AT_MOST),
        ({QUARTER: kept(State.RETURNED, date(2020, 1, 15))}, UNTIL),
        ({QUARTER: kept(State.OPEN, date.max)}, UNTIL + EXTENDED_AT_MOST + MOVED_AT_MOST),
    ],
)
def test_reach(existing: dict[Key, Kept], reach: date) -> None:
    assert reach_of(existing, UNTIL) == reach


@pytest.mark.parametrize(
    ("key", "day", "is_missing"),
    [
        (QUARTER, UNTIL, True),
        (QUARTER, UNTIL + timedelta(days=1), False),
        (ONCE, date(2031, 1, 1), True),
    ],
)
def test_duty_of_a_period_is_made_by_the_horizon(key: Key, day: date, is_missing: bool) -> None:
    found = compare([Wanted(key, dated(day))], {}, {}, until=UNTIL)

    assert bool(found.missing) is is_missing


@pytest.mark.parametrize(
    ("state", "changes"),
    [
        (State.OPEN, 1),
        (State.RETURNED, 1),
        (State.WITHDRAWN, 1),
        (State.SUBMITTED, 0),
        (State.ACCEPTED, 0),
        (State.WAIVED, 0),
    ],
)
def test_only_what_is_owed_or_withdrawn_follows_a_rule(state: State, changes: int) -> None:
    there = {ONCE: kept(state, date(2026, 12, 31))}

    moved = compare([Wanted(ONCE, dated(date(2027, 6, 30)))], there, {}, until=UNTIL)

    assert (len(moved.changes), moved.unchanged) == (changes, 1 - changes)


@pytest.mark.parametrize(
    ("state", "changes"), [(State.OPEN, 1), (State.ACCEPTED, 0), (State.WITHDRAWN, 0)]
)
def test_what_nothing_wants_is_withdrawn_while_it_is_owed(state: State, changes: int) -> None:
    there = {ONCE: kept(state, date(2026, 12, 31))}

    found = compare([], there, {}, until=UNTIL)

    assert found.changes == [Change(there[ONCE], None)] * changes


@pytest.mark.parametrize(
    ("rule", "granted", "due"),
    [
        (date(2026, 12, 31), date(2027, 2, 28), date(2027, 2, 28)),
        (date(2027, 6, 30), date(2027, 2, 28), date(2027, 6, 30)),
    ],
)
def test_later_of_rule_and_extension_counts(rule: date, granted: date, due: date) -> None:
    extension = Extension(granted, Text("州局", "the bureau"), date(2026, 9, 1), "设备推迟")
    there = {ONCE: kept(State.OPEN, date(2026, 1, 1))}

    [change] = compare([Wanted(ONCE, dated(rule))], there, {5: extension}, until=UNTIL).changes

    assert change.right is not None
    assert change.right.due_on == due


SECOND, THIRD = (*ONCE[:4], "#2"), (*ONCE[:4], "#3")
ENDS = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("there", "day", "missing", "changed"),
    [
        # Nothing answered yet: the one that is open follows.
        ({ONCE: (State.OPEN, ENDS)}, date(2031, 11, 1), None, ONCE),
        ({ONCE: (State.SUBMITTED, ENDS)}, date(2031, 11, 1), None, None),
        # Answered: a new day far enough away is the next turn, once.
        ({ONCE: (State.ACCEPTED, ENDS)}, date(2031, 11, 1), SECOND, None),
        ({ONCE: (State.WAIVED, ENDS)}, date(2031, 11, 1), SECOND, None),
        ({ONCE: (State.ACCEPTED, ENDS)}, ENDS + timedelta(days=183), None, None),
        ({ONCE: (State.ACCEPTED, ENDS)}, ENDS + timedelta(days=184), SECOND, None),
        ({ONCE: (State.ACCEPTED, ENDS)}, date(2025, 1, 1), None, None),
        # The turn that is open follows; the one that was taken back comes again.
        (
            {ONCE: (State.ACCEPTED, ENDS), SECOND: (State.OPEN, date(2031, 11, 1))},
            date(2032, 1, 1),
            None,
            SECOND,
        ),
        (
            {ONCE: (State.ACCEPTED, ENDS), SECOND: (State.WITHDRAWN, date(2031, 11, 1))},
            date(2031, 11, 1),
            None,
            SECOND,
        ),
        # The day goes back to what was answered: nothing wants the next turn any more.
        (
            {ONCE: (State.ACCEPTED, ENDS), SECOND: (State.OPEN, date(2031, 11, 1))},
            ENDS,
            None,
            SECOND,
        ),
        (
            {ONCE: (State.ACCEPTED, ENDS), SECOND: (State.ACCEPTED, date(2031, 11, 1))},
            date(2036, 11, 1),
            THIRD,
            None,
        ),
    ],
)
def test_day_that_recurs_is_asked_anew_once_it_was_answered(
    there: dict[Key, tuple[State, date]], day: date, missing: Key | None, changed: Key | None
) -> None:
    existing = {
        key: kept(state, due, pk) for pk, (key, (state, due)) in enumerate(there.items(), start=1)
    }

    found = compare([Wanted(ONCE, dated(day), recurs=True)], existing, {}, until=UNTIL)

    assert [want.key for want in found.missing] == ([missing] if missing else [])
    assert [change.kept for change in found.changes] == ([existing[changed]] if changed else [])


def test_next_turn_reaches_no_further_for_other_duties() -> None:
    assert reach_of({SECOND: kept(State.OPEN, date(2031, 1, 1))}, UNTIL) == UNTIL
