"""The files that hang on a round, each kind of them from a function of its own."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from django.db.models import Model

from tracker.evidence.models import Evidence
from tracker.reporting.sealed.packed import PackedFile
from tracker.rounds.models import (
    FugitiveCheck,
    ReportFile,
    ReportFormat,
    Round,
    RoundPaper,
)
from tracker.rounds.report.make import MEDIA_TYPES


def collect_files(round_: Round) -> list[PackedFile]:
    """What hangs on several things is there once, and names them all."""
    found: dict[str, PackedFile] = {}
    for files_of in COLLECTORS:
        for file in files_of(round_):
            there = found.get(file.pk)
            others = there.laid_to if there else ()
            found[file.pk] = replace(file, laid_to=(*others, *file.laid_to))
    return list(found.values())


def from_evidence(evidence: Evidence, laid_to: Model) -> PackedFile:
    """A file that somebody brought; ``stored`` and ``uploaded_by`` are read along."""
    return PackedFile(
        pk=f"evidence-{evidence.pk}",
        laid_to=(laid_to,),
        stored=evidence.stored,
        original_name=evidence.original_name,
        media_type=evidence.media_type,
        uploaded_by=evidence.uploaded_by,
        uploaded_at=evidence.uploaded_at,
        evidence=evidence,
    )


def photos_of(round_: Round) -> Iterable[PackedFile]:
    """Of the checks of its fugitive emissions, newer looks or not."""
    links = (
        FugitiveCheck.photos.through._default_manager.filter(fugitivecheck__source__round=round_)
        .select_related(
            "evidence__stored",
            "evidence__uploaded_by",
            "fugitivecheck__source",
            "fugitivecheck__item",
        )
        .order_by("pk")
    )
    return [from_evidence(link.evidence, link.fugitivecheck) for link in links]


def papers_of(round_: Round) -> Iterable[PackedFile]:
    """Of its steps."""
    papers = RoundPaper.objects.filter(step__round=round_)
    papers = papers.select_related("step__round", "evidence__stored", "evidence__uploaded_by")
    return [from_evidence(paper.evidence, paper.step) for paper in papers.order_by("pk")]


def reports_of(round_: Round) -> Iterable[PackedFile]:
    """The documents of every version of its report."""
    files = ReportFile.objects.filter(report__round=round_)
    files = files.select_related("stored", "report__round", "report__asked_by")
    return [
        PackedFile(
            pk=f"report-{file.pk}",
            laid_to=(file.report,),
            stored=file.stored,
            original_name=file.name,
            media_type=MEDIA_TYPES[ReportFormat(file.format)],
            uploaded_by=file.report.asked_by,
            uploaded_at=file.report.made_at or file.report.asked_at,
        )
        for file in files.order_by("report__language", "report__number", "format")
    ]


COLLECTORS: tuple[Callable[[Round], Iterable[PackedFile]], ...] = (
    reports_of,
    papers_of,
    photos_of,
)
