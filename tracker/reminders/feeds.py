"""A person's calendar feed: make its address, revoke it, find whose it is."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from plants.models import Person
from tracker import audit
from tracker.reminders.models import CalendarFeed

TOKEN_BYTES = 32


def make_feed(*, person: Person, by: audit.Actor, at: datetime) -> str:
    """Return the secret of a new feed, which nobody can read again; the one before ends with it."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        _take_turn(person)
        _revoke(person, by, at)
        feed = CalendarFeed.objects.create(person=person, token_hash=hash_of(token), made_at=at)
        audit.record(by=by, at=at, verb=audit.Verb.CREATED, thing=feed)
    return token


def revoke_feed(*, person: Person, by: audit.Actor, at: datetime) -> bool:
    """End the person's feed at once; say whether there was one."""
    with transaction.atomic():
        _take_turn(person)
        return _revoke(person, by, at)


def standing_feed(person: Person) -> CalendarFeed | None:
    return CalendarFeed.objects.standing().filter(person=person).first()


def owner_of(token: str) -> Person | None:
    """Whose feed it is; None for an unknown or revoked one, and for who may not sign in."""
    feeds = CalendarFeed.objects.standing().filter(person__is_active=True)
    feed = feeds.filter(token_hash=hash_of(token)).select_related("person").first()
    return feed.person if feed else None


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _take_turn(person: Person) -> None:
    """Two clicks at once make one feed after the other."""
    list(Person.objects.select_for_update(no_key=True).filter(pk=person.pk).values_list("pk"))


def _revoke(person: Person, by: audit.Actor, at: datetime) -> bool:
    feed = standing_feed(person)
    if feed is None:
        return False
    feed.revoked_at = at
    feed.save(update_fields=["revoked_at"])
    audit.record(by=by, at=at, verb=audit.Verb.WITHDREW, thing=feed)
    return True
