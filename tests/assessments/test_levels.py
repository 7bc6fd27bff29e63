"""Two levels: an officer proposes to accept, the authority above confirms or sends back."""

from functools import partial

import pytest
from django.utils.translation import override

from plants.models import Authority, Person
from tests.factories import (
    NOW,
    Cast,
    RequirementFactory,
    cast,
    decide,
    make_obligation_at,
    officer_of,
    submit,
)
from tests.flows.test_races import at_once
from tracker import audit
from tracker.assessments.claims import TakeOverRefused, claim_submission, take_over
from tracker.assessments.correct import read_standing, superiors_of
from tracker.assessments.models import Answered, Proposal, Review, ReviewClaim
from tracker.assessments.propose import SEND_BACK, decide_submission
from tracker.assessments.review import ReviewRefused, waiting_for
from tracker.assessments.seen import OtherFiles, digest_of
from tracker.evidence.models import Submission
from tracker.obligations.models import Obligation, State
from tracker.obligations.states import StaleState, move
from tracker.regulations.models import Requirement
from tracker.reminders.changes import plan_changes
from tracker.reminders.models import Reminder

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Cast:
    return cast()


@pytest.fixture
def submission(world: Cast) -> Submission:
    return waiting(world)


def waiting(world: Cast, levels: int = 2) -> Submission:
    rule = RequirementFactory.create(review_levels=levels)
    obligation = make_obligation_at(
        State.SUBMITTED, plant=world.plant, manager=world.manager, requirement=rule
    )
    return read(obligation.submissions.get())


def read(submission: Submission) -> Submission:
    related = "obligation__plant__authority", "obligation__requirement"
    return Submission.objects.select_related(*related).get(pk=submission.pk)


def give(
    submission: Submission, person: Person, decision: str, reason: str = "", seen: str = ""
) -> Review | Proposal:
    by = audit.Actor(person, "192.0.2.7")
    return decide_submission(
        submission=read(submission), decision=decision, reason=reason, by=by, at=NOW, seen=seen
    )


def state_of(submission: Submission) -> str:
    return Obligation.objects.get(pk=submission.obligation_id).state


def waits_for(world: Cast) -> set[str]:
    people = {name: Person.objects.get(pk=person.pk) for name, person in world.people.items()}
    return {name for name, person in people.items() if waiting_for(person).exists()}


def region(world: Cast) -> Authority:
    return Authority.objects.get(code="region")


def test_first_level_proposes_and_the_authority_above_confirms(
    world: Cast, submission: Submission
) -> None:
    proposal = give(submission, world.changji_officer, "accept", "数据齐全。")
    between = state_of(submission), waits_for(world)

    review = give(submission, world.region_officer, "accept")

    assert isinstance(proposal, Proposal)
    assert (proposal.authority, proposal.note) == (world.plant.authority, "数据齐全。")
    assert between == (State.SUBMITTED, {"region_officer"})
    assert isinstance(review, Review)
    assert (review.reviewed_by, state_of(submission)) == (world.region_officer, State.ACCEPTED)
    proposal.refresh_from_db()
    assert (proposal.answer, proposal.answered_by) == (Answered.CONFIRMED, world.region_officer)
    verbs = [event.verb for event in audit.Event.objects.for_plant(world.plant)[:2]]
    assert verbs == [audit.Verb.ACCEPTED, audit.Verb.PROPOSED]


def test_one_level_stays_as_it_was(world: Cast) -> None:
    submission = waiting(world, levels=1)

    done = give(submission, world.changji_officer, "accept")

    assert isinstance(done, Review)
    assert (state_of(submission), Proposal.objects.count()) == (State.ACCEPTED, 0)


