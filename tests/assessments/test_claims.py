"""Claims: one officer at a submission, for half an hour from her last action."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils.translation import override

from plants.models import Membership, Person, Role
from tests.factories import NOW, Cast, cast, make_obligation_at, officer_of
from tests.flows.test_races import at_once
from tracker import audit
from tracker.assessments.claims import (
    ClaimedByAnother,
    StaleClaim,
    TakeOverRefused,
    claim_submission,
    claim_submissions,
    take_over,
)
from tracker.assessments.models import CLAIM_LASTS, Decision, Review, ReviewClaim
from tracker.assessments.review import review_submission
from tracker.evidence.models import Submission
from tracker.obligations.models import State

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def world() -> Cast:
    return cast()


def waiting(world: Cast, manager: Person | None = None) -> Submission:
    manager = manager or world.manager
    obligation = make_obligation_at(State.SUBMITTED, plant=world.plant, manager=manager)
    return Submission.objects.select_related("obligation__plant__authority").get(
        obligation=obligation
    )


def by(person: Person) -> audit.Actor:
    return audit.Actor(person, "192.0.2.7")


def accept(submission: Submission, person: Person) -> Review:
    return review_submission(
        submission=submission, decision=Decision.ACCEPT, reason="", by=by(person), at=NOW
    )


def holders() -> dict[int, int]:
    return dict(ReviewClaim.objects.values_list("submission", "person"))


def test_first_claim_stands_until_half_an_hour_after_the_last_action(world: Cast) -> None:
    submission, first, second = waiting(world), world.changji_officer, world.region_officer
    claim_submission(submission, person=first, at=NOW)
    claim_submission(submission, person=first, at=NOW + 20 * MINUTE)
    times = (NOW + 49 * MINUTE, NOW + 20 * MINUTE + CLAIM_LASTS)

    found = [claim_submission(submission, person=second, at=at).person for at in times]

    assert found == [first, second]


def test_claiming_another_lets_go_of_the_first(world: Cast) -> None:
    one, other, officer = waiting(world), waiting(world), world.changji_officer
    claim_submission(one, person=officer, at=NOW)

    claim_submission(other, person=officer, at=NOW)

    assert holders() == {other.pk: officer.pk}


def test_looking_at_what_another_holds_keeps_ones_own(world: Cast) -> None:
    one, other = waiting(world), waiting(world)
    claim_submission(one, person=world.changji_officer, at=NOW)
    claim_submission(other, person=world.region_officer, at=NOW)

    claim_submission(other, person=world.changji_officer, at=NOW)

    assert holders() == {one.pk: world.changji_officer.pk, other.pk: world.region_officer.pk}


def test_claiming_several_leaves_those_of_others(world: Cast) -> None:
    officer, colleague = world.changji_officer, world.region_officer
    before, one, other, run_out = (waiting(world) for _ in range(4))
    claim_submission(before, person=officer, at=NOW)
    claim_submission(run_out, person=colleague, at=NOW - CLAIM_LASTS)
    third = officer_of(world.plant.authority)
    claim_submission(other, person=third, at=NOW)

    claim_submissions([one, other, run_out], person=officer, at=NOW)

    assert holders() == {one.pk: officer.pk, other.pk: third.pk, run_out.pk: officer.pk}


def test_decision_is_refused_while_another_is_at_it_and_ends_the_claim(world: Cast) -> None:
    submission = waiting(world)
    claim_submission(submission, person=world.changji_officer, at=NOW)

    with pytest.raises(ClaimedByAnother) as caught:
        accept(submission, world.region_officer)
    accept(submission, world.changji_officer)

    assert caught.value.claim.person == world.changji_officer
    assert (Review.objects.count(), holders()) == (1, {})


def test_taking_over_names_whom_it_was_taken_from_and_is_in_the_trail(world: Cast) -> None:
    submission, first, second = waiting(world), world.changji_officer, world.region_officer
    claim_submission(submission, person=first, at=NOW)

    claim = take_over(submission, holder_pk=first.pk, by=by(second), at=NOW + MINUTE)

    assert (claim.person, claim.taken_from) == (second, first)
    event = audit.Event.objects.for_plant(world.plant)[0]
    assert (event.verb, event.person) == (audit.Verb.TOOK_OVER, second)
    with pytest.raises(ClaimedByAnother):
        accept(submission, first)


def test_taking_over_from_who_holds_it_no_more_is_stale(world: Cast) -> None:
    submission, first, second = waiting(world), world.changji_officer, world.region_officer
    third = officer_of(world.plant.authority)
    claim_submission(submission, person=first, at=NOW)
    take_over(submission, holder_pk=first.pk, by=by(second), at=NOW)

    for who in (third, second):
        with pytest.raises(StaleClaim):
            take_over(submission, holder_pk=first.pk, by=by(who), at=NOW)

    assert holders() == {submission.pk: second.pk}


@pytest.mark.parametrize("name", ["corps_officer", "manager", "auditor", "administrator"])
def test_who_may_not_review_may_not_take_over(world: Cast, name: str) -> None:
    submission, holder = waiting(world), world.changji_officer
    claim_submission(submission, person=holder, at=NOW)

    with override("en"), pytest.raises(TakeOverRefused) as caught:
        take_over(submission, holder_pk=holder.pk, by=by(world.people[name]), at=NOW)

    assert str(caught.value) == "Only an officer of the plant's authority can review."
    assert holders() == {submission.pk: holder.pk}
    assert not audit.Event.objects.filter(verb=audit.Verb.TOOK_OVER).exists()


def test_who_handed_it_in_may_not_take_over(world: Cast) -> None:
    both, holder = world.region_officer, world.changji_officer
    Membership.objects.create(person=both, role=Role.MANAGER, plant=world.plant)
    submission = waiting(world, both)
    claim_submission(submission, person=holder, at=NOW)

    with override("en"), pytest.raises(TakeOverRefused) as caught:
        take_over(submission, holder_pk=holder.pk, by=by(both), at=NOW)

    assert str(caught.value) == "You submitted it yourself; another officer has to review it."
    assert holders() == {submission.pk: holder.pk}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("run_out", [False, True])
def test_of_two_who_claim_at_once_one_wins(world: Cast, run_out: bool) -> None:
    submission = waiting(world)
    if run_out:
        gone = officer_of(world.plant.authority)
        claim_submission(submission, person=gone, at=NOW - CLAIM_LASTS)
    officers = [world.changji_officer, world.region_officer]

    def claim(person: Person) -> Person:
        return claim_submission(submission, person=person, at=NOW).person

    outcomes = at_once(*[partial(claim, who) for who in officers])

    [holder] = [claim.person for claim in ReviewClaim.objects.select_related("person")]
    assert holder in officers
    assert outcomes == [holder, holder]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_over_at_once_one_wins(world: Cast) -> None:
    submission, holder = waiting(world), officer_of(world.plant.authority)
    claim_submission(submission, person=holder, at=NOW)
    officers = [world.changji_officer, world.region_officer]

    outcomes = at_once(
        *[
            partial(take_over, submission, holder_pk=holder.pk, by=by(who), at=NOW)
            for who in officers
        ]
    )

    assert sum(isinstance(outcome, StaleClaim) for outcome in outcomes) == 1
    assert ReviewClaim.objects.get().person in officers
