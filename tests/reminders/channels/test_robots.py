"""Robots by apprise's own request, over TLS to a server that stands at the vendors' names.

Whether the vendors take it can be tried with the vendors only; what they document is held to here.
"""

import base64
import hashlib
import hmac
import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from plants.models import Person, Plant
from tests.factories import NOW, RequirementFactory, manager_of
from tests.https import HttpsServer
from tests.reminders.channels.conftest import (
    ADDRESSES,
    make_channel,
    plan_for_channels,
    plan_night,
    send_to_channels,
)
from tests.reminders.conftest import due_in
from tracker.audit import Actor
from tracker.reminders.channels.addresses import ROBOTS
from tracker.reminders.channels.setup import plan_test
from tracker.reminders.channels.wire import Wire
from tracker.reminders.models import ChannelKind, ChannelPost

pytestmark = pytest.mark.django_db
DINGTALK, WECOM, FEISHU, _WEBHOOK = ChannelKind
ROOT = Path(__file__).resolve().parents[3]
TAKEN: dict[str, bytes] = {
    DINGTALK: b'{"errcode":0,"errmsg":"ok"}',
    WECOM: b'{"errcode":0,"errmsg":"ok"}',
    FEISHU: b'{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}',
}
REFUSED: dict[str, bytes] = {
    DINGTALK: b'{"errcode":310000,"errmsg":"keywords not in content"}',
    WECOM: b'{"errcode":93000,"errmsg":"invalid webhook url"}',
    FEISHU: b'{"code":19024,"data":{},"msg":"Key Words Not Found"}',
}
ROBOT_KINDS = list(TAKEN)


def host_of(kind: str) -> str:
    return ROBOTS[ChannelKind(kind)].host


def tell(
    plant: Plant, by: Person, wire: Wire, kind: str, *, rows: int = 1, **given: Any
) -> ChannelPost:
    """A robot of the plant's, and a day that is told to it."""
    channel = make_channel(plant, by, kind=kind, **given)
    manager_of(plant)
    rule = RequirementFactory.create(title_zh="封闭*物料*储存[一](二)_三_", title_en="Enclose")
    for number in range(rows):
        due_in(7 if number else -7, plant=plant, requirement=rule, period=f"2026-{number:02d}")
    plan_night()
    plan_for_channels()
    send_to_channels(wire)
    return channel.posts.get()


def text_in(kind: str, body: bytes) -> str:
    """What the group reads."""
    told = json.loads(body)
    if kind == DINGTALK:
        assert told["msgtype"] == "markdown"
        return str(told["markdown"]["text"])
    if kind == WECOM:
        assert told["msgtype"] == "text"
        return str(told["text"]["content"])
    assert told["msg_type"] == "interactive"
    title = told["card"]["header"]["title"]["content"]
    return f"{title}\n{told['card']['elements'][0]['text']['content']}"


@pytest.mark.parametrize("kind", ROBOT_KINDS)
def test_a_day_reaches_the_group(
    plant: Plant, administrator: Person, server: HttpsServer, wire: Wire, kind: str
) -> None:
    server.bodies[host_of(kind)] = TAKEN[kind]

    post = tell(plant, administrator, wire, kind, rows=2)

    assert (post.state, post.answer_status) == ("sent", 200)
    [posted] = server.received
    assert f"https://{posted.host}{posted.path}".rstrip("/") == ADDRESSES[ChannelKind(kind)]
    text = text_in(kind, posted.body)
    for words in (plant.name_zh, "2026-09-01", "1 项逾期", "逾期 7 天", "剩 7 天"):
        assert words in text
    for obligation in plant.obligations.all():
        assert f"/obligations/{obligation.pk}/" in text
    assert ("封闭＊物料＊储存［一］(二)＿三＿" in text) == (kind != WECOM)


@pytest.mark.parametrize("kind", ROBOT_KINDS)
@pytest.mark.parametrize(
    ("status", "body"), [(200, None), (200, b"<html>"), (200, b"[]"), (200, b"{}"), (500, b"no")]
)
def test_a_refusal_with_a_friendly_status_is_none_the_less_one(
    plant: Plant,
    administrator: Person,
    server: HttpsServer,
    wire: Wire,
    kind: str,
    status: int,
    body: bytes | None,
) -> None:
    server.statuses[host_of(kind)] = status
    server.bodies[host_of(kind)] = answer = REFUSED[kind] if body is None else body

    post = tell(plant, administrator, wire, kind)

    assert (post.state, post.attempts, post.answer_status) == ("planned", 1, status)
    assert post.answer == answer.decode()
    assert post.fault != ""
    server.bodies[host_of(kind)] = TAKEN[kind]
    server.statuses.clear()
    send_to_channels(wire, 2)
    post.refresh_from_db()
    assert (post.state, len(server.received)) == ("sent", 2)


def test_dingtalk_is_signed(
    plant: Plant, administrator: Person, server: HttpsServer, wire: Wire
) -> None:
    """As the vendor documents: HMAC-SHA256 of the time, a line's end and the secret."""
    secret = "SEC0123456789abcdef"
    server.bodies[host_of(DINGTALK)] = TAKEN[DINGTALK]

    tell(plant, administrator, wire, DINGTALK, secret=secret)

    [posted] = server.received
    asked = {name: values[0] for name, values in parse_qs(urlsplit(posted.path).query).items()}
    signed = f"{asked['timestamp']}\n{secret}".encode()
    wanted = base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest())
    assert asked["sign"] == wanted.decode()
    assert asked["access_token"] == "0123456789abcdef"


@pytest.mark.parametrize("kind", ROBOT_KINDS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_message_is_never_longer_than_the_vendor_takes(
    plant: Plant, administrator: Person, server: HttpsServer, wire: Wire, kind: str, language: str
) -> None:
    most = 2048 if kind == WECOM else 20_000
    server.bodies[host_of(kind)] = TAKEN[kind]

    tell(plant, administrator, wire, kind, rows=40, language=language)

    text = text_in(kind, server.received[0].body)
    assert len(text.encode()) <= most
    assert ("还有" if language == "zh-hans" else " more") in text
    assert text.count("/obligations/") >= 5


@pytest.mark.parametrize("kind", ROBOT_KINDS)
def test_a_test_message_says_that_it_is_one(
    plant: Plant, administrator: Person, server: HttpsServer, wire: Wire, kind: str
) -> None:
    server.bodies[host_of(kind)] = TAKEN[kind]
    channel = make_channel(plant, administrator, kind=kind, language="en")
    plan_test(channel, by=Actor(administrator, "tests"), at=NOW)

    send_to_channels(wire)

    assert "This is a test" in text_in(kind, server.received[0].body)
    assert channel.posts.get().state == "sent"


def test_a_web_process_never_imports_what_is_slow() -> None:
    script = (
        "import os, sys, django; "
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'; django.setup(); "
        "import tracker.urls, tracker.tasks, tracker.wsgi; "
        "print({'apprise', 'tracker.reminders.channels.robots'} & set(sys.modules))"
    )

    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)

    assert (done.stdout.strip(), done.stderr) == ("set()", "")
