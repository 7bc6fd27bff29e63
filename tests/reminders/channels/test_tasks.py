"""The tasks as beat asks for them, each twice, by the system's own look-up and certificates."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from plants.models import Person, Plant
from tests.factories import NOW, RequirementFactory, manager_of
from tests.https import HttpsServer
from tests.mail import Server
from tests.reminders.channels.conftest import make_channel, post_states, return_one
from tracker import tasks
from tracker.reminders.models import ChannelPost, PostState

pytestmark = pytest.mark.django_db


@pytest.fixture
def hook(
    plant: Plant,
    administrator: Person,
    server: HttpsServer,
    trusted: tuple[HttpsServer, Path],
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> HttpsServer:
    """A webhook on this machine, which the site is told to believe."""
    settings.WEBHOOK_ALLOW_PRIVATE = True
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted[1]))
    make_channel(plant, administrator, address=f"https://localhost:{server.port}/ule")
    return server


def test_a_return_is_posted_once(plant: Plant, hook: HttpsServer) -> None:
    return_one(plant)

    with time_machine.travel(NOW, tick=False):
        tasks.send_channel_posts()
        tasks.send_channel_posts()

    assert [posted.headers["X-ULE-Event"] for posted in hook.received] == ["returned"]


def test_the_night_and_the_sweeps_post_one_day(
    plant: Plant, hook: HttpsServer, smtp_server: Server
) -> None:
    manager_of(plant)
    RequirementFactory.create(due={"on": (NOW + timedelta(days=7)).date().isoformat()})

    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(2):
            tasks.nightly()
            tasks.nightly_if_due()
            tasks.send_channel_posts()
            clock.shift(timedelta(hours=1))

    assert [posted.headers["X-ULE-Event"] for posted in hook.received] == ["daily"]
    assert post_states() == [("daily", "sent")]


def test_an_outage_of_the_channel_keeps_no_mail_back(
    plant: Plant, hook: HttpsServer, smtp_server: Server
) -> None:
    hook.statuses[f"localhost:{hook.port}"] = 500
    return_one(plant)

    with time_machine.travel(NOW, tick=False):
        tasks.send_channel_posts()
        tasks.send_due()

    assert post_states() == [("returned", "planned")]
    assert len(smtp_server.received) == 1


def test_what_a_dead_worker_held_is_taken_up(plant: Plant, hook: HttpsServer) -> None:
    return_one(plant)
    hook.statuses[f"localhost:{hook.port}"] = 500
    with time_machine.travel(NOW, tick=False) as clock:
        tasks.send_channel_posts()
        ChannelPost.objects.update(state=PostState.CLAIMED, claimed_at=NOW)
        hook.statuses.clear()
        clock.shift(timedelta(minutes=4))
        tasks.send_channel_posts()
        assert len(hook.received) == 1
        clock.shift(timedelta(minutes=1))
        tasks.send_channel_posts()
        tasks.send_channel_posts()

    assert post_states() == [("returned", "sent")]
    assert len(hook.received) == 2


def test_an_inner_network_is_closed_unless_the_site_says_otherwise(
    plant: Plant, hook: HttpsServer, settings: Any
) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = False
    return_one(plant)

    with time_machine.travel(NOW, tick=False):
        tasks.send_channel_posts()

    assert "private network" in ChannelPost.objects.get().fault
    assert hook.received == []
