"""How many entries of the inbox are unread, for the navigation of every page."""

from django.core.cache import cache

from plants.models import Person
from tracker.reminders.inbox import count_unread

# Each page shows the number; that it may be a minute old costs less than a query on each.
SECONDS = 60


def unread_of(person: Person) -> int:
    found = cache.get_or_set(_key(person), lambda: count_unread(person), SECONDS)
    return int(found or 0)


def forget_unread(person: Person) -> None:
    """She has read something: count anew."""
    cache.delete(_key(person))


def _key(person: Person) -> str:
    return f"unread-{person.pk}"
