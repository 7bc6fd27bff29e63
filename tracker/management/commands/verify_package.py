"""Check a sealed package offline: the seal, every file and the trail, with the package alone."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracker.reporting.sealed.seal import public_key
from tracker.reporting.sealed.verify import verify_package


class Command(BaseCommand):
    """Exit 1 and a line for each fault; else what was checked. It opens no database."""

    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("package", type=Path, help="the ZIP file")
        parser.add_argument(
            "--key", default="", help="the public key that the seal must be of, in hex"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = verify_package(options["package"], public_key=options["key"])
        for fault in found.faults:
            self.stderr.write(fault)
        if found.faults:
            raise CommandError(f"{options['package']}: not as it was sealed.")
        self.stdout.write(
            f"{options['package']}: as it was sealed on {found.made_at}, "
            f"{found.file_count} files, {found.link_count} links of the trail."
        )
        if options["key"]:
            return
        if found.public_key == public_key():
            self.stdout.write("The seal is this site's.")
        else:
            self.stdout.write(
                f"The seal is of the key {found.public_key}: "
                "compare it with the one that the authority has made known."
            )
