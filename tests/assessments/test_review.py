"""Reviews: who may, four eyes, bound to what was seen."""

from uuid import uuid4

import pytest
from django.utils.translation import override

from plants.models import Membership, Person, Role
from tests.factories import NOW, Cast, ObligationFactory, cast, unread_file
from tracker import audit
from tracker.assessments.models import Decision, Review
from tracker.assessments.review import (
    ReviewRefused,
    review_submission,
    waiting_for,
    why_not_review,
)
from tracker.evidence.attach import attach_evidence
from tracker.evidence.models import Submission
from tracker.evidence.submit import submit_evidence
from tracker.obligations.models import Obligation, State
from tracker.obligations.states import StaleState

pytestmark = pytest.mark.django_db


def by(person: Person) -> audit.Actor:
    return audit.Actor(person, "192.0.2.7")


def answer(obligation: Obligation, person: Person) -> Submission:
    attach_evidence(
        obligation=obligation,
        file=unread_file(),
        document_on=None,
        by=by(person),
        at=NOW,
    )
    return submit_evidence(obligation=obligation, note="", token=uuid4(), by=by(person), at=NOW)


def decide(submission: Submission, person: Person, decision: str, reason: str = "") -> Review:
    return review_submission(
        submission=submission, decision=decision, reason=reason, by=by(person), at=NOW
    )


@pytest.fixture
def world() -> Cast:
    return cast()


@pytest.fixture
def submission(world: Cast) -> Submission:
    return answer(ObligationFactory.create(plant=world.plant), world.manager)


def test_officer_accepts(world: Cast, submission: Submission) -> None:
    review = decide(submission, world.changji_officer, Decision.ACCEPT)

    assert Obligation.objects.get().state == State.ACCEPTED
    assert (review.submission, review.reviewed_by) == (submission, world.changji_officer)
    newest = audit.Event.objects.for_plant(world.plant).first()
    assert newest is not None
    assert (newest.verb, newest.person) == (audit.Verb.ACCEPTED, world.changji_officer)


def test_return_and_resubmission(world: Cast, submission: Submission) -> None:
    decide(submission, world.region_officer, Decision.RETURN, "  缺少校准记录。 ")
    returned = Obligation.objects.select_related("plant").get()
    second = answer(returned, world.manager)
    decide(second, world.changji_officer, Decision.ACCEPT)

    assert Obligation.objects.get().state == State.ACCEPTED
    assert (submission.review.decision, submission.review.reason) == (
        Decision.RETURN,
        "缺少校准记录。",
    )
    assert second.number == 2


def test_who_may_review(world: Cast, submission: Submission) -> None:
    may = {
        name
        for name, person in world.people.items()
        if why_not_review(person, submission.obligation, submission) is None
    }

    assert may == {"changji_officer", "region_officer"}


def test_what_waits_is_what_one_may_decide(world: Cast, submission: Submission) -> None:
    elsewhere = answer(ObligationFactory.create(plant=world.other_plant), world.other_manager)
    officer = world.changji_officer
    tacheng = world.other_plant.authority
    Membership.objects.create(person=officer, role=Role.AUDITOR, authority=tacheng)

    seen = {
        name: set(waiting_for(Person.objects.get(pk=person.pk)))
        for name, person in world.people.items()
    }

    assert {name: waiting for name, waiting in seen.items() if waiting} == {
        "changji_officer": {submission.obligation},
        "region_officer": {submission.obligation, elsewhere.obligation},
    }


@pytest.mark.parametrize("name", ["corps_officer", "manager", "auditor", "administrator"])
def test_others_are_refused(world: Cast, submission: Submission, name: str) -> None:
    with override("en"), pytest.raises(ReviewRefused) as caught:
        decide(submission, world.people[name], Decision.ACCEPT)

    assert str(caught.value) == "Only an officer of the plant's authority can review."
    assert Obligation.objects.get().state == State.SUBMITTED


def test_four_eyes(world: Cast) -> None:
    both = world.changji_officer
    Membership.objects.create(person=both, role=Role.MANAGER, plant=world.plant)
    submission = answer(ObligationFactory.create(plant=world.plant), both)

    with override("en"), pytest.raises(ReviewRefused) as caught:
        decide(submission, both, Decision.ACCEPT)

    assert str(caught.value) == "You submitted it yourself; another officer has to review it."


def test_return_needs_a_reason(world: Cast, submission: Submission) -> None:
    with override("en"), pytest.raises(ReviewRefused) as caught:
        decide(submission, world.changji_officer, Decision.RETURN, "  ")

    assert str(caught.value) == "Say what is missing or wrong, so that the plant can mend it."
    assert Review.objects.count() == 0


def test_second_decision_on_the_same_submission_is_stale(
    world: Cast, submission: Submission
) -> None:
    late = Submission.objects.select_related("obligation__plant__authority").get()
    decide(submission, world.region_officer, Decision.RETURN, "缺页。")

    with pytest.raises(StaleState) as caught:
        decide(late, world.changji_officer, Decision.ACCEPT)

    assert caught.value.obligation.state == State.RETURNED
    assert Review.objects.get().reviewed_by == world.region_officer


def test_decision_on_an_older_submission_is_stale(world: Cast, submission: Submission) -> None:
    older = Submission.objects.select_related("obligation__plant__authority").get()
    decide(submission, world.region_officer, Decision.RETURN, "缺页。")
    answer(Obligation.objects.select_related("plant").get(), world.manager)

    with pytest.raises(StaleState) as caught:
        decide(older, world.changji_officer, Decision.ACCEPT)

    assert caught.value.obligation.state == Obligation.objects.get().state == State.SUBMITTED
    assert not audit.Event.objects.filter(verb=audit.Verb.ACCEPTED).exists()
