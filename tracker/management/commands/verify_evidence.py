"""Read every stored file again and name what is missing, changed, or belongs to nobody."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tracker.evidence.models import StoredFile
from tracker.evidence.verify import verify_store


class Command(BaseCommand):
    """Exit 1 and a line for each fault; else how many files are whole."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for found in verify_store():
            count += 1
            self.stderr.write(f"{found.fault}: {found.path}")
        if count:
            raise CommandError(f"{count} faults in the store.")
        gone = StoredFile.objects.exclude(disposed_at=None).count()
        whole = StoredFile.objects.count() - gone
        told = f" {gone} were disposed of after their retention." if gone else ""
        self.stdout.write(f"{whole} files are whole.{told}")
