"""Set up a channel, send a test message to it, end it: what an administrator does."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from plants.models import Authority, Person, Plant
from tracker import audit
from tracker.reminders.channels.addresses import read_target
from tracker.reminders.channels.faults import ENDED
from tracker.reminders.channels.lock import lock
from tracker.reminders.models import Channel, ChannelPost, PostKind, PostState

Scope = Authority | Plant


class NotYours(Exception):
    """The scope is out of the person's reach."""


class EndedAlready(Exception):
    """Somebody was faster, or the form was sent twice."""


def may_run(person: Person, scope: Scope) -> bool:
    """Whether she is an administrator over the authority or the plant."""
    authority = scope if isinstance(scope, Authority) else scope.authority
    hers = Authority.objects.run_by(person).filter(pk=authority.pk)
    return person.is_active and hers.exists()


def set_up_channel(
    *,
    scope: Scope,
    kind: str,
    name: str,
    language: str,
    address: str,
    secret: str,
    by: audit.Actor,
    at: datetime,
) -> Channel:
    """A new channel, which hears of all that comes from now on; ``BadAddress`` where it can't."""
    if by.person is None or not may_run(by.person, scope):
        raise NotYours
    allow_private = settings.WEBHOOK_ALLOW_PRIVATE
    target = read_target(kind, address, secret, allow_private=allow_private)
    with transaction.atomic():
        channel = Channel.objects.create(
            authority=scope if isinstance(scope, Authority) else None,
            plant=scope if isinstance(scope, Plant) else None,
            kind=kind,
            name=name,
            language=language,
            locked_address=lock(address),
            locked_secret=lock(secret),
            host=target.host,
            ending=target.ending,
            made_by=by.person,
            made_at=at,
        )
        _tell(audit.Verb.ADDED_CHANNEL, channel, by, at)
    return channel


def plan_test(channel: Channel, *, by: audit.Actor, at: datetime) -> bool:
    """Promise a test message; one a minute, so False where there is one already."""
    _check(channel)
    with transaction.atomic():
        _post, is_new = ChannelPost.objects.get_or_create(
            channel=channel,
            kind=PostKind.TEST,
            occasion=f"{at:%Y-%m-%dT%H:%M}Z",
            defaults={"planned_at": at, "next_attempt_at": at},
        )
        if is_new:
            _tell(audit.Verb.TESTED_CHANNEL, channel, by, at)
    return is_new


def end_channel(channel: Channel, *, by: audit.Actor, at: datetime) -> None:
    """From now on nothing is promised or sent to it; what waits is called off."""
    with transaction.atomic():
        ended = Channel.objects.standing().filter(pk=channel.pk)
        if not ended.update(ended_by=by.person, ended_at=at):
            raise EndedAlready
        channel.posts.filter(state=PostState.PLANNED).update(state=PostState.CANCELLED, fault=ENDED)
        _tell(audit.Verb.ENDED_CHANNEL, channel, by, at)


def _check(channel: Channel) -> None:
    if channel.ended_at is not None:
        raise EndedAlready


def _tell(verb: str, channel: Channel, by: audit.Actor, at: datetime) -> None:
    """Neither the address nor the secret: who reads the trail could write to the group."""
    after = {"kind": channel.kind, "host": channel.host, "scope": channel.scope.code}
    audit.record(by=by, at=at, verb=verb, thing=channel, plant=channel.plant, after=after)
