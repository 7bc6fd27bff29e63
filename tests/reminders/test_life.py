"""Who lives, and what becomes of the night's run: judged from signs and the time alone."""

from datetime import UTC, datetime, timedelta

import pytest

from tracker.reminders.life import Life, Night, judge_night, judge_signs

NOW = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)  # ten o'clock in the legal zone


def ago(**seconds: int | None) -> dict[str, datetime]:
    return {
        name: NOW - timedelta(seconds=past) for name, past in seconds.items() if past is not None
    }


@pytest.mark.parametrize(
    ("beat", "started", "life", "words"),
    [
        (0, None, Life.WELL, "ok"),
        (-5, None, Life.WELL, "ok"),  # another machine's clock
        (20, None, Life.WELL, "ok"),
        (21, None, Life.SILENT, "no sign of life for 21 s"),
        (21, 60, Life.STARTING, "no sign of life for 21 s"),
        (21, 61, Life.SILENT, "no sign of life for 21 s"),
        (None, 3, Life.STARTING, "no sign of life yet"),
        (None, None, Life.SILENT, "no sign of life yet"),
        (5, 3, Life.WELL, "ok"),
    ],
)
def test_silence_is_longer_than_two_ticks(
    beat: int | None, started: int | None, life: Life, words: str
) -> None:
    signs = ago(beat=beat, worker=1, started=started)

    found = judge_signs(signs, now=NOW, tick_seconds=10, scans=False)

    assert [(sign.name, sign.life, sign.words) for sign in found] == [
        ("beat", life, words),
        ("worker", Life.WELL, "ok"),
    ]


@pytest.mark.parametrize(("seconds", "life"), [(300, Life.WELL), (301, Life.SILENT)])
def test_scanner_is_judged_where_there_is_one(seconds: int, life: Life) -> None:
    signs = ago(beat=1, worker=1, scanner=seconds)

    *_others, scanner = judge_signs(signs, now=NOW, tick_seconds=10, scans=True)

    assert (scanner.name, scanner.life) == ("scanner", life)
    assert len(judge_signs(signs, now=NOW, tick_seconds=10, scans=False)) == 2


@pytest.mark.parametrize(
    ("done_hours", "taken_minutes", "state", "next_hours"),
    [
        (3, 200, Night.DONE, 20),
        (4, 240, Night.DONE, 20),  # at six o'clock sharp
        (5, 300, Night.WAITING, -4),
        (28, 5, Night.RUNNING, -4),
        (28, 15, Night.WAITING, -4),  # crashed: it may be taken again
        (None, None, Night.WAITING, -4),
        (None, 1, Night.RUNNING, -4),
    ],
)
def test_night_is_done_under_way_or_due(
    done_hours: int | None, taken_minutes: int | None, state: Night, next_hours: int
) -> None:
    signs = {}
    if done_hours is not None:
        signs["nightly"] = NOW - timedelta(hours=done_hours)
    if taken_minutes is not None:
        signs["nightly-taken"] = NOW - timedelta(minutes=taken_minutes)

    run = judge_night(signs, now=NOW)

    assert (run.state, run.next_at) == (state, NOW + timedelta(hours=next_hours))
