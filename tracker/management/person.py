"""Whom a command is about."""

from django.core.management.base import CommandError

from plants.models import Person


def find_person(email: str) -> Person:
    """Who has this address, in whatever case it was typed; ``CommandError`` where nobody does."""
    person = Person.objects.filter(email=email.strip().lower()).first()
    if person is None:
        raise CommandError(f"Nobody has the address {email}.")
    return person
