"""What channels are promised: once for each occasion, at their time, and nothing of before."""

from datetime import datetime, timedelta

import pytest

from plants.models import Authority, Person, Plant
from tests.factories import NOW, TODAY, PlantFactory, administrator_of, manager_of, officer_of
from tests.flows.test_races import at_once
from tests.reminders.channels.conftest import (
    make_channel,
    plan_for_channels,
    plan_night,
    post_states,
    return_one,
)
from tests.reminders.conftest import due_in, plan, review_of
from tracker.reminders.channels.plan import plan_day
from tracker.reminders.channels.schedule import ChannelDay
from tracker.reminders.models import Channel, ChannelPost
from tracker.reminders.plan import plan_reminders

pytestmark = pytest.mark.django_db
HALF_PAST_EIGHT = datetime.fromisoformat("2026-09-01T08:30:00+08:00")


@pytest.fixture
def owed(plant: Plant, channel: Channel) -> Channel:
    """The channel of a plant that owes something in a week, and has somebody to be reminded."""
    due_in(7, plant=plant)
    manager_of(plant)
    return channel


def test_a_day_is_promised_once_for_half_past_eight(owed: Channel) -> None:
    six = HALF_PAST_EIGHT - timedelta(hours=2, minutes=30)
    plan_reminders(today=TODAY, at=six)

    assert [plan_day(at=six), plan_day(at=six), plan_for_channels()] == [1, 0, 0]
    post = ChannelPost.objects.get()
    assert (post.kind, post.occasion) == ("daily", "2026-09-01")
    assert (post.planned_at, post.next_attempt_at) == (six, HALF_PAST_EIGHT)


def test_a_night_that_comes_late_is_told_of_at_once(owed: Channel) -> None:
    plan_night()

    assert [plan_day(at=NOW), plan_day(at=NOW), plan_for_channels(1)] == [1, 0, 0]
    assert ChannelPost.objects.get().next_attempt_at == NOW


def test_the_sweep_makes_up_for_a_night_that_promised_nothing(owed: Channel) -> None:
    plan_night()

    assert [plan_for_channels(1), plan_for_channels(2)] == [1, 0]


def test_the_sweep_waits_for_the_night(owed: Channel) -> None:
    """Half of what the day brings would be told."""
    plan()

    assert plan_for_channels() == 0


def test_a_channel_hears_of_its_plants_only(
    plant: Plant, administrator: Person, owed: Channel
) -> None:
    division = PlantFactory.create(authority__code="corps-08", place__code="shihezi")
    corps = make_channel(division, administrator_of(division.authority))
    county = make_channel(plant.authority, administrator)
    region = make_channel(Authority.objects.get(code="region"), administrator)
    plan_night()
    return_one(plant)

    plan_for_channels()

    told = set(ChannelPost.objects.values_list("channel", "kind"))
    assert told == {
        (each.pk, kind) for each in (owed, county, region) for kind in ("daily", "returned")
    }
    assert corps.posts.count() == 0


def test_nothing_of_before_the_channel_is_promised(plant: Plant, administrator: Person) -> None:
    due_in(7, plant=plant)
    manager_of(plant)
    return_one(plant)
    plan_night()

    make_channel(plant, administrator, at=NOW)
    make_channel(plant, administrator, at=NOW - timedelta(hours=1))

    assert plan_for_channels() == 1
    assert post_states() == [("returned", "planned")]


def test_an_ended_channel_is_promised_nothing(
    plant: Plant, administrator: Person, owed: Channel
) -> None:
    Channel.objects.update(ended_at=NOW, ended_by=administrator)
    return_one(plant)
    plan_night()

    assert plan_for_channels() == 0


def test_days_off_are_quiet_and_told_of_on_the_next_day_at_work(
    owed: Channel, plant: Plant
) -> None:
    """2026-09-05 is a Saturday, on which only what is due that day is planned."""
    due_in(4, plant=plant)
    plan_night(days=4)

    assert plan_for_channels(minutes=4 * 24 * 60) == 0
    plan_night(days=6)
    assert plan_for_channels(minutes=6 * 24 * 60) == 1
    assert ChannelPost.objects.get().occasion == "2026-09-07"
    assert ChannelDay(TODAY + timedelta(days=6)).begins_at < NOW + timedelta(days=4)


def test_escalations_are_one_post_a_day(plant: Plant, channel: Channel) -> None:
    officer_of(plant.authority)
    for _ in range(3):
        due_in(-7, plant=plant)
    plan_night()

    plan_for_channels()
    plan_for_channels(1)

    assert ChannelPost.objects.filter(kind="escalation").count() == 1


def test_what_was_accepted_is_no_news_for_a_group(plant: Plant, channel: Channel) -> None:
    review_of(due_in(40, plant=plant), manager_of(plant))

    assert plan_for_channels() == 0


@pytest.mark.django_db(transaction=True)
def test_two_planners_at_once_promise_once(owed: Channel, plant: Plant) -> None:
    return_one(plant)
    plan_night()

    outcomes = at_once(*[plan_for_channels] * 4)

    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert sorted(post_states()) == [("daily", "planned"), ("returned", "planned")]
