"""A real server that stands for webhooks and vendors, and channels that lead to it."""

import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from plants.models import Authority, Person, Plant
from tests.factories import NOW, administrator_of, manager_of
from tests.https import HttpsServer, running_server
from tests.reminders.conftest import due_in, plan, review_of
from tracker.audit import Actor
from tracker.reminders.channels.addresses import ROBOTS
from tracker.reminders.channels.plan import plan_posts
from tracker.reminders.channels.send import PostReport, send_posts
from tracker.reminders.channels.setup import set_up_channel
from tracker.reminders.channels.wire import Wire
from tracker.reminders.models import Channel, ChannelKind, ChannelPost, Heartbeat

HOOK, OTHER = "hooks.example.cn", "other.example.cn"
SECRET = "a secret of 24 letters.."
ADDRESSES = {
    ChannelKind.DINGTALK: "https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef",
    ChannelKind.WECOM: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=633a31f6-7f9c-4bc4",
    ChannelKind.FEISHU: "https://open.feishu.cn/open-apis/bot/v2/hook/ca5a2e4f-1c1e-4f3b",
}
LONG_BEFORE = NOW - timedelta(days=20)


@pytest.fixture(scope="module")
def trusted(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[HttpsServer, Path]]:
    vendors = [robot.host for robot in ROBOTS.values()]
    folder: Path = tmp_path_factory.mktemp("tls")
    with running_server(folder, HOOK, OTHER, "localhost", *vendors) as running:
        yield running


@pytest.fixture
def server(trusted: tuple[HttpsServer, Path]) -> Iterator[HttpsServer]:
    """The module's server, with nothing received and nothing told."""
    running, _certificate = trusted
    yield running
    running.go_on.set()
    for each in (running.received, running.statuses, running.bodies, running.headers):
        each.clear()
    for hosts in (running.held, running.dripping):
        hosts.clear()
    running.go_on.clear()


@pytest.fixture
def wire(server: HttpsServer, trusted: tuple[HttpsServer, Path]) -> Wire:
    """Leads every name to the server, which is on this machine; patient for a second."""
    trust = ssl.create_default_context(cafile=str(trusted[1]))
    return Wire(allow_private=True, patience=1.0, resolve=server.resolve, trust=trust)


@pytest.fixture
def administrator(plant: Plant) -> Person:
    return administrator_of(Authority.objects.get(code="region"))


def make_channel(scope: Authority | Plant, by: Person, **given: Any) -> Channel:
    """A webhook of the scope that is there for long, unless told otherwise."""
    kind = given.get("kind", ChannelKind.WEBHOOK)
    is_webhook = kind == ChannelKind.WEBHOOK
    values = {
        "kind": kind,
        "name": "值班群",
        "language": "zh-hans",
        "address": f"https://{HOOK}/ule?key=1" if is_webhook else ADDRESSES[kind],
        "secret": SECRET if is_webhook else "",
        "at": LONG_BEFORE,
    } | given
    return set_up_channel(scope=scope, by=Actor(by, "tests"), **values)


@pytest.fixture
def channel(plant: Plant, administrator: Person) -> Channel:
    """A webhook of the plant's."""
    return make_channel(plant, administrator)


def return_one(plant: Plant) -> None:
    """Something that was handed in is returned now."""
    review_of(due_in(40, plant=plant), manager_of(plant), "缺少检测报告")


def plan_night(days: int = 0) -> None:
    """The night's reminders are planned, at ten: it was late."""
    plan(days)
    Heartbeat.objects.update_or_create(name="nightly", defaults={"at": NOW + timedelta(days=days)})


def plan_for_channels(minutes: float = 0) -> int:
    return plan_posts(at=NOW + timedelta(minutes=minutes))


def send_to_channels(wire: Wire, minutes: float = 0) -> PostReport:
    return send_posts(now=NOW + timedelta(minutes=minutes), wire=wire)


def post_states() -> list[tuple[str, str]]:
    return list(ChannelPost.objects.order_by("pk").values_list("kind", "state"))
