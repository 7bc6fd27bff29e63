"""The package's own page, for who reads it without any programme of ours."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import quote

from django.template.loader import render_to_string
from django.utils.translation import get_language

from plants.text import CHINESE
from tracker.assessments.models import Review
from tracker.audit import Actor
from tracker.evidence.models import Attachment, Submission
from tracker.obligations.models import Obligation, Relief
from tracker.reporting.sealed.contents import Contents
from tracker.reporting.sealed.packed import File, Packed, Paths
from tracker.reporting.sealed.seal import public_key

PAGE = "index.html"


class Paper(NamedTuple):
    """A file and its address inside the package."""

    file: File
    href: str


class Answer(NamedTuple):
    """One submission with its files, and what was decided on it; None while it waits."""

    submission: Submission
    papers: list[Paper]
    review: Review | None


class Row(NamedTuple):
    """An obligation with all that was handed in, taken away and asked for."""

    obligation: Obligation
    answers: list[Answer]
    taken_away: list[tuple[Attachment, Paper]]
    requests: list[tuple[Relief, list[Paper]]]


def render_page(contents: Contents, paths: Paths, *, by: Actor, at: datetime, site: str) -> bytes:
    """HTML in the reader's language. It loads nothing."""
    papers = papers_of(contents, paths)
    rows = [_row(obligation, papers) for obligation in contents.obligations]
    laid = {evidence.pk for row in rows for evidence in _of(row)}
    context = {
        "rows": rows,
        "others": [paper for pk, paper in papers.items() if pk not in laid],
        **head_of(contents, by=by, at=at, site=site),
    }
    return render_to_string("sealed/index.html", context).encode()


def papers_of(contents: Packed, paths: Paths) -> dict[Any, Paper]:
    """By the files' ``pk``."""
    return {file.pk: Paper(file, quote(paths[file.pk])) for file in contents.files}


def head_of(contents: Packed, *, by: Actor, at: datetime, site: str) -> dict[str, Any]:
    """What every package's page says at its top, for ``sealed/package.html``."""
    return {
        "contents": contents,
        "by": by.name,
        "at": at,
        "site": site,
        "public_key": public_key(),
        "language": "zh-Hans" if (get_language() or CHINESE) == CHINESE else "en",
    }


def _row(obligation: Obligation, papers: dict[Any, Paper]) -> Row:
    return Row(
        obligation,
        [
            Answer(
                submission,
                [papers[file.pk] for file in submission.evidence.all()],
                getattr(submission, "review", None),
            )
            for submission in obligation.submissions.all()
        ],
        [
            (laid, papers[laid.evidence_id])
            for laid in obligation.attachments.all()
            if laid.removed_at is not None
        ],
        [
            (relief, [papers[paper.evidence_id] for paper in relief.papers.all()])
            for relief in obligation.reliefs.all()
        ],
    )


def _of(row: Row) -> Iterable[File]:
    """The files that the row names."""
    for answer in row.answers:
        yield from (paper.file for paper in answer.papers)
    yield from (paper.file for _laid, paper in row.taken_away)
    for _relief, papers in row.requests:
        yield from (paper.file for paper in papers)
