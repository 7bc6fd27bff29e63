"""How states and dates look: one tone, one icon, one word."""

from datetime import date, timedelta

import pytest

from tracker.obligations.models import State
from tracker.web.looks import STATES, Due, state_key, worst

TODAY = date(2026, 9, 1)


@pytest.mark.parametrize(
    ("state", "days", "key"),
    [
        ("open", 31, "open"),
        ("open", 30, "soon"),
        ("open", 0, "soon"),
        ("open", -1, "late"),
        ("returned", -1, "returned"),
        ("submitted", -1, "submitted"),
        ("accepted", -1, "accepted"),
        ("waived", -1, "waived"),
        ("withdrawn", 1, "withdrawn"),
    ],
)
def test_calendar_changes_only_what_is_open(state: str, days: int, key: str) -> None:
    assert state_key(state, TODAY + timedelta(days=days), TODAY) == key


def test_each_state_has_a_look() -> None:
    assert set(STATES) == set(State.values) | {"late", "soon"}
    assert len({look.icon for look in STATES.values()}) == len(STATES) - 1  # both closed ones


@pytest.mark.parametrize(
    ("days", "tone", "words"),
    [
        (-2, "late", "2 days overdue"),
        (-1, "late", "1 day overdue"),
        (0, "soon", "due today"),
        (1, "soon", "1 day left"),
        (30, "soon", "30 days left"),
        (31, "open", "31 days left"),
    ],
)
def test_days_are_counted_to_the_end_of_the_last(
    days: int, tone: str, words: str, english: None
) -> None:
    due = Due(TODAY + timedelta(days=days), TODAY)

    assert (due.tone, due.words) == (tone, words)


@pytest.mark.parametrize(
    ("tones", "shown"),
    [
        (set(), ""),
        ({"accepted"}, "accepted"),
        ({"accepted", "open", "soon"}, "soon"),
        ({"returned", "late"}, "late"),
    ],
)
def test_worst_tone_stands_for_many(tones: set[str], shown: str) -> None:
    assert worst(tones) == shown
