"""Read the texts of files that wait for it: claim, read apart, keep."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from tracker.evidence.models import Evidence, FileText, StoredFile, TextPiece, TextState
from tracker.evidence.store import path_of
from tracker.evidence.text import Fault, Read, read_apart
from tracker.evidence.text.pieces import pieces_of
from tracker.evidence.words import words_of

logger = logging.getLogger(__name__)

# Far longer than one file may take; whoever claimed it has died after this.
CLAIM_LASTS = timedelta(minutes=5)
MOST_ATTEMPTS = 3
# Of a run, which comes every minute; the file that it is at is read to its end.
RUN_SECONDS = 50
ENLISTED_AT_ONCE = 500
# A word that goes over the seam of two pieces is found in the first.
SEAM = 40

Reader = Callable[[Path], Read]


def read_waiting(
    *, now: datetime, read: Reader = read_apart, run_seconds: float = RUN_SECONDS
) -> int:
    """Read what waits, newest first, as long as a run lasts; count what was read.

    Of several workers at once one gets each file. A worker that dies in the middle leaves a claim
    that runs out, and nothing of a text that is not whole.
    """
    enlist_files()
    started, count = time.monotonic(), 0
    while (passed := time.monotonic() - started) < run_seconds:
        at = now + timedelta(seconds=passed)
        text = FileText.objects.free(now=at).order_by("-pk").select_related("stored").first()
        if text is None:
            break
        if _claim(text, at):
            count += _read_one(text, started, now, read)
    return count


def enlist_files() -> int:
    """A row for each file of a plant's that has none, so that old files are read as well."""
    of_plants = Evidence.objects.filter(stored=OuterRef("pk"))
    new = StoredFile.objects.openable().filter(Exists(of_plants), text=None).order_by("-pk")
    rows = [FileText(stored=stored) for stored in new[:ENLISTED_AT_ONCE]]
    FileText.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _claim(text: FileText, at: datetime) -> bool:
    """Take it, unless another worker has done so. Its count of attempts is the claim's key."""
    free = FileText.objects.free(now=at).filter(pk=text.pk, attempts=text.attempts)
    text.attempts += 1
    return free.update(claimed_until=at + CLAIM_LASTS, attempts=F("attempts") + 1) == 1


def _read_one(text: FileText, started: float, now: datetime, read: Reader) -> bool:
    if text.attempts > MOST_ATTEMPTS:
        found = Read(fault=Fault.CRASHED)
    else:
        found = read(path_of(text.stored))
    if found.fault:
        logger.warning("File %s was not read: %s", text.stored_id, found.fault)
    return _keep(text, found, at=now + timedelta(seconds=time.monotonic() - started))


def _keep(text: FileText, found: Read, *, at: datetime) -> bool:
    """State and pieces together, if the claim is still ours."""
    read = TextState.DONE if found.text else TextState.NONE
    state = TextState.FAILED if found.fault else read
    with transaction.atomic():
        ours = FileText.objects.filter(pk=text.pk, state=TextState.WAITING, attempts=text.attempts)
        if not ours.update(
            state=state,
            fault=found.fault,
            is_cut=found.is_cut,
            extracted_at=at,
            claimed_until=None,
        ):
            return False
        TextPiece.objects.bulk_create(_pieces(text, found.text), batch_size=20)
    return True


def _pieces(text: FileText, whole: str) -> list[TextPiece]:
    contents = list(pieces_of(whole))
    following = [content[:SEAM] for content in contents[1:]] + [""]
    return [
        TextPiece(text=text, number=number, content=content, words=words_of(content + after))
        for number, (content, after) in enumerate(zip(contents, following, strict=False))
    ]
