"""What a file's scan allows a plant and an officer."""

from typing import Any
from uuid import uuid4

import pytest
from django.utils.translation import override

from tests.factories import NOW, Cast, ObligationFactory, cast
from tests.factories.walks import FILE_NAME, attach, quarantine, store_file
from tracker.audit import Actor
from tracker.evidence.attach import AnswerRefused, attach_again
from tracker.evidence.models import Evidence, ScanState, StoredFile, Submission
from tracker.evidence.quarantine import (
    Quarantined,
    open_stored,
    shown_state,
    why_not_accept,
    why_not_hand_in,
)
from tracker.evidence.submit import submit_evidence
from tracker.obligations.models import Obligation, State

URL = "tcp://127.0.0.1:1"


def file_in(state: str) -> Evidence:
    return Evidence(stored=StoredFile(scan_state=state), original_name="一.pdf")


@pytest.mark.parametrize(
    ("state", "url", "hand_in", "accept"),
    [
        ("not_scanned", "", None, None),
        ("not_scanned", URL, None, None),
        ("waiting", "", None, None),
        ("waiting", URL, None, "“一.pdf” is not scanned for viruses yet"),
        ("clean", URL, None, None),
        ("quarantined", URL, "A virus was found in “一.pdf”", "A virus was found in “一.pdf”"),
        ("quarantined", "", "A virus was found in “一.pdf”", "A virus was found in “一.pdf”"),
    ],
)
def test_what_a_scan_allows(
    settings: Any, state: str, url: str, hand_in: str | None, accept: str | None
) -> None:
    settings.CLAMD_URL = url
    files = [file_in("clean"), file_in(state)]

    with override("en"):
        said = why_not_hand_in(files), why_not_accept(files)

    for sentence, start in zip(said, (hand_in, accept), strict=True):
        assert (sentence or "").startswith(start or "")
        assert (sentence is None) == (start is None)


def test_virus_is_named_before_what_waits(settings: Any) -> None:
    settings.CLAMD_URL = URL

    with override("en"):
        sentence = why_not_accept([file_in("waiting"), file_in("quarantined")])

    assert sentence is not None
    assert sentence.startswith("A virus was found")


def test_nothing_waits_where_there_is_no_scanner(settings: Any) -> None:
    stored = StoredFile(scan_state=ScanState.WAITING)
    assert shown_state(stored) == ScanState.NOT_SCANNED

    settings.CLAMD_URL = URL
    assert shown_state(stored) == ScanState.WAITING


@pytest.mark.django_db
def test_quarantined_file_is_not_opened() -> None:
    stored = store_file().stored
    with open_stored(stored) as content:
        assert content.read(5) == b"%PDF-"
    quarantine(stored)

    with pytest.raises(Quarantined):
        open_stored(StoredFile.objects.get(pk=stored.pk))


@pytest.fixture
def world(db: None) -> Cast:
    return cast()


def test_quarantined_file_is_not_submitted(world: Cast) -> None:
    obligation = ObligationFactory.create(plant=world.plant)
    quarantine(attach(obligation, world.manager).evidence.stored)

    with override("en"), pytest.raises(AnswerRefused, match=f"A virus was found in “{FILE_NAME}”"):
        submit_evidence(
            obligation=obligation, note="", token=uuid4(), by=Actor(world.manager, ""), at=NOW
        )

    assert obligation.state == State.OPEN
    assert Obligation.objects.get(pk=obligation.pk).state == State.OPEN
    assert not Submission.objects.exists()


def test_quarantined_file_is_not_used_again(world: Cast) -> None:
    laid = attach(ObligationFactory.create(plant=world.plant), world.manager)
    quarantine(laid.evidence.stored)
    other = ObligationFactory.create(plant=world.plant)
    evidence = Evidence.objects.get(pk=laid.evidence_id)

    with pytest.raises(AnswerRefused):
        attach_again(obligation=other, evidence=evidence, by=Actor(world.manager, ""), at=NOW)

    assert not other.attachments.exists()
