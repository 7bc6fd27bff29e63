"""A mail to oneself, to see whether mails go out at all."""

from datetime import datetime, timedelta

from django.db import transaction

from plants.models import Person
from tracker.accounts.mails import plan_mail
from tracker.accounts.models import AccountMail, MailKind

ONE_WITHIN = timedelta(minutes=1)


def plan_trial(person: Person, *, at: datetime) -> AccountMail | None:
    """Promise her one; None where one was promised within the last minute."""
    with transaction.atomic():
        # Two presses at once take turns here.
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        last = last_trial(person)
        if last is not None and at - last.planned_at < ONE_WITHIN:
            return None
        return plan_mail(kind=MailKind.TEST, person=person, to_address=person.email, at=at)


def last_trial(person: Person) -> AccountMail | None:
    """Her newest one, with what became of it."""
    trials = AccountMail.objects.filter(person=person, kind=MailKind.TEST)
    return trials.order_by("-planned_at", "-pk").first()
