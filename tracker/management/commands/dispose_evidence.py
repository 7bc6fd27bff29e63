"""Dispose of files whose retention is over and which no hold keeps; only named without --apply."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from tracker.audit import Actor
from tracker.evidence.disposal import Due, dispose, find_due
from tracker.evidence.retention import read_rules


class Command(BaseCommand):
    """A line for each file; rows, names and hashes stay, only the bytes go."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--apply", action="store_true", help="really remove the bytes")

    def handle(self, *args: Any, **options: Any) -> None:
        now, rules, count, size = timezone.now(), read_rules(), 0, 0
        by = Actor(None, "dispose_evidence")
        for due in find_due(now=now, rules=rules):
            if options["apply"] and dispose(due.stored, rules=rules, by=by, at=now) is None:
                continue
            count, size = count + 1, size + due.stored.size_bytes
            self.stdout.write(_line(due))
        done = "disposed of" if options["apply"] else "could be disposed of; --apply does it"
        self.stdout.write(f"{count} files, {size} bytes: {done}.")


def _line(due: Due) -> str:
    names = ", ".join(f"{each.plant.code or each.plant_id}/{each.pk}" for each in due.uses)
    return f"{due.stored.sha256} {due.rule.kind} kept until {due.kept_until}: evidence {names}"
