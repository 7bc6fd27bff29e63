"""Which files are scanned for viruses now, by whom, and what becomes of what was found."""

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from tracker import audit
from tracker.evidence.models import Evidence, ScanState, StoredFile
from tracker.evidence.scanner import Answer, Clamd, Found, ScannerDown, signatures_of
from tracker.evidence.store import path_of
from tracker.obligations.models import Obligation

logger = logging.getLogger(__name__)

# Longer than a scan takes; a worker that was killed holds its file no longer.
CLAIM_LASTS = timedelta(minutes=15)
# A file that no answer came to lets others pass first.
SILENT_FOR = timedelta(minutes=5)
# A file that clamd won't look at may be within its limits tomorrow.
REFUSED_FOR = timedelta(days=1)
SWEEP_LASTS = timedelta(seconds=45)
AT_ONCE = 50
# Of those that older signatures found clean, in a sweep: some ten thousand a day, in small bites.
AGAIN_IN_A_SWEEP = 8
BY = audit.Actor(None, "scanner")

# A daemon that hangs may keep one of the worker's threads, not all of them.
_one_sweep = threading.Lock()


@dataclass(frozen=True)
class Claim:
    """A file that this worker alone scans, until a moment."""

    stored: StoredFile
    until: datetime
    state: str = ScanState.WAITING

    @property
    def is_again(self) -> bool:
        """Whether it was found clean before, and stays so until it is found otherwise."""
        return self.state == ScanState.CLEAN

    def give_back(self, **columns: object) -> bool:
        """Write what became of it; False where another worker has it by now."""
        mine = StoredFile.objects.filter(
            pk=self.stored.pk, scan_state=self.state, scan_due_at=self.until
        )
        return bool(mine.update(**columns))


def scan_waiting(scanner: Clamd, *, clock: Callable[[], datetime]) -> bool:
    """Scan file after file for 45 seconds, or until none waits; False if the scanner is silent.

    Then a few that older signatures found clean: whatever comes in meanwhile goes before them.
    Each is claimed for 15 minutes: of a worker that is killed in the middle another takes it then.
    A scanner that is silent leaves every file waiting. One sweep in a process at a time.
    """
    if not _one_sweep.acquire(blocking=False):
        return False
    try:
        engine = scanner.engine()
        for claim in _claims(clock, signatures_of(engine)):
            _scan(claim, scanner, engine, clock)
    except ScannerDown as fault:
        logger.warning("The virus scanner does not answer, files wait: %s", fault)
        return False
    finally:
        _one_sweep.release()
    return True


def claim_file(pk: int, *, now: datetime) -> Claim | None:
    """Take a file that waits; None where another has it. One conditional UPDATE decides."""
    until = now + CLAIM_LASTS
    free = StoredFile.objects.to_scan(now=now).filter(pk=pk)
    if not free.update(scan_state=ScanState.WAITING, scan_due_at=until):
        return None
    return Claim(StoredFile.objects.get(pk=pk), until)


def claim_again(signatures: int, *, now: datetime) -> Claim | None:
    """Take the file with the oldest verdict; None where there is none by older signatures."""
    until = now + CLAIM_LASTS
    old = StoredFile.objects.to_scan_again(signatures=signatures, now=now)
    for pk in list(old.values_list("pk", flat=True)[:AGAIN_IN_A_SWEEP]):
        if old.order_by().filter(pk=pk).update(scan_due_at=until):
            return Claim(StoredFile.objects.get(pk=pk), until, ScanState.CLEAN)
    return None


def _claims(clock: Callable[[], datetime], signatures: int) -> Iterator[Claim]:
    """What waits; one that older signatures judged only while nothing waits, then look again."""
    end, left = clock() + SWEEP_LASTS, AGAIN_IN_A_SWEEP
    while clock() < end:
        yield from _waiting(clock, end)
        again = claim_again(signatures, now=clock()) if left and clock() < end else None
        if again is None:
            return
        left -= 1
        yield again


def _waiting(clock: Callable[[], datetime], end: datetime) -> Iterator[Claim]:
    """What waits, those first that were never tried."""
    while (now := clock()) < end:
        waiting = StoredFile.objects.to_scan(now=now)
        found = waiting.order_by(F("scan_due_at").asc(nulls_first=True), "pk")
        pks = list(found.values_list("pk", flat=True)[:AT_ONCE])
        if not pks:
            return
        for pk in pks:
            if clock() >= end:
                return
            claim = claim_file(pk, now=clock())
            if claim is not None:
                yield claim


def _scan(claim: Claim, scanner: Clamd, engine: str, clock: Callable[[], datetime]) -> None:
    try:
        answer = scanner.scan(path_of(claim.stored))
    except ScannerDown as fault:
        claim.give_back(scan_due_at=clock() + SILENT_FOR, scan_fault=str(fault)[:200])
        raise
    except OSError as fault:
        logger.error("%s can't be read to be scanned: %s", claim.stored.sha256, fault.strerror)
        answer = Answer(Found.REFUSED, fault.strerror or "unreadable")
    if keep_answer(claim, answer, engine, clock()) and answer.found != Found.NOTHING:
        wrong = "quarantined" if answer.found == Found.VIRUS else "not scanned"
        logger.warning("%s is %s: %s", claim.stored.sha256, wrong, answer.words)


def keep_answer(claim: Claim, answer: Answer, engine: str, at: datetime) -> bool:
    """Write what was found in a file, and the trail of a virus; False if the claim is gone."""
    if answer.found == Found.REFUSED:
        return claim.give_back(
            # What can't be looked at again keeps the verdict that it has.
            scan_state=claim.state if claim.is_again else ScanState.NOT_SCANNED,
            scan_fault=answer.words[:200],
            scan_due_at=at + REFUSED_FOR,
        )
    is_clean = answer.found == Found.NOTHING
    with transaction.atomic():
        is_ours = claim.give_back(
            scan_state=ScanState.CLEAN if is_clean else ScanState.QUARANTINED,
            scan_found=answer.words[:200],
            scan_engine=engine[:100],
            scan_signatures=signatures_of(engine),
            scan_fault="",
            scanned_at=at,
            scan_due_at=None,
        )
        if is_ours and not is_clean:
            _tell_of(claim.stored, answer.words, engine, at)
    return is_ours


def _tell_of(stored: StoredFile, words: str, engine: str, at: datetime) -> None:
    """In the trail, of each obligation that the file answers; else of the file alone."""
    after = {"sha256": stored.sha256, "found": words, "engine": engine}
    files = Evidence.objects.filter(stored=stored).select_related("plant").order_by("pk")
    for file in files:
        things: list[Obligation] | list[Evidence] = _answered_with(file) or [file]
        for thing in things:
            audit.record(
                by=BY,
                at=at,
                verb=audit.Verb.QUARANTINED,
                thing=thing,
                plant=file.plant,
                after={**after, "evidence": file.pk},
                note=f"{file.original_name}: {words}",
            )
    if not files:
        audit.record(by=BY, at=at, verb=audit.Verb.QUARANTINED, thing=stored, after=after)


def _answered_with(file: Evidence) -> list[Obligation]:
    """Where it lies, was submitted, or came with a request."""
    lies = Q(attachments__evidence=file, attachments__removed_at=None)
    asked = Q(reliefs__papers__evidence=file)
    found = Obligation.objects.filter(lies | asked | Q(submissions__evidence=file)).order_by()
    return list(Obligation.objects.filter(pk__in=found.values("pk")).with_subject().order_by("pk"))
