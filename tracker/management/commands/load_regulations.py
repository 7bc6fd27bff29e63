"""`manage.py load_regulations [FILE…]`: checks seed files and loads them, all or nothing."""

from argparse import ArgumentParser
from collections.abc import Sequence
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
from tracker.regulations.seeds import Known, Seeds, parse_seeds, read_files, shipped_paths
from tracker.regulations.versions import against_newest
from tracker.rounds.condition_seeds import ConditionShape, load_conditions, read_conditions
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
        contents, faults = read_files(options["files"] or [*shipped_paths(), SHIPPED_CHECKLIST])
        count_of_files, checklist = len(contents), take_checklist(contents)
        try:
            known = read_known()
        except (OperationalError, ProgrammingError) as error:
            message = f"The database cannot be read: {error}. Run migrate first."
            raise CommandError(message) from None
        seeds, wrong = parse_seeds(contents, known)
        faults += wrong
        conditions, wrong = self._read_conditions(options["files"], seeds, known)
        faults += wrong
        items, wrong = self._read_items(checklist, seeds, known)
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
                if not options["files"]:
                    report.add(load_conditions(shapes=conditions, today=today, by=by, at=now))
                if items:
                    report.add(load_checklist(items, today=today, by=by, at=now))
            return report

        if options["check"]:
            self.stdout.write(f"{count(count_of_files, 'file')} checked: no fault.")
            plants = Plant.objects.order_by("pk")
            if plants.exists():
                impact = what_if(load, plants, today=today)
                self.stdout.write(f"Loaded and scheduled: {impact.summary}.")
            return
        self.stdout.write(summary(load()))

    def _read_conditions(
        self, files: list[Path], seeds: Seeds, known: Known
    ) -> tuple[list[ConditionShape], list[Fault]]:
        """What rounds ask for is loaded with all that is shipped, and never by itself."""
        return ([], []) if files else read_conditions(_documents(seeds, known))

    def _read_items(
        self, checklist: tuple[str, bytes] | None, seeds: Seeds, known: Known
    ) -> tuple[Sequence[ItemShape], list[Fault]]:
        """The checklist of fugitive sources, where it is among the files."""
        if checklist is None:
            return [], []
        return parse_checklist(*checklist, documents=_documents(seeds, known))


def _documents(seeds: Seeds, known: Known) -> frozenset[str]:
    """The codes of those that are there, or come with these files."""
    return known.regulations.documents | {regulation.code for regulation in seeds.regulations}


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
