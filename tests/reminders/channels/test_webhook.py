"""A webhook's request is what docs/webhook.md says, by the example that it gives."""

import json
import re
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse

from plants.models import Plant
from tests.factories import NOW, manager_of
from tests.https import HttpsServer, Posted
from tests.reminders.channels.conftest import (
    SECRET,
    plan_for_channels,
    plan_night,
    send_to_channels,
)
from tests.reminders.conftest import due_in
from tracker.reminders.channels.wire import Wire
from tracker.reminders.models import Channel, ChannelPost

pytestmark = pytest.mark.django_db
GUIDE = Path(__file__).resolve().parents[3] / "docs" / "webhook.md"


def blocks(language: str) -> list[str]:
    """What the guide shows in this language."""
    return re.findall(rf"```{language}\n(.*?)```", GUIDE.read_text(), re.S)


@pytest.fixture
def is_ours() -> Callable[[dict[str, str], bytes, str], bool]:
    """The guide's own example."""
    [example] = blocks("python")
    assert len(example.strip().splitlines()) <= 15
    known: dict[str, Any] = {}
    exec(compile(example, str(GUIDE), "exec"), known)
    function: Callable[[dict[str, str], bytes, str], bool] = known["is_ours"]
    return function


@pytest.fixture
def posted(plant: Plant, channel: Channel, server: HttpsServer, wire: Wire) -> Posted:
    """A day's post."""
    manager_of(plant)
    due_in(7, plant=plant)
    plan_night()
    plan_for_channels()
    send_to_channels(wire)
    return server.received[0]


def test_the_guides_example_takes_what_is_ours(
    posted: Posted, is_ours: Callable[[dict[str, str], bytes, str], bool]
) -> None:
    with time_machine.travel(NOW, tick=False):
        assert is_ours(posted.headers, posted.body, SECRET)
        assert not is_ours(posted.headers, posted.body + b" ", SECRET)
        assert not is_ours(posted.headers, posted.body, SECRET[::-1])
        later = {**posted.headers, "X-ULE-Timestamp": str(int(time.time()) + 1)}
        assert not is_ours(later, posted.body, SECRET)
    with time_machine.travel(NOW.timestamp() + 400, tick=False):
        assert not is_ours(posted.headers, posted.body, SECRET)


def test_the_body_has_what_the_guide_shows(posted: Posted) -> None:
    [example] = [json.loads(block) for block in blocks("json")]
    told = json.loads(posted.body)

    assert shape_of(told) == shape_of(example)
    assert (told["schema"], told["kind"]) == (example["schema"], example["kind"])
    assert datetime.fromisoformat(told["sent_at"]).timestamp() == pytest.approx(
        NOW.timestamp(), abs=60
    )


def shape_of(value: object) -> object:
    """The same for two JSON values with the same names and types."""
    if isinstance(value, dict):
        return {name: shape_of(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape_of(value[0])]
    return type(value)


def test_headers_and_body_name_the_same_post(posted: Posted) -> None:
    post, told = ChannelPost.objects.get(), json.loads(posted.body)

    assert posted.headers["X-ULE-Delivery"] == told["id"] == str(post.delivery)
    assert posted.headers["X-ULE-Event"] == told["kind"] == post.kind
    assert told["occasion"] == post.occasion


def test_links_lead_to_the_pages(posted: Posted) -> None:
    [item] = json.loads(posted.body)["items"]

    page = reverse("obligation", args=[item["obligation"]])
    assert item["url"] == f"{settings.SITE_URL}{page}"
