"""What a person chooses for her mails: the hour, and whether optional news comes by mail."""

from datetime import datetime

from django.core import signing
from django.db import transaction
from django.db.models import Case, Value, When
from django.utils import timezone

from plants.models import Person
from tracker import audit
from tracker.reminders.days import moment
from tracker.reminders.models import LetterKind, Preference, Reminder

BY_HOUR = (LetterKind.DIGEST, LetterKind.ESCALATION)
SALT = "tracker.reminders.optional-news"


def preference_of(person: Person) -> Preference:
    """Hers, or the usual one, not saved."""
    return Preference.objects.filter(person=person).first() or Preference(person=person)


def set_preference(
    *, person: Person, hour: int, news_by_mail: bool, by: audit.Actor, at: datetime
) -> bool:
    """Keep her choice, and move what waits for its first try to the new hour of its day.

    Legal reminders can't be switched off, only moved within the day: where the hour has passed
    already they go now. False where nothing is different.
    """
    with transaction.atomic():
        before = preference_of(person)
        if (before.hour, before.news_by_mail) == (hour, news_by_mail):
            return False
        Preference.objects.update_or_create(
            person=person, defaults={"hour": hour, "news_by_mail": news_by_mail}
        )
        audit.record(
            by=by,
            at=at,
            verb=audit.Verb.CHOSE_MAILS,
            thing=person,
            before={"hour": before.hour, "news_by_mail": before.news_by_mail},
            after={"hour": hour, "news_by_mail": news_by_mail},
        )
        _move_waiting(person, hour, at)
    return True


def stop_news(*, person: Person, by: audit.Actor, at: datetime) -> bool:
    """No more mails about what is optional; the hour stays."""
    hour = preference_of(person).hour
    return set_preference(person=person, hour=hour, news_by_mail=False, by=by, at=at)


def token_of(person: Person) -> str:
    """For the address that stops optional news without signing in; it can do nothing else."""
    return signing.dumps(person.pk, salt=SALT)


def person_of(token: str) -> Person | None:
    """Whose token it is; None for a forged one, and for who may not sign in any more."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return Person.objects.filter(pk=pk, is_active=True).first()


def _move_waiting(person: Person, hour: int, at: datetime) -> None:
    waiting = Reminder.objects.planned().filter(
        person=person, letter__in=BY_HOUR, attempts=0, next_attempt_at__gt=at
    )
    moments = waiting.values_list("next_attempt_at", flat=True).distinct()
    whens = [
        When(next_attempt_at=old, then=Value(max(at, moment(timezone.localdate(old), hour))))
        for old in moments
    ]
    if whens:
        waiting.update(next_attempt_at=Case(*whens))
