"""Send what is promised to channels: claim, read, post, stamp."""

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import Error
from django.utils.translation import override

from tracker import vault
from tracker.reminders.channels import claims, faults, webhooks
from tracker.reminders.channels.addresses import token_of
from tracker.reminders.channels.lock import address_of, secret_of
from tracker.reminders.channels.told import Told, read_told
from tracker.reminders.channels.wire import Answer, Request, Unreachable, Wire
from tracker.reminders.claims import STAMP_WAITS, Watch
from tracker.reminders.models import Channel, ChannelKind, ChannelPost, PostState
from tracker.reminders.reasons import words_of

logger = logging.getLogger(__name__)

# The next minute's run takes up what is left.
RUN_LASTS = 50.0


@dataclass
class PostReport:
    """What a run did, in posts."""

    sent: int = 0
    postponed: int = 0
    cancelled: int = 0


def send_posts(
    *, now: datetime, wire: Wire | None = None, stamp_waits: Iterable[float] = STAMP_WAITS
) -> PostReport:
    """Send each post that is due, the channels in turn.

    The guarantee is the mails': nothing that was due is lost, since a row stays planned, or is
    planned again, until the other side has taken it; after three days of trying it has failed, and
    says why. Nothing is sent twice, except where this process or a connection dies between the
    other side's acceptance and our stamp, or its answer is lost on the way: then the row is claimed
    for five minutes, or waits for its next attempt, and goes again under the same delivery id, by
    which a webhook's receiver drops the double.

    Of several workers at once exactly one gets a row. A fault touches the one row alone; where
    nobody answers, or not in time, the channel loses its turn in this run. Channels that have
    failed and not yet got through come last, so that they keep none waiting that answers, and no
    post is begun after 50 seconds. Mails go in another task.
    """
    waiting = ChannelPost.objects.to_try(now=now).select_related(
        "channel__authority", "channel__plant"
    )
    turns: dict[Channel, list[ChannelPost]] = {}
    for post in waiting.order_by("planned_at", "pk"):
        turns.setdefault(post.channel, []).append(post)
    wire = wire or Wire(allow_private=settings.WEBHOOK_ALLOW_PRIVATE)
    run = _Run(Watch(now), time.monotonic() + RUN_LASTS, wire, stamp_waits, PostReport())
    failed = ChannelPost.objects.filter(state=PostState.PLANNED, attempts__gt=0)
    troubled = set(failed.values_list("channel", flat=True))
    for channel in sorted(turns, key=lambda each: each.pk in troubled):
        run.send_all(turns[channel])
    return run.report


@dataclass
class _Run:
    """One run over the channels that something waits for."""

    watch: Watch
    ends: float
    wire: Wire
    stamp_waits: Iterable[float]
    report: PostReport

    def send_all(self, posts: list[ChannelPost]) -> None:
        """One channel's, as long as it answers."""
        for post in posts:
            if time.monotonic() > self.ends or not self._send(post):
                return

    def _send(self, post: ChannelPost) -> bool:
        """Whether the channel keeps its turn."""
        key = claims.claim(post, at=self.watch.read())
        if key is None:
            return True
        try:
            answer = self._post(post, key)
        except Unreachable as fault:
            self._postpone(post, key, f"{type(fault).__name__}: {fault}")
            return False
        except vault.Unreadable:
            self._postpone(post, key, faults.UNREADABLE)
        except Exception as fault:
            # One post that can't be written must not keep the others from going out.
            logger.exception("No post could be made for channel %s", post.channel_id)
            self._postpone(post, key, words_of(fault))
        else:
            if answer is not None:
                self._settle(post, key, answer)
        return True

    def _post(self, post: ChannelPost, key: UUID) -> Answer | None:
        """The answer; None where there was nothing to say, or nobody to say it to."""
        if Channel.objects.filter(pk=post.channel_id, ended_at__isnull=False).exists():
            self._call_off(post, key, faults.ENDED)
            return None
        with override(post.channel.language):
            told = read_told(post)
            if told is None:
                self._call_off(post, key, faults.NOTHING_LEFT)
                return None
            request = self._write(post, told)
        return self.wire.post(request)

    def _write(self, post: ChannelPost, told: Told) -> Request:
        address, secret = address_of(post.channel), secret_of(post.channel)
        if post.channel.kind == ChannelKind.WEBHOOK:
            return webhooks.write_request(
                told,
                address=address,
                secret=secret,
                delivery=str(post.delivery),
                at=self.watch.read(),
            )
        token = token_of(post.channel.kind, address)
        request: Request = _robots().write_request(
            post.channel.kind, token=token, secret=secret, told=told
        )
        return request

    def _settle(self, post: ChannelPost, key: UUID, answer: Answer) -> None:
        if refusal := _refusal(post.channel, answer):
            self._postpone(post, key, refusal, answer)
            return
        try:
            at = self.watch.read()
            self.report.sent += claims.stamp_sent(post, key, answer, at=at, waits=self.stamp_waits)
        except Error:
            logger.exception(
                "Post %s was taken but not stamped; it may go out again", post.delivery
            )

    def _postpone(
        self, post: ChannelPost, key: UUID, fault: str, answer: Answer | None = None
    ) -> None:
        claims.try_later(post, key, fault=fault, at=self.watch.read(), answer=answer)
        self.report.postponed += 1

    def _call_off(self, post: ChannelPost, key: UUID, why: str) -> None:
        claims.call_off(post, key, why=why)
        self.report.cancelled += 1


def _refusal(channel: Channel, answer: Answer) -> str:
    """Why it wasn't taken; empty where it was."""
    if 300 <= answer.status < 400:
        return f"HTTP {answer.status}: redirects are not followed"
    if channel.kind != ChannelKind.WEBHOOK:
        return str(_robots().refusal_of(answer))
    return "" if 200 <= answer.status < 300 else f"HTTP {answer.status}"


@cache
def _robots() -> Any:
    """Not before it is needed, and so never in a web process: apprise takes long to import."""
    return import_module("tracker.reminders.channels.robots")
