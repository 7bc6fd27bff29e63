"""How posts get to a webhook that is there, away, slow, or refuses; and what a death costs."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection

from plants.models import Authority, Person, Plant
from tests.factories import NOW, manager_of, officer_of
from tests.flows.test_races import at_once
from tests.https import HttpsServer
from tests.reminders.channels.conftest import (
    HOOK,
    LONG_BEFORE,
    OTHER,
    make_channel,
    plan_for_channels,
    plan_night,
    post_states,
    return_one,
    send_to_channels,
)
from tests.reminders.conftest import due_in
from tracker.audit import Actor
from tracker.reminders.channels import claims
from tracker.reminders.channels.send import send_posts
from tracker.reminders.channels.setup import end_channel, plan_test
from tracker.reminders.channels.wire import Wire
from tracker.reminders.models import Channel, ChannelPost, PostState

pytestmark = pytest.mark.django_db


@pytest.fixture
def returned(plant: Plant, channel: Channel) -> ChannelPost:
    """A post that waits."""
    return_one(plant)
    plan_for_channels()
    return ChannelPost.objects.get()


def test_a_post_goes_once(returned: ChannelPost, server: HttpsServer, wire: Wire) -> None:
    counted = [send_to_channels(wire, minutes).sent for minutes in (0, 0, 5)]

    assert counted == [1, 0, 0]
    assert len(server.received) == 1
    returned.refresh_from_db()
    assert (returned.state, returned.attempts, returned.fault) == ("sent", 1, "")
    assert (returned.answer_status, returned.answer) == (200, "ok")
    assert returned.sent_at is not None


@pytest.mark.parametrize("status", [500, 404, 410, 302, 307])
def test_what_is_not_taken_waits_longer_each_time(
    returned: ChannelPost, server: HttpsServer, wire: Wire, status: int
) -> None:
    server.statuses[HOOK], server.bodies[HOOK] = status, b"no\nnot now"
    server.headers[HOOK] = {"Location": "https://127.0.0.1/"}
    waits, minute = [], 0.0
    for _ in range(5):
        send_to_channels(wire, minute)
        returned.refresh_from_db()
        waits.append(round((returned.next_attempt_at - NOW).total_seconds() / 60 - minute))
        minute += waits[-1] + 0.5

    assert waits == [1, 5, 15, 60, 60]
    assert (returned.state, returned.attempts) == ("planned", 5)
    assert returned.fault.startswith(f"HTTP {status}")
    assert (returned.answer_status, returned.answer) == (status, "no")
    assert len(server.received) == 5
    assert len({posted.headers["X-ULE-Delivery"] for posted in server.received}) == 1
    server.statuses.clear()
    send_to_channels(wire, minute)
    assert post_states() == [("returned", "sent")]


def test_after_three_days_it_has_failed(
    returned: ChannelPost, server: HttpsServer, wire: Wire
) -> None:
    """A first attempt is made however long the worker was away."""
    server.statuses[HOOK] = 500
    three_days = 3 * 24 * 60

    send_to_channels(wire, three_days + 1)
    send_to_channels(wire, three_days + 100)

    assert post_states() == [("returned", "failed")]
    assert len(server.received) == 1


def test_a_channel_that_failed_comes_last(
    plant: Plant, administrator: Person, server: HttpsServer, wire: Wire
) -> None:
    """Though what is new has not failed itself, and the other channel is younger."""
    make_channel(plant, administrator)
    make_channel(plant, administrator, address=f"https://{OTHER}/", at=NOW - timedelta(days=1))
    server.held.add(HOOK)
    return_one(plant)
    plan_for_channels()
    send_to_channels(wire)
    assert server.hosts() == [HOOK, OTHER]
    return_one(plant)
    plan_for_channels()

    send_to_channels(wire, 0.5)

    assert server.hosts() == [HOOK, OTHER, OTHER, HOOK]


def test_a_hang_costs_the_channel_its_turn(
    plant: Plant, administrator: Person, server: HttpsServer, wire: Wire
) -> None:
    make_channel(plant, administrator)
    make_channel(plant, administrator, address=f"https://{OTHER}/")
    server.held.add(HOOK)
    for _ in range(3):
        return_one(plant)
    plan_for_channels()

    report = send_to_channels(wire)

    assert (report.sent, report.postponed) == (3, 1)
    assert server.hosts() == [HOOK, *[OTHER] * 3]
    states = list(ChannelPost.objects.filter(fault__startswith="TooSlow").values_list("attempts"))
    assert states == [(1,)]
    server.held.clear()
    server.go_on.set()
    send_to_channels(wire, 2)
    assert {state for _kind, state in post_states()} == {"sent"}
    assert len(server.received) == 7


@pytest.mark.django_db(transaction=True)
def test_a_stamp_is_tried_again_and_then_left_to_the_claims_end(
    returned: ChannelPost, server: HttpsServer, wire: Wire
) -> None:
    """While the stamp fails, the row stays claimed: nobody sends it in the meantime."""
    broken = FailingStamps(times=2)
    with connection.execute_wrapper(broken):
        report = send_posts(now=NOW, wire=wire, stamp_waits=(0.0,))
    assert (report.sent, post_states()) == (0, [("returned", "claimed")])

    later = NOW + timedelta(minutes=6)
    claims.reclaim_stale(now=later)
    with connection.execute_wrapper(FailingStamps(times=1)):
        again = send_posts(now=later, wire=wire, stamp_waits=(0.0,))

    assert (again.sent, post_states()) == (1, [("returned", "sent")])
    assert len(server.received) == 2


@dataclass
class FailingStamps:
    """Fails as a locked database does, as often as told, on the statement that stamps."""

    times: int

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        stamps = sql.startswith("UPDATE") and "sent" in (params or ())
        if stamps and self.times:
            self.times -= 1
            raise OperationalError("database is locked")
        return execute(sql, params, many, context)


def test_a_name_that_leads_inside_is_a_fault(
    returned: ChannelPost, server: HttpsServer, wire: Wire
) -> None:
    guarded = Wire(resolve=server.resolve, trust=wire.trust)

    send_to_channels(guarded)

    returned.refresh_from_db()
    assert "private network" in returned.fault
    assert (returned.state, server.received) == ("planned", [])


def test_a_worker_that_died_before_the_stamp_posts_at_most_twice(
    returned: ChannelPost, server: HttpsServer, wire: Wire
) -> None:
    """The receiver tells the double by its delivery id."""
    send_to_channels(wire)
    ChannelPost.objects.update(
        state=PostState.CLAIMED, sent_at=None, claimed_at=NOW, claim=returned.delivery
    )

    for minutes in (1, 4.9, 5, 6, 60):
        claims.reclaim_stale(now=NOW + timedelta(minutes=minutes))
        send_to_channels(wire, minutes)

    assert post_states() == [("returned", "sent")]
    assert len(server.received) == 2
    assert len({posted.headers["X-ULE-Delivery"] for posted in server.received}) == 1


def test_a_claim_that_was_lost_can_stamp_nothing(
    returned: ChannelPost, server: HttpsServer, wire: Wire
) -> None:
    held = claims.claim(returned, at=NOW)
    assert held is not None
    claims.reclaim_stale(now=NOW + timedelta(minutes=5))
    other = claims.claim(returned, at=NOW + timedelta(minutes=5))
    assert other is not None

    claims.try_later(returned, held, fault="late", at=NOW)
    claims.call_off(returned, held, why="late")

    returned.refresh_from_db()
    assert (returned.state, returned.claim, returned.fault) == ("claimed", other, "")


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_post_once(
    plant: Plant, channel: Channel, server: HttpsServer, wire: Wire
) -> None:
    for _ in range(5):
        return_one(plant)
    plan_for_channels()

    outcomes = at_once(*[lambda: send_to_channels(wire)] * 3)

    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    deliveries = [posted.headers["X-ULE-Delivery"] for posted in server.received]
    assert len(deliveries) == len(set(deliveries)) == 5
    assert {state for _kind, state in post_states()} == {"sent"}


def test_what_was_settled_before_it_went_is_called_off(
    plant: Plant, channel: Channel, server: HttpsServer, wire: Wire
) -> None:
    obligation = due_in(7, plant=plant)
    manager_of(plant)
    plan_night()
    plan_for_channels()
    obligation.state = "waived"
    obligation.save(update_fields=["state"])

    send_to_channels(wire)

    assert post_states() == [("daily", "cancelled")]
    assert server.received == []


def test_the_end_of_a_channel_calls_off_what_waits(
    returned: ChannelPost, administrator: Person, server: HttpsServer, wire: Wire
) -> None:
    end_channel(returned.channel, by=Actor(administrator, "tests"), at=NOW)

    send_to_channels(wire)

    assert post_states() == [("returned", "cancelled")]
    assert server.received == []


def test_a_secret_key_that_was_changed_is_said_and_loses_nothing(
    returned: ChannelPost, server: HttpsServer, wire: Wire, settings: Any
) -> None:
    before = settings.SECRET_KEY
    settings.SECRET_KEY = "another key"
    send_to_channels(wire)
    returned.refresh_from_db()
    assert "another SECRET_KEY" in returned.fault
    settings.SECRET_KEY_FALLBACKS = [before]

    send_to_channels(wire, 1.1)

    assert post_states() == [("returned", "sent")]


def test_a_day_tells_counts_and_the_twenty_that_press_most(
    plant: Plant, administrator: Person, server: HttpsServer, wire: Wire
) -> None:
    """Each obligation once, however many people are reminded of it."""
    make_channel(Authority.objects.get(code="region"), administrator, language="en")
    manager_of(plant)
    manager_of(plant)
    late = [due_in(-7, plant=plant) for _ in range(12)]
    coming = [due_in(7, plant=plant) for _ in range(12)]
    due_in(200, plant=plant)
    plan_night()
    plan_for_channels()

    send_to_channels(wire)

    [posted] = server.received
    told = json.loads(posted.body)
    assert told["counts"] == {"total": 24, "overdue": 12, "coming": 12, "waiting": 0}
    assert [item["obligation"] for item in told["items"]] == [
        each.pk for each in (late + coming)[:20]
    ]
    assert {item["days"] for item in told["items"]} == {-7, 7}
    assert told["scope"] == {"kind": "authority", "code": "region", "name": "Bureau region"}


def test_escalations_name_what_is_overdue_for_long(
    plant: Plant, channel: Channel, server: HttpsServer, wire: Wire
) -> None:
    officer_of(plant.authority)
    long_over = due_in(-7, plant=plant)
    due_in(7, plant=plant)
    plan_night()
    plan_for_channels()

    send_to_channels(wire)

    [escalation] = [json.loads(each.body) for each in server.received]
    assert escalation["kind"] == "escalation"
    assert [item["obligation"] for item in escalation["items"]] == [long_over.pk]


def test_a_test_message_goes_once_a_minute(
    channel: Channel, administrator: Person, server: HttpsServer, wire: Wire
) -> None:
    by = Actor(administrator, "tests")

    asked = [plan_test(channel, by=by, at=NOW + timedelta(seconds=each)) for each in (0, 30, 60)]
    send_to_channels(wire, 2)

    assert asked == [True, False, True]
    assert [json.loads(each.body)["kind"] for each in server.received] == ["test", "test"]
    assert channel.made_at == LONG_BEFORE
