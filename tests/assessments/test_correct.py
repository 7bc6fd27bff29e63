"""Corrections of decisions: four eyes, bound to what was seen, both decisions kept."""

from functools import partial
from typing import Any

import pytest
from django.utils.translation import override

from plants.models import Authority, Membership, Person, Role
from tests.factories import NOW, Cast, cast, make_obligation_at, officer_of, submit, unread_file
from tests.flows.test_races import at_once
from tracker import audit
from tracker.assessments.correct import (
    CorrectionRefused,
    correct_decision,
    read_standing,
    superiors_of,
    why_not_correct,
)
from tracker.assessments.models import Decision, Review, ReviewCorrection
from tracker.assessments.seen import OtherFiles, digest_of
from tracker.evidence.attach import attach_evidence
from tracker.obligations.models import Obligation, State
from tracker.obligations.states import StaleState
from tracker.reminders.changes import plan_changes
from tracker.reminders.models import Reminder

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Cast:
    return cast()


def decided(world: Cast, state: State = State.ACCEPTED) -> Obligation:
    """Decided by the prefecture's officer."""
    return make_obligation_at(
        state, plant=world.plant, manager=world.manager, officer=world.changji_officer
    )


def read(obligation: Obligation) -> Obligation:
    return Obligation.objects.select_related("plant__authority").get(pk=obligation.pk)


def correct(
    obligation: Obligation, person: Person, superior: Person, **other: Any
) -> ReviewCorrection:
    standing = read_standing(obligation)
    assert standing is not None
    values = {
        "review_pk": standing.review.pk,
        "corrections": len(standing.corrections),
        "superior_pk": superior.pk,
        "reason": "附件属于另一家企业。",
        "seen": digest_of(standing.submission),
        "by": audit.Actor(person, "192.0.2.7"),
        "at": NOW,
    }
    return correct_decision(obligation=read(obligation), **{**values, **other})


@pytest.mark.parametrize(
    ("was", "becomes", "decision"),
    [
        (State.ACCEPTED, State.RETURNED, Decision.RETURN),
        (State.RETURNED, State.ACCEPTED, Decision.ACCEPT),
    ],
)
def test_new_decision_turns_the_state_and_the_old_one_stays(
    world: Cast, was: State, becomes: State, decision: Decision
) -> None:
    obligation = decided(world, was)
    before = Review.objects.values().get()

    made = correct(obligation, world.changji_officer, world.region_officer)

    assert read(obligation).state == becomes
    assert Review.objects.values().get() == before
    assert (made.number, made.decision, made.superior) == (1, decision, world.region_officer)
    event = audit.Event.objects.for_plant(world.plant)[0]
    assert (event.verb, event.person, event.note) == (
        audit.Verb.REVISED,
        world.changji_officer,
        "附件属于另一家企业。",
    )
    assert (event.before, event.after) == (
        {"state": was},
        {
            "state": becomes,
            "superior": world.region_officer.name,
            "concerns": [world.region_officer.pk],
        },
    )


def test_corrected_again_by_others_and_then_answered_anew(world: Cast) -> None:
    region = Authority.objects.get(code="region")
    obligation, third, fourth = decided(world), officer_of(region), officer_of(region)
    correct(obligation, world.changji_officer, world.region_officer)

    correct(obligation, world.region_officer, third)
    correct(obligation, third, fourth)

    decisions = ReviewCorrection.objects.in_order().values_list("number", "decision")
    assert list(decisions) == [(1, "return"), (2, "accept"), (3, "return")]
    assert ReviewCorrection.objects.get(number=3).superior == fourth
    assert submit(read(obligation), world.manager).number == 2


def test_who_may_correct(world: Cast) -> None:
    obligation = read(decided(world))
    standing = read_standing(obligation)

    may = {
        name
        for name, person in world.people.items()
        if why_not_correct(person, obligation, standing) is None
    }

    assert may == {"changji_officer", "region_officer"}


@pytest.mark.parametrize("name", ["corps_officer", "manager", "auditor", "administrator"])
def test_others_are_refused(world: Cast, name: str) -> None:
    obligation = decided(world)

    with override("en"), pytest.raises(CorrectionRefused) as caught:
        correct(obligation, world.people[name], world.region_officer)

    assert str(caught.value) == "Only an officer of the plant's authority can correct a decision."
    assert read(obligation).state == State.ACCEPTED


