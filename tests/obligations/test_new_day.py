"""A new day that nobody can mean is not taken; one that is there ends no run and breaks no page."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils.translation import override

from tests.factories import NOW, TODAY, Cast, RequirementFactory, cast
from tracker.audit import Actor
from tracker.obligations.models import Obligation, Relief, ReliefKind, ReliefState
from tracker.obligations.new_day import latest_new_day
from tracker.obligations.preview import preview_rules
from tracker.obligations.relief import ReliefRefused, ask_relief, decide_relief
from tracker.obligations.schedule import schedule_obligations
from tracker.regulations.models import Requirement

BY = Actor(None, "tests")
LAST = date.max


@pytest.fixture
def world(db: None) -> Cast:
    return cast()


def last_owed(world: Cast) -> Obligation:
    RequirementFactory.create(due={"every": "month", "days_after": 5})
    schedule_obligations(today=TODAY, by=BY, at=NOW)
    owed = Obligation.objects.filter(plant=world.plant).select_related("plant__authority")
    return owed.latest("due_on")


def ask(world: Cast, owed: Obligation, until: date) -> Relief:
    return ask_relief(
        obligation=owed,
        kind=ReliefKind.EXTENSION,
        new_due_on=until,
        reason="设备交货推迟",
        token=uuid4(),
        by=Actor(world.manager, "tests"),
        at=NOW,
        today=TODAY,
    )


def far_extension(world: Cast, owed: Obligation, state: str) -> Relief:
    """One that was asked for before its day was looked at."""
    return Relief.objects.create(
        obligation=owed,
        kind=ReliefKind.EXTENSION,
        due_on_before=owed.due_on,
        new_due_on=LAST,
        reason="设备交货推迟",
        token=uuid4(),
        asked_by=world.manager,
        asked_at=NOW,
        state=state,
        state_changed_at=NOW,
        agreed_authority=world.plant.authority if state == ReliefState.GRANTED else None,
    )


@pytest.mark.parametrize(
    ("due_on", "latest"),
    [
        (date(2027, 10, 31), date(2032, 10, 31)),
        (date(2020, 10, 31), date(2031, 9, 1)),
        (date(2028, 2, 29), date(2033, 2, 28)),
        (date(2098, 1, 1), date(2099, 12, 31)),
        (LAST, date(2099, 12, 31)),
    ],
)
def test_latest_day_is_five_years_on(due_on: date, latest: date) -> None:
    assert latest_new_day(due_on, today=TODAY) == latest


@pytest.mark.parametrize("days", [1, 365_000])
def test_day_beyond_the_latest_is_refused(world: Cast, days: int) -> None:
    owed = last_owed(world)
    latest = latest_new_day(owed.due_on, today=TODAY)

    with override("en"), pytest.raises(ReliefRefused, match=f"can be {latest} at the latest"):
        ask(world, owed, latest + timedelta(days=days))

    assert ask(world, owed, latest).new_due_on == latest


def test_request_for_a_far_day_that_waits_can_only_be_refused(world: Cast) -> None:
    owed = last_owed(world)
    waiting = far_extension(world, owed, ReliefState.ASKED)

    def decide(*, granted: bool) -> str:
        relief = Relief.objects.select_related("obligation__plant__authority").get(pk=waiting.pk)
        officer = Actor(world.changji_officer, "tests")
        decided = decide_relief(
            relief=relief, granted=granted, reason="日期有误", by=officer, at=NOW, today=TODAY
        )
        return decided.state

    with pytest.raises(ReliefRefused):
        decide(granted=True)
    assert decide(granted=False) == ReliefState.REFUSED


def test_far_day_that_was_granted_ends_no_run_and_no_preview(world: Cast) -> None:
    owed = last_owed(world)
    far_extension(world, owed, ReliefState.GRANTED)
    schedule_obligations(today=TODAY, by=BY, at=NOW)
    owed.refresh_from_db()

    again = schedule_obligations(today=TODAY, by=BY, at=NOW)
    impact = preview_rules(list(Requirement.objects.all()), today=TODAY)

    assert owed.due_on == LAST
    assert not again.changed_anything
    assert impact.is_nothing
