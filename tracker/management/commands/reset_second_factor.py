"""Take away somebody's second factors, who has lost them; she is told by mail."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tracker.accounts.factors import NothingToReset, reset_factors
from tracker.audit import Actor
from tracker.management.person import find_person


class Command(BaseCommand):
    """Exit 1 for an address that nobody has, or a person without a second factor."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        person = find_person(email)
        try:
            reset_factors(person, by=Actor(None, "reset_second_factor"), at=timezone.now())
        except NothingToReset as nothing:
            raise CommandError(f"{person.email} has no second factor.") from nothing
        self.stdout.write(f"{person.email} signs in with the password alone now.")
