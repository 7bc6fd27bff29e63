"""The papers of a request for an extension or a waiver."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from tracker import audit
from tracker.evidence.models import Evidence, ReliefPaper
from tracker.evidence.quota import lock_quota, refuse_over_quota
from tracker.evidence.store import KeptFile
from tracker.obligations.models import Obligation, Relief
from tracker.obligations.relief import ask_relief


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
