"""The vendors' robots, in apprise's words: only a worker imports this, since apprise is slow to.

apprise knows each vendor's address, signature and message; what it makes goes out over our wire.
By itself it takes any answer with the status 200 for a success, where the vendors put their
refusals into the answer's body, and it says no more than yes or no: neither is a proof.
"""

import json
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, Protocol, cast
from urllib.parse import unquote, urlencode, urlsplit

import requests
from apprise import NotifyFormat
from apprise.plugins import dingtalk, feishu, wecombot

from tracker.reminders.channels.addresses import ROBOTS
from tracker.reminders.channels.told import Told
from tracker.reminders.channels.wire import Answer, Request
from tracker.reminders.channels.words import markdown_of, text_of, title_of
from tracker.reminders.models import ChannelKind

# The vendors' limits on a message, with room for what stands around the text.
ROOM = {
    ChannelKind.DINGTALK: 16_000,
    ChannelKind.WECOM: 1_900,
    ChannelKind.FEISHU: 16_000,
}
SUCCESS = (0, "0")


class _Plugin(Protocol):
    def send(self, body: str, title: str = "", *, body_format: NotifyFormat) -> bool: ...


class _Written(Exception):
    """Carries what apprise would have sent out of its plugin."""

    def __init__(self, request: Request) -> None:
        super().__init__()
        self.request = request


def _write(
    url: str,
    *,
    data: str | bytes,
    headers: Mapping[str, str],
    params: Mapping[str, str] | None = None,
    **_ours: Any,
) -> Any:
    """Where the plugins would post: time-out, redirects and certificates are our wire's."""
    # apprise quotes the signature by itself, and the vendor unquotes it once only.
    asked = {name: unquote(value) for name, value in (params or {}).items()}
    address = f"{url}&{urlencode(asked)}" if asked else url
    raise _Written(Request(address, data.encode() if isinstance(data, str) else data, headers))


_PAPER = SimpleNamespace(
    post=_write, codes=requests.codes, RequestException=requests.RequestException
)
for _module in (dingtalk, feishu, wecombot):
    cast(Any, _module).requests = _PAPER


def write_request(kind: str, *, token: str, secret: str, told: Told) -> Request:
    """What apprise makes of it, in the active language; to the vendor's own host and no other."""
    room, title = ROOM[ChannelKind(kind)], title_of(told)
    plugin = _plugin(kind, token, secret)
    try:
        if kind == ChannelKind.WECOM:
            text = text_of(told, room=room - len(title.encode()) - 1)
            plugin.send(f"{title}\n{text}", body_format=NotifyFormat.TEXT)
        else:
            plugin.send(markdown_of(told, room=room), title, body_format=NotifyFormat.MARKDOWN)
    except _Written as written:
        request = written.request
    else:
        raise RuntimeError("apprise posts by another way than it did.")
    if urlsplit(request.address).hostname != ROBOTS[ChannelKind(kind)].host:
        raise RuntimeError("apprise writes to another host than the vendor's.")
    return request


def refusal_of(answer: Answer) -> str:
    """Why the vendor did not take it; empty where it did: DingTalk and WeCom say errcode 0, Feishu
    says code 0 or StatusCode 0."""
    if answer.status != 200:
        return f"HTTP {answer.status}"
    try:
        said = json.loads(answer.content)
    except ValueError:
        return "no answer in JSON"
    if not isinstance(said, dict):
        return "no answer in JSON"
    code = said.get("errcode", said.get("code", said.get("StatusCode")))
    if code in SUCCESS:
        return ""
    return f"{code} {said.get('errmsg', said.get('msg', said.get('StatusMessage', '')))}"


def _plugin(kind: str, token: str, secret: str) -> _Plugin:
    if kind == ChannelKind.DINGTALK:
        return cast(_Plugin, dingtalk.NotifyDingTalk(token=token, secret=secret or None))
    if kind == ChannelKind.WECOM:
        return cast(_Plugin, wecombot.NotifyWeComBot(key=token))
    return cast(_Plugin, feishu.NotifyFeishu(token=token))
