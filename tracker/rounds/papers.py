"""Lay a file to the step in which a round stands."""

from datetime import datetime

from django.db import transaction

from tracker import audit
from tracker.evidence.models import Evidence
from tracker.evidence.quota import lock_quota, refuse_over_quota
from tracker.evidence.store import KeptFile
from tracker.rounds.acting import person_of, refuse, take_turn
from tracker.rounds.answering import why_not_answer
from tracker.rounds.models import Round, RoundPaper, RoundStep


def keep_paper(round_: Round, *, file: KeptFile, by: audit.Actor, at: datetime) -> RoundPaper:
    """Make a kept file evidence of the round's plant, and a paper of the present step.

    The same file under the same name again gives what is there. ``RoundRefused`` for who has no
    part in this stage; ``QuotaExceeded`` where the plant has no room.
    """
    person = person_of(by.person)
    refuse(why_not_answer(person, round_))
    with transaction.atomic():
        step = take_turn(round_)
        there = _same(step, file)
        if there is not None:
            return there
        lock_quota(round_.plant)
        stored = file.stored
        refuse_over_quota(round_.plant, sha256=stored.sha256, size_bytes=stored.size_bytes)
        evidence = Evidence.objects.create(
            plant=round_.plant,
            stored=stored,
            original_name=file.original_name,
            media_type=file.media_type,
            uploaded_by=person,
            uploaded_at=at,
        )
        paper = RoundPaper.objects.create(step=step, evidence=evidence)
        audit.record(
            by=by,
            at=at,
            verb=audit.Verb.UPLOADED,
            thing=evidence,
            plant=round_.plant,
            after={"round": round_.number, "step": step.number, "sha256": stored.sha256},
        )
    return paper


def _same(step: RoundStep, file: KeptFile) -> RoundPaper | None:
    same = step.papers.filter(
        evidence__stored=file.stored, evidence__original_name=file.original_name
    )
    return same.order_by("pk").first()