@pytest.mark.parametrize("decision", ["accept", "return", SEND_BACK])
def test_who_proposed_and_her_colleagues_wait_for_the_level_above(
    world: Cast, submission: Submission, decision: str
) -> None:
    colleague = officer_of(world.plant.authority)
    give(submission, world.changji_officer, "accept")
    says = {
        world.changji_officer: "You proposed to accept it; an officer of the authority above",
        colleague: f"{world.changji_officer.name} proposed to accept it; an officer of",
    }

    for person, words in says.items():
        with override("en"), pytest.raises(ReviewRefused) as caught:
            give(submission, person, decision, "缺页。")
        assert str(caught.value).startswith(words)

    assert (state_of(submission), Review.objects.count()) == (State.SUBMITTED, 0)


def test_on_top_of_a_tree_another_officer_of_the_same_authority_confirms(
    world: Cast, submission: Submission
) -> None:
    other = officer_of(region(world))
    give(submission, world.region_officer, "accept")

    below = waits_for(world)
    give(submission, other, "accept")

    assert below == set()
    assert (state_of(submission), Review.objects.get().reviewed_by) == (State.ACCEPTED, other)


def test_same_proposal_sent_twice_counts_once(world: Cast, submission: Submission) -> None:
    seen = digest_of(submission)

    made = [give(submission, world.changji_officer, "accept", seen=seen) for _ in range(2)]

    assert made == [Proposal.objects.get()] * 2


def test_return_at_the_first_level_needs_no_second(world: Cast, submission: Submission) -> None:
    give(submission, world.changji_officer, "return", "缺页。")

    assert (state_of(submission), Proposal.objects.count()) == (State.RETURNED, 0)


def test_second_level_returns_to_the_plant(world: Cast, submission: Submission) -> None:
    give(submission, world.changji_officer, "accept")

    give(submission, world.region_officer, "return", "缺页。")

    assert state_of(submission) == State.RETURNED
    assert Proposal.objects.get().answer == Answered.RETURNED


def test_second_level_sends_back_and_the_first_is_told_and_proposes_anew(
    world: Cast, submission: Submission
) -> None:
    give(submission, world.changji_officer, "accept")

    give(submission, world.region_officer, SEND_BACK, "请核对期间。")
    plan_changes(at=NOW)

    sent = Proposal.objects.get()
    assert (sent.answer, sent.reason) == (Answered.SENT_BACK, "请核对期间。")
    assert (state_of(submission), waits_for(world)) == (
        State.SUBMITTED,
        {"changji_officer", "region_officer"},
    )
    assert {each.person for each in Reminder.objects.of_changes()} == {world.changji_officer}
    assert isinstance(give(submission, world.changji_officer, "accept"), Proposal)
    assert waits_for(world) == {"region_officer"}


@pytest.mark.parametrize(
    ("is_proposed", "reason", "words"),
    [(True, " ", "Say what is missing or wrong, so that the first"), (False, "x", "Nothing is")],
)
def test_sending_back_needs_a_reason_and_a_proposal(
    world: Cast, submission: Submission, is_proposed: bool, reason: str, words: str
) -> None:
    if is_proposed:
        give(submission, world.changji_officer, "accept")

    with override("en"), pytest.raises(ReviewRefused) as caught:
        give(submission, world.region_officer, SEND_BACK, reason)

    assert str(caught.value).startswith(words)


@pytest.mark.parametrize("name", ["corps_officer", "manager", "auditor", "administrator"])
@pytest.mark.parametrize("decision", ["accept", SEND_BACK])
def test_others_neither_propose_nor_send_back(
    world: Cast, submission: Submission, name: str, decision: str
) -> None:
    if decision == SEND_BACK:
        give(submission, world.changji_officer, "accept")
    before = Proposal.objects.count()

    with override("en"), pytest.raises(ReviewRefused) as caught:
        give(submission, world.people[name], decision, "缺页。")

    assert str(caught.value) == "Only an officer of the plant's authority can review."
    assert Proposal.objects.filter(answer="").count() == before


def test_no_way_around_the_first_level(world: Cast, submission: Submission) -> None:
    with override("en"), pytest.raises(ReviewRefused) as caught:
        decide(read(submission), "accept", world.region_officer)

    assert str(caught.value) == "It has to be proposed first; the authority above confirms."
    assert state_of(submission) == State.SUBMITTED


