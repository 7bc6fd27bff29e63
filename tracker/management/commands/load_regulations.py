"""`manage.py load_regulations [FILE…]`: checks seed files and loads them, all or nothing."""

from argparse import ArgumentParser
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError, transaction
from django.utils import timezone

from plants.models import Plant
from plants.seedfile import Fault
from plants.seedrows import SeedReport
from tracker.audit import Actor
from tracker.obligations.preview import what_if
from tracker.regulations.load import load_seeds, read_known
from tracker.regulations.seeds import parse_seeds, read_files, shipped_paths
from tracker.regulations.versions import against_newest
from tracker.rounds.condition_seeds import (
    SHIPPED,
    ConditionShape,
    load_conditions,
    parse_all_conditions,
)
from tracker.rounds.fugitive.seeds import (
    SHIPPED_CHECKLIST,
    ItemShape,
    load_checklist,
    parse_checklist,
    take_checklist,
)


class Command(BaseCommand):
    """Faults go to stderr, one a line, and nothing is loaded."""

    help = "Check seed files and load them; without a file, all that are shipped."
    # The shipped seeds are a system check; this command reports their faults by itself.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
        parser.add_argument(
            "--check",
            action="store_true",
            help="only check, say what loading would change, and load nothing",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        files = options["files"] or [*shipped_paths(), SHIPPED, SHIPPED_CHECKLIST]
        asked, faults = read_files(path for path in files if path.name == SHIPPED.name)
        contents, wrong = read_files(path for path in files if path.name != SHIPPED.name)
        faults += wrong
        number_of_files, checklist = len(contents) + len(asked), take_checklist(contents)
        try:
            known = read_known()
        except (OperationalError, ProgrammingError) as error:
            message = f"The database cannot be read: {error}. Run migrate first."
            raise CommandError(message) from None
        seeds, wrong = parse_seeds(contents, known)
        faults += wrong
        documents = known.regulations.documents | {r.code for r in seeds.regulations}
        conditions, items, wrong = parse_rounds(asked, checklist, documents)
        faults += wrong
        for fault in faults:
            self.stderr.write(str(fault))
        if faults:
            raise CommandError(f"{count(len(faults), 'fault')}; nothing was loaded.")
        for code, comparison in against_newest(r.shape for r in seeds.regulations):
            self.stdout.write(f"{code}: {comparison.summary}")
        now = timezone.now()
        today = timezone.localdate(now)
        by = Actor(person=None, origin="load_regulations")

        def load() -> SeedReport:
            with transaction.atomic():
                report = load_seeds(seeds=seeds, today=today, by=by, at=now)
                if asked:
                    report.add(load_conditions(shapes=conditions, today=today, by=by, at=now))
                if items:
                    report.add(load_checklist(items, today=today, by=by, at=now))
            return report

        if options["check"]:
            self.stdout.write(f"{count(number_of_files, 'file')} checked: no fault.")
            plants = Plant.objects.order_by("pk")
            if plants.exists():
                impact = what_if(load, plants, today=today)
                self.stdout.write(f"Loaded and scheduled: {impact.summary}.")
            return
        self.stdout.write(summary(load()))


def parse_rounds(
    asked: Mapping[str, bytes], checklist: tuple[str, bytes] | None, documents: Collection[str]
) -> tuple[list[ConditionShape], Sequence[ItemShape], list[Fault]]:
    """What rounds ask for, and the checklist of fugitive sources where it is among the files."""
    conditions, faults = parse_all_conditions(asked, documents)
    if checklist is None:
        return conditions, [], faults
    items, wrong = parse_checklist(*checklist, documents=documents)
    return conditions, items, faults + wrong


def summary(report: SeedReport) -> str:
    """`3 created, 0 changed, …` with what is rare left out when it is none."""
    parts = [
        f"{report.count('created')} created",
        f"{report.count('changed')} changed",
        f"{report.unchanged} unchanged",
    ]
    rare = {
        "withdrawn": report.count("withdrew"),
        "restored": report.count("restored"),
        "removed": report.count("removed"),
    }
    parts += [f"{number} {word}" for word, number in rare.items() if number]
    return ", ".join(parts) + "."


def count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
