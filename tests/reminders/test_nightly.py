from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tracker.reminders.nightly import finish_night, take_night

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
SIX = datetime(2026, 12, 31, 6, 0, tzinfo=SHANGHAI)


def run(now: datetime) -> bool:
    """A night's run that comes to its end."""
    taken = take_night(now=now)
    if taken:
        finish_night(now=now)
    return taken


def test_once_a_day_from_six_on() -> None:
    run(SIX - timedelta(days=1))

    minutes = [-360, -1, 0, 1, 60, 1079, 1080, 1439, 1440, 1441]
    taken = [minute for minute in minutes if run(SIX + timedelta(minutes=minute))]

    assert taken == [0, 1440]


def test_a_site_that_was_off_at_six_runs_when_it_is_back() -> None:
    run(SIX - timedelta(days=3))

    assert run(SIX + timedelta(hours=9)) is True
    assert run(SIX + timedelta(hours=9, minutes=1)) is False
    assert run(SIX + timedelta(days=1)) is True


def test_a_new_site_runs_at_once_even_before_six() -> None:
    assert run(SIX - timedelta(hours=3)) is True
    assert run(SIX - timedelta(hours=2)) is False
    assert run(SIX) is True


def test_a_run_that_is_going_on_is_not_started_again() -> None:
    assert take_night(now=SIX) is True
    assert take_night(now=SIX + timedelta(minutes=14)) is False


def test_a_run_that_crashed_is_started_again() -> None:
    assert take_night(now=SIX) is True
    assert take_night(now=SIX + timedelta(minutes=15)) is True
    finish_night(now=SIX + timedelta(minutes=15))

    assert take_night(now=SIX + timedelta(minutes=40)) is False