def test_proposal_binds_to_the_files_that_were_seen(world: Cast, submission: Submission) -> None:
    give(submission, world.changji_officer, "accept")
    submission.evidence.add(waiting(world).evidence.get())

    with pytest.raises(OtherFiles):
        give(submission, world.region_officer, "accept")
    give(submission, world.region_officer, SEND_BACK, "文件变了。")

    assert (state_of(submission), Review.objects.count()) == (State.SUBMITTED, 0)
    assert Proposal.objects.get().answer == Answered.SENT_BACK


def test_newer_submission_voids_the_proposal(world: Cast, submission: Submission) -> None:
    give(submission, world.changji_officer, "accept")
    obligation = submission.obligation
    system = audit.Actor(None, "tests")
    for to, verb in ((State.WITHDRAWN, audit.Verb.WITHDREW), (State.OPEN, audit.Verb.RESTORED)):
        move(obligation, to=to, verb=verb, by=system, at=NOW)
    newer = submit(obligation, world.manager)

    waiting_now = waits_for(world)
    proposal = give(newer, world.changji_officer, "accept")

    assert waiting_now == {"changji_officer", "region_officer"}
    assert isinstance(proposal, Proposal)
    with pytest.raises(StaleState):
        give(submission, world.region_officer, "return", "缺页。")


def test_with_one_level_again_the_first_decides(world: Cast, submission: Submission) -> None:
    give(submission, world.changji_officer, "accept")
    Requirement.objects.update(review_levels=1)

    again = waits_for(world)
    give(submission, world.changji_officer, "accept")

    assert again == {"changji_officer", "region_officer"}
    assert state_of(submission) == State.ACCEPTED


def test_correction_of_a_confirmed_decision_needs_the_authority_above(
    world: Cast, submission: Submission
) -> None:
    give(submission, world.changji_officer, "accept")
    give(submission, world.region_officer, "accept")
    colleague, above = officer_of(world.plant.authority), officer_of(region(world))
    obligation = read(submission).obligation
    standing = read_standing(obligation)
    assert standing is not None

    # Neither the colleague of the first level nor who proposed or confirmed.
    assert superiors_of(world.changji_officer, obligation, standing) == [above]
    assert superiors_of(colleague, obligation, standing) == [above]


def test_first_level_does_not_take_over_what_the_second_is_at(
    world: Cast, submission: Submission
) -> None:
    colleague = officer_of(world.plant.authority)
    give(submission, world.changji_officer, "accept")
    claim_submission(submission, person=world.region_officer, at=NOW)

    with pytest.raises(TakeOverRefused):
        take_over(
            read(submission),
            holder_pk=world.region_officer.pk,
            by=audit.Actor(colleague, "192.0.2.7"),
            at=NOW,
        )

    assert ReviewClaim.objects.get().person == world.region_officer


@pytest.mark.django_db(transaction=True)
def test_of_two_who_propose_at_once_one_wins(world: Cast, submission: Submission) -> None:
    people = [world.changji_officer, officer_of(world.plant.authority)]

    outcomes = at_once(*[partial(give, submission, who, "accept") for who in people])

    assert Proposal.objects.get() in outcomes
    refused = [each for each in outcomes if isinstance(each, (StaleState, ReviewRefused))]
    assert len(refused) == 1


@pytest.mark.django_db(transaction=True)
def test_return_and_proposal_at_once_leave_one(world: Cast, submission: Submission) -> None:
    colleague = officer_of(world.plant.authority)

    outcomes = at_once(
        partial(give, submission, world.changji_officer, "accept"),
        partial(give, submission, colleague, "return", "缺页。"),
    )

    refused = [each for each in outcomes if isinstance(each, (StaleState, ReviewRefused))]
    assert len(refused) == 1
    assert Proposal.objects.count() + Review.objects.count() == 1
