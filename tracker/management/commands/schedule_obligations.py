"""Bring the obligations in line with the rules and the plants, and say what was done."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tracker.audit import Actor
from tracker.obligations.everywhere import PlantsLeftOut, schedule_site


class Command(BaseCommand):
    """Create what is missing, re-date and withdraw what is owed. Again: it changes nothing."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--today",
            type=date.fromisoformat,
            default=None,
            metavar="YYYY-MM-DD",
            help="the day to look ahead from (default: today in Asia/Shanghai)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        report = schedule_site(
            today=options["today"] or timezone.localdate(),
            by=Actor(None, "schedule_obligations"),
            at=timezone.now(),
        )
        self.stdout.write(
            f"obligations: {report.created} created, {report.re_dated} re-dated, "
            f"{report.re_worded} re-worded, {report.withdrawn} withdrawn, "
            f"{report.reopened} reopened, {report.unchanged} unchanged"
        )
        for fact, count in sorted(report.lacks.items()):
            self.stdout.write(f"without a date, because {fact} is not known: {count}")
        try:
            report.raise_faults()
        except PlantsLeftOut as fault:
            raise CommandError(str(fault)) from fault
