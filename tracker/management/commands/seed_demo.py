"""`manage.py seed_demo`: builds the demo in a database without plants."""

from argparse import ArgumentParser
from datetime import date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from tracker.demo.accounts import ACCOUNTS, PASSWORD
from tracker.demo.build import DemoRefused, DemoReport, build_demo


class Command(BaseCommand):
    """The clock is read here and nowhere below."""

    help = "Build the demo: invented plants with a past, in a database that has no plants yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--plants", type=int, default=60, help="clinker plants (60); every fourth has two lines"
        )
        parser.add_argument("--seed", type=int, default=2024, help="another seed, another demo")
        parser.add_argument(
            "--today", type=date.fromisoformat, help="the demo's last day (today, Asia/Shanghai)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = build_demo(
                clinker_plants=options["plants"],
                seed=options["seed"],
                now=_morning_of(options["today"]) if options["today"] else timezone.now(),
            )
        except DemoRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        _settle()
        self.stdout.write(table(report))


def _settle() -> None:
    """Do at once what a database does by and by after so many rows.

    The statistics are for the planner; VACUUM makes PostgreSQL's indexes answer without the rows.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        # Not inside somebody's transaction, where it is an error.
        if not connection.in_atomic_block:
            cursor.execute("VACUUM")


def _morning_of(day: date) -> datetime:
    """Eight o'clock in Asia/Shanghai."""
    return datetime.combine(day, time(8), timezone.get_default_timezone())


def table(report: DemoReport) -> str:
    """What was made, and who can sign in."""
    rows = [
        ("clinker plants", report.plants),
        ("clinker lines", report.lines),
        ("grinding stations", report.stations),
        ("people", report.people),
        ("different files", report.files),
        ("obligations", sum(report.states.values())),
        *((f"  {state}", count) for state, count in sorted(report.states.items())),
        ("  of these overdue", report.overdue),
        ("steps walked", report.steps),
        ("mails", report.mails),
    ]
    made = [f"{what:<20}{count:>7}" for what, count in rows]
    width = max(len(account.email) for account in ACCOUNTS)
    people = [f"  {account.email:<{width}}  {account.role.en}" for account in ACCOUNTS]
    return "\n".join([*made, "", f"Accounts, password {PASSWORD}:", *people])