def test_superiors_are_other_officers_of_her_authority_or_above(world: Cast) -> None:
    obligation = read(decided(world))
    colleague, gone = (officer_of(world.plant.authority) for _ in range(2))
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    officer_of(world.other_plant.authority)
    standing = read_standing(obligation)
    assert standing is not None

    found = {
        person: set(superiors_of(person, obligation, standing))
        for person in (world.changji_officer, colleague, world.region_officer)
    }

    assert found == {
        world.changji_officer: {colleague, world.region_officer},
        # Not who decided: it is her decision.
        colleague: {world.region_officer},
        # Nobody below is a superior.
        world.region_officer: set(),
    }


def test_who_submitted_it_neither_corrects_nor_orders_it(world: Cast) -> None:
    both = world.region_officer
    Membership.objects.create(person=both, role=Role.MANAGER, plant=world.plant)
    obligation = make_obligation_at(
        State.RETURNED, plant=world.plant, manager=both, officer=world.changji_officer
    )
    standing = read_standing(obligation)
    assert standing is not None

    with override("en"):
        sentence = why_not_correct(both, read(obligation), standing)

    assert sentence == "You submitted it yourself; another officer has to correct it."
    assert superiors_of(world.changji_officer, read(obligation), standing) == []


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"reason": "  "}, "Say why the decision is corrected: the plant reads it."),
        ({"superior_pk": 0}, "Choose who ordered or approved it."),
    ],
)
def test_reason_and_superior_are_needed(world: Cast, other: dict[str, Any], sentence: str) -> None:
    obligation = decided(world)

    with override("en"), pytest.raises(CorrectionRefused) as caught:
        correct(obligation, world.changji_officer, world.region_officer, **other)

    assert (str(caught.value), ReviewCorrection.objects.count()) == (sentence, 0)


def test_other_files_than_those_seen_are_refused(world: Cast) -> None:
    obligation = decided(world)
    standing = read_standing(obligation)
    assert standing is not None
    seen = digest_of(standing.submission)
    other = decided(world, State.RETURNED).submissions.get().evidence.get()
    standing.submission.evidence.add(other)

    with pytest.raises(OtherFiles):
        correct(obligation, world.changji_officer, world.region_officer, seen=seen)

    assert (read(obligation).state, ReviewCorrection.objects.count()) == (State.ACCEPTED, 0)


def test_what_was_answered_anew_or_corrected_meanwhile_is_stale(world: Cast) -> None:
    obligation = decided(world, State.RETURNED)
    submit(read(obligation), world.manager)
    region = Authority.objects.get(code="region")
    twice, third = decided(world), officer_of(region)
    correct(twice, world.changji_officer, world.region_officer)
    correct(twice, world.region_officer, third)
    seen = read_standing(twice)
    assert seen is not None

    assert read_standing(obligation) is None
    with pytest.raises(StaleState):
        correct(twice, third, officer_of(region), corrections=0)
    assert read(twice).state == State.ACCEPTED


def test_file_that_lies_there_already_does_not_hinder_acceptance(world: Cast) -> None:
    obligation = decided(world, State.RETURNED)
    attach_evidence(
        obligation=read(obligation),
        file=unread_file(number=7),
        document_on=None,
        by=audit.Actor(world.manager, "192.0.2.1"),
        at=NOW,
    )

    correct(obligation, world.changji_officer, world.region_officer)

    assert read(obligation).state == State.ACCEPTED


def test_plant_superior_and_who_decided_are_told(world: Cast) -> None:
    obligation = decided(world)
    colleague = officer_of(world.plant.authority)
    correct(obligation, colleague, world.region_officer)

    plan_changes(at=NOW)

    assert {reminder.person for reminder in Reminder.objects.of_changes()} == {
        world.manager,
        world.group_manager,
        world.region_officer,
        world.changji_officer,
    }
    assert plan_changes(at=NOW) == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_who_correct_at_once_one_wins(world: Cast) -> None:
    obligation, colleague = decided(world), officer_of(world.plant.authority)

    outcomes = at_once(
        *[
            partial(correct, obligation, who, world.region_officer)
            for who in (world.changji_officer, colleague)
        ]
    )

    assert sum(isinstance(outcome, StaleState) for outcome in outcomes) == 1
    assert ReviewCorrection.objects.get() in outcomes
    assert read(obligation).state == State.RETURNED
