"""`manage.py serve`: the whole site from one command, until Ctrl-C."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from plants.models import Person
from tracker.demo.accounts import ACCOUNTS, PASSWORD
from tracker.serving import site
from tracker.serving.preflight import Fault


class Command(BaseCommand):
    """Start web server, worker, beat and, where none is given, the broker."""

    help = "Start the whole site: web server, worker, beat and broker. Ctrl-C or TERM stops it."
    # The children say what is wrong in their own process; here it would cost half a second.
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        try:
            site.serve(self.say, self.warn, self.ready)
        except Fault as fault:
            self.stderr.write(f"serve: {fault}")
            sys.exit(1)

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()

    def warn(self, sentence: str) -> None:
        self.stderr.write(f"serve: {sentence}")
        self.stderr.flush()

    def ready(self) -> None:
        """Print the address and, on a demo site, who may sign in."""
        self.say(f"\nULE tracker: {settings.SITE_URL}/")
        if settings.DEMO_SITE and Person.objects.filter(email=ACCOUNTS[0].email).exists():
            self.say(f"Demo accounts, password {PASSWORD}:")
            for account in ACCOUNTS:
                zh, en = (account.role.in_language(code) for code in ("zh-hans", "en"))
                self.say(f"  {account.email:<32} {en} · {zh}")
        self.say("Ctrl-C stops it.")
