"""The papers of a request for an extension or a waiver."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from tracker import audit
from tracker.evidence.models import Evidence, ReliefPaper
from tracker.evidence.quarantine import why_not_grant
from tracker.evidence.quota import lock_quota, refuse_over_quota
from tracker.evidence.store import KeptFile
from tracker.obligations.models import Obligation, Relief
from tracker.obligations.relief import ReliefRefused, ask_relief, decide_relief


def ask_with_papers(
    *,
    obligation: Obligation,
    kind: str,
    new_due_on: date | None,
    reason: str,
    papers: Iterable[KeptFile],
    token: UUID,
    by: audit.Actor,
    at: datetime,
    today: date,
) -> Relief:
    """Ask for relief and keep the papers with the request, all or nothing.

    Refuses as ``ask_relief`` does, and with ``QuotaExceeded`` where the plant has no room. A form
    that is sent twice keeps its papers once.
    """
    with transaction.atomic():
        relief = ask_relief(
            obligation=obligation,
            kind=kind,
            new_due_on=new_due_on,
            reason=reason,
            token=token,
            by=by,
            at=at,
            today=today,
        )
        if not relief.papers.exists():
            lock_quota(obligation.plant)
            for paper in papers:
                _keep(relief, paper, by, at)
    return relief


def decide_with_papers(
    *, relief: Relief, granted: bool, reason: str, by: audit.Actor, at: datetime, today: date
) -> Relief:
    """Grant or refuse as ``decide_relief`` does, but grant nothing on a paper with a virus in it.

    The papers' rows stay unlocked: where a file is used again its obligation is locked before it,
    so that here the two could wait for each other. Who grants while the scanner finds a virus is
    told of it.
    """
    if granted:
        refusal = why_not_grant(papers_of(relief))
        if refusal is not None:
            raise ReliefRefused(refusal)
    return decide_relief(relief=relief, granted=granted, reason=reason, by=by, at=at, today=today)


def papers_of(relief: Relief) -> list[Evidence]:
    """What came with the request, in order."""
    papers = relief.papers.select_related("evidence__stored").order_by("pk")
    return [paper.evidence for paper in papers]


def _keep(relief: Relief, paper: KeptFile, by: audit.Actor, at: datetime) -> None:
    plant, stored = relief.obligation.plant, paper.stored
    refuse_over_quota(plant, sha256=stored.sha256, size_bytes=stored.size_bytes)
    evidence = Evidence.objects.create(
        plant=plant,
        stored=stored,
        original_name=paper.original_name,
        media_type=paper.media_type,
        uploaded_by=relief.asked_by,
        uploaded_at=at,
    )
    ReliefPaper.objects.create(relief=relief, evidence=evidence)
    audit.record(
        by=by,
        at=at,
        verb=audit.Verb.UPLOADED,
        thing=evidence,
        plant=plant,
        after={"obligation": relief.obligation_id, "sha256": stored.sha256},
    )
