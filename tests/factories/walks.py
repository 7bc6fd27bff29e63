"""Obligations in any state, reached by walking the real use cases."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from plants.models import Person
from tests.factories.people import manager_of, officer_of
from tests.factories.rows import NOW, ObligationFactory
from tracker.assessments.models import Decision, Review
from tracker.assessments.review import review_submission
from tracker.audit import Actor, Verb
from tracker.demo.evidence_files import make_pdf
from tracker.evidence.attach import attach_evidence
from tracker.evidence.models import Attachment, ScanState, StoredFile, Submission
from tracker.evidence.store import IncomingFile, KeptFile
from tracker.evidence.submit import submit_evidence
from tracker.obligations.models import Obligation, State
from tracker.obligations.states import move

MEGABYTE = 1024 * 1024
FILE_NAME = "监测报告.pdf"
REASON = "缺少盖章页。"
VIRUS = "Win.Test.EICAR_HDB-1"
DECISIONS = {State.ACCEPTED: (Decision.ACCEPT, ""), State.RETURNED: (Decision.RETURN, REASON)}
DECREED = {State.WAIVED: Verb.MOVED, State.WITHDRAWN: Verb.WITHDREW}


def unread_file(*, name: str = "报告.pdf", number: int = 0) -> KeptFile:
    """A file whose bytes nobody asks for: there are none."""
    stored, _made = StoredFile.objects.get_or_create(
        sha256=f"{number:064x}", defaults={"size_bytes": 3}
    )
    return KeptFile(stored, name, "application/pdf")


def store_file(content: bytes | None = None, *, name: str = FILE_NAME) -> KeptFile:
    """A file in the store; a small real PDF unless told otherwise."""
    incoming = IncomingFile(name, limit_bytes=MEGABYTE)
    incoming.write(make_pdf(1) if content is None else content)
    return incoming.keep()


def attach(
    obligation: Obligation, by: Person, *, name: str = FILE_NAME, at: datetime = NOW
) -> Attachment:
    return attach_evidence(
        obligation=obligation,
        file=store_file(name=name),
        document_on=None,
        by=Actor(by, "192.0.2.1"),
        at=at,
    )


def submit(obligation: Obligation, by: Person, *, note: str = "", at: datetime = NOW) -> Submission:
    """Lay one file there and submit."""
    attach(obligation, by, at=at)
    return submit_evidence(
        obligation=obligation, note=note, token=uuid4(), by=Actor(by, "192.0.2.1"), at=at
    )


def decide(
    submission: Submission, decision: str, by: Person, *, reason: str = "", at: datetime = NOW
) -> Review:
    return review_submission(
        submission=submission,
        decision=decision,
        reason=reason,
        by=Actor(by, "198.51.100.1"),
        at=at,
    )


def make_obligation_at(
    state: State,
    *,
    manager: Person | None = None,
    officer: Person | None = None,
    at: datetime = NOW,
    **fields: Any,
) -> Obligation:
    """An obligation in this state, with the submission and review that led there.

    Manager and officer are made when none are given; ``fields`` go to the factory.
    """
    obligation = ObligationFactory.create(**fields)
    if state in DECREED:
        move(obligation, to=state, verb=DECREED[state], by=Actor(None, "tests"), at=at)
    elif state != State.OPEN:
        submission = submit(obligation, manager or manager_of(obligation.plant), at=at)
        if state in DECISIONS:
            decision, reason = DECISIONS[state]
            judge = officer or officer_of(obligation.plant.authority)
            decide(submission, decision, judge, reason=reason, at=at)
    return Obligation.objects.get(pk=obligation.pk)


def quarantine(stored: StoredFile) -> None:
    """As if a scanner had found a virus in it."""
    StoredFile.objects.filter(pk=stored.pk).update(
        scan_state=ScanState.QUARANTINED, scan_found=VIRUS, scan_engine="ClamAV", scanned_at=NOW
    )
