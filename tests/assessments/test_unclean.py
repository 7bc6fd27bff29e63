"""Files with a virus, or not scanned yet, are not accepted at any level; they can be returned."""

from typing import Any

import pytest
from django.utils.translation import override

from plants.models import Person
from tests.factories import (
    NOW,
    Cast,
    RequirementFactory,
    cast,
    decide,
    make_obligation_at,
)
from tests.factories.walks import FILE_NAME, REASON, quarantine
from tracker.assessments.correct import CorrectionRefused, correct_decision, read_standing
from tracker.assessments.models import Answered, Decision, Proposal, Review, ReviewCorrection
from tracker.assessments.propose import SEND_BACK, decide_submission
from tracker.assessments.review import ReviewRefused
from tracker.assessments.seen import digest_of
from tracker.audit import Actor
from tracker.evidence.models import StoredFile, Submission
from tracker.obligations.models import Obligation, State

pytestmark = pytest.mark.django_db

FOUND = f"A virus was found in “{FILE_NAME}”, so it can't be accepted."


@pytest.fixture
def world() -> Cast:
    return cast()


def submitted(world: Cast, state: State = State.SUBMITTED, **fields: Any) -> Submission:
    obligation = make_obligation_at(
        state, plant=world.plant, manager=world.manager, officer=world.changji_officer, **fields
    )
    return Submission.objects.select_related("obligation__plant__authority").get(
        obligation=obligation
    )


def test_quarantined_file_is_not_accepted_but_returned(world: Cast) -> None:
    submission = submitted(world)
    quarantine(StoredFile.objects.get())

    with override("en"), pytest.raises(ReviewRefused, match=FOUND):
        decide(submission, "accept", world.changji_officer)
    assert Obligation.objects.get().state == State.SUBMITTED
    assert not Review.objects.exists()

    decide(submission, "return", world.changji_officer, reason=REASON)
    assert Obligation.objects.get().state == State.RETURNED


@pytest.mark.parametrize(("url", "is_accepted"), [("", True), ("tcp://127.0.0.1:1", False)])
def test_waiting_file_is_accepted_only_where_nothing_scans(
    world: Cast, settings: Any, url: str, is_accepted: bool
) -> None:
    settings.CLAMD_URL = url
    submission = submitted(world)
    StoredFile.objects.update(scan_state="waiting")

    if is_accepted:
        decide(submission, "accept", world.changji_officer)
    else:
        with override("en"), pytest.raises(ReviewRefused, match="not scanned for viruses yet"):
            decide(submission, "accept", world.changji_officer)

    assert Review.objects.exists() == is_accepted


def test_acceptance_is_not_proposed(world: Cast) -> None:
    submission = submitted(world, requirement=RequirementFactory.create(review_levels=2))
    quarantine(StoredFile.objects.get())

    with override("en"), pytest.raises(ReviewRefused, match=FOUND):
        level(submission, Decision.ACCEPT, world.changji_officer)

    assert not Proposal.objects.exists()


def test_proposal_on_a_file_that_was_clean_is_not_confirmed_but_sent_back(world: Cast) -> None:
    submission = submitted(world, requirement=RequirementFactory.create(review_levels=2))
    level(submission, Decision.ACCEPT, world.changji_officer)
    quarantine(StoredFile.objects.get())

    with override("en"), pytest.raises(ReviewRefused, match=FOUND):
        level(submission, Decision.ACCEPT, world.region_officer)

    assert Obligation.objects.get().state == State.SUBMITTED
    assert not Review.objects.exists()
    assert Proposal.objects.get().answer == ""
    level(submission, SEND_BACK, world.region_officer, "病毒")
    assert Proposal.objects.get().answer == Answered.SENT_BACK


def level(submission: Submission, decision: str, by: Person, reason: str = "") -> None:
    decide_submission(
        submission=submission, decision=decision, reason=reason, by=Actor(by, ""), at=NOW
    )


@pytest.mark.parametrize(("state", "is_done"), [(State.ACCEPTED, True), (State.RETURNED, False)])
def test_decision_is_corrected_to_a_return_only(world: Cast, state: State, is_done: bool) -> None:
    submission = submitted(world, state)
    quarantine(StoredFile.objects.get())
    standing = read_standing(submission.obligation)
    assert standing is not None

    def correct() -> None:
        correct_decision(
            obligation=submission.obligation,
            review_pk=standing.review.pk,
            corrections=0,
            superior_pk=world.region_officer.pk,
            reason="病毒",
            seen=digest_of(submission),
            by=Actor(world.changji_officer, ""),
            at=NOW,
        )

    if is_done:
        correct()
    else:
        with override("en"), pytest.raises(CorrectionRefused, match=FOUND):
            correct()

    assert ReviewCorrection.objects.exists() == is_done
