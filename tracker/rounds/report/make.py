"""Make the reports that wait for it: claim, read, write, keep."""

import json
import logging
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from tracker import audit
from tracker.evidence.store import IncomingFile
from tracker.evidence.types import StoreFull, is_full
from tracker.rounds.models import (
    UNDER_WAY,
    Report,
    ReportFault,
    ReportFile,
    ReportFormat,
    ReportState,
    Round,
)
from tracker.rounds.report.blocks import Frozen, Json, freeze, photos_of
from tracker.rounds.report.build import Before, Version, build_content
from tracker.rounds.report.pdf import write_pdf
from tracker.rounds.report.pictures import make_thumbnails
from tracker.rounds.report.source import read_source
from tracker.rounds.report.word import write_word

logger = logging.getLogger(__name__)

# Far longer than one step of it may take; whoever claimed it has died after this.
CLAIM_LASTS = timedelta(minutes=5)
MOST_ATTEMPTS = 3
MOST_BYTES = 200 * 1024 * 1024
READ, FROZEN, PICTURED = 10, 25, 60
MEDIA_TYPES = {
    ReportFormat.PDF: "application/pdf",
    ReportFormat.WORD: ("application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}
SUFFIXES = {ReportFormat.PDF: "pdf", ReportFormat.WORD: "docx"}
Clock = Callable[[], datetime]
Writer = Callable[[Json, Frozen, Path], bytes]
# Each document, and how far one is when it is written.
WRITERS: Mapping[ReportFormat, tuple[Writer, int]] = {
    ReportFormat.PDF: (write_pdf, 80),
    ReportFormat.WORD: (write_word, 95),
}


class ClaimLost(Exception):
    """Somebody else makes it now: what was written here is thrown away."""


@dataclass(frozen=True)
class _Made:
    """A version whose documents were written: their bytes by format."""

    frozen: Frozen
    documents: dict[ReportFormat, bytes]


def make_waiting(
    *,
    by: audit.Actor,
    clock: Clock,
    writers: Mapping[ReportFormat, tuple[Writer, int]] = WRITERS,
) -> int:
    """Make what waits, what was asked for first first; count what was made.

    Of several workers at once one gets each. A worker that dies in the middle leaves a claim that
    runs out, and nothing of a version that is not whole; after some of that it is given up.
    """
    count = 0
    while (report := _next(clock())) is not None:
        if not _claim(report, clock()):
            continue
        if report.attempts > MOST_ATTEMPTS:
            _give_up(report, ReportFault.BROKE_OFF)
            continue
        try:
            count += _make(report, by=by, clock=clock, writers=writers)
        except ClaimLost:
            logger.warning("Report %s is made by another worker now", report.pk)
    return count


def _next(now: datetime) -> Report | None:
    waiting = Report.objects.free(now=now).order_by("asked_at", "pk")
    return waiting.select_related("round__plant__place__parent", "after").first()


def _claim(report: Report, now: datetime) -> bool:
    """Take it, unless another worker has done so. Its count of attempts is the claim's key."""
    free = Report.objects.free(now=now).filter(pk=report.pk, attempts=report.attempts)
    report.attempts += 1
    return bool(
        free.update(
            state=ReportState.MAKING,
            progress_percent=0,
            claimed_until=now + CLAIM_LASTS,
            attempts=F("attempts") + 1,
        )
    )


def _ours(report: Report) -> QuerySet[Report]:
    return Report.objects.filter(pk=report.pk, state__in=UNDER_WAY, attempts=report.attempts)


def _give_up(report: Report, fault: ReportFault) -> None:
    logger.warning("Report %s was not made: %s", report.pk, fault)
    _ours(report).update(state=ReportState.FAILED, fault=fault, claimed_until=None)


def _make(
    report: Report,
    *,
    by: audit.Actor,
    clock: Clock,
    writers: Mapping[ReportFormat, tuple[Writer, int]],
) -> bool:
    def reached(percent: int) -> None:
        until = clock() + CLAIM_LASTS
        if not _ours(report).update(progress_percent=percent, claimed_until=until):
            raise ClaimLost

    content = _content_of(report, clock())
    reached(READ)
    frozen = freeze(content)
    reached(FROZEN)
    try:
        with TemporaryDirectory(prefix="ule-report-") as name:
            folder = Path(name)
            _draw(content, folder, reached)
            documents = {}
            for format_, (write, percent) in writers.items():
                documents[format_] = write(content, frozen, folder)
                reached(percent)
        _keep(report, _Made(frozen, documents), by=by, at=clock())
    except OSError as fault:
        if not is_full(fault):
            raise
        _give_up(report, ReportFault.NO_ROOM)
        return False
    except StoreFull:
        _give_up(report, ReportFault.NO_ROOM)
        return False
    return True


def _draw(content: Json, folder: Path, reached: Callable[[int], None]) -> None:
    """The small pictures, the bar moving as they are made."""
    wanted = photos_of(content)
    for done, _sha256 in enumerate(make_thumbnails(wanted, folder), start=1):
        if done % 50 == 0:
            reached(FROZEN + (PICTURED - FROZEN) * done // len(wanted))
    reached(PICTURED)


def _content_of(report: Report, now: datetime) -> Json:
    source = read_source(report.round, today=timezone.localdate(now))
    after = report.after
    before = (
        Before(after.number, after.content_sha256, json.loads(after.content)) if after else None
    )
    version = Version(report.number, report.language, report.reason, before)
    return build_content(source, version)


def _keep(report: Report, made: _Made, *, by: audit.Actor, at: datetime) -> None:
    """Text, files and state together, if the claim is still ours: else nothing."""
    with ExitStack() as at_the_end:
        incoming = {}
        for format_, content in made.documents.items():
            file = IncomingFile(_name_of(report, format_), limit_bytes=MOST_BYTES)
            at_the_end.callback(file.discard)
            file.write(content)
            incoming[format_] = file
        with transaction.atomic():
            if not _ours(report).update(
                state=ReportState.MADE,
                progress_percent=100,
                content=made.frozen.text,
                content_sha256=made.frozen.sha256,
                content_sm3=made.frozen.sm3,
                made_at=at,
                claimed_until=None,
            ):
                raise ClaimLost
            for format_, file in incoming.items():
                _keep_file(report, format_, file)
            audit.record(
                by=by,
                at=at,
                verb=audit.Verb.MADE_REPORT,
                thing=report.round,
                plant=report.round.plant,
                after={"version": report.number, "content_sha256": made.frozen.sha256},
            )


def _keep_file(report: Report, format_: ReportFormat, file: IncomingFile) -> None:
    kept = file.keep(lambda _path, _name: MEDIA_TYPES[format_])
    ReportFile.objects.create(
        report=report, format=format_, stored=kept.stored, name=kept.original_name
    )


def _name_of(report: Report, format_: ReportFormat) -> str:
    round_: Round = report.round
    with translation.override(report.language):
        name = _("%(plant)s ULE assessment report, round %(round)d, version %(version)d") % {
            "plant": round_.plant.name,
            "round": round_.number,
            "version": report.number,
        }
    plain = "".join(" " if each in '\\/:*?"<>|' else each for each in name)
    return f"{plain}.{SUFFIXES[format_]}"
