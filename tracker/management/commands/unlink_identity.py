"""End the links of somebody's account to identities at the sign-in service."""

from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tracker.accounts.identities import unlink
from tracker.audit import Actor
from tracker.management.person import find_person


class Command(BaseCommand):
    """Exit 1 for an address that nobody has, or an account without a link."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        person = find_person(email)
        links = list(SocialAccount.objects.filter(user=person))
        if not links:
            raise CommandError(f"{person.email} isn't linked to any identity.")
        for link in links:
            unlink(link, by=Actor(None, "unlink_identity"), at=timezone.now())
        self.stdout.write(f"{person.email} is linked anew by the next sign-in at the provider.")
