"""The page that a correction of a rule rests on, kept with it."""

from collections.abc import Callable

from django.db import transaction

from tracker.evidence.models import CorrectionScan
from tracker.evidence.store import KeptFile
from tracker.obligations.correct import Done


def correct_with_scan(correct: Callable[[], Done], scan: KeptFile | None) -> Done:
    """Carry out a correction, or take one back, and keep the scan with it, both or neither."""
    with transaction.atomic():
        done = correct()
        if scan is not None:
            CorrectionScan.objects.create(
                correction=done.correction,
                stored=scan.stored,
                original_name=scan.original_name,
                media_type=scan.media_type,
            )
    return done
