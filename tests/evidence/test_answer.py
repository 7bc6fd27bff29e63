"""Attaching, removing and submitting: who may, when, and what stays."""

from uuid import uuid4

import pytest
from django.utils.translation import override

from plants.models import Person
from tests.factories import NOW, Cast, ObligationFactory, cast, unread_file
from tracker import audit
from tracker.evidence.attach import (
    AnswerRefused,
    attach_evidence,
    remove_attachment,
    why_not_answer,
)
from tracker.evidence.models import Attachment, Evidence, Submission
from tracker.evidence.submit import submit_evidence, why_not_submit
from tracker.obligations.models import Obligation, State
from tracker.obligations.states import StaleState, move

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Cast:
    return cast()


@pytest.fixture
def obligation(world: Cast) -> Obligation:
    return ObligationFactory.create(plant=world.plant)


def by(person: Person) -> audit.Actor:
    return audit.Actor(person, "192.0.2.7")


def attach(obligation: Obligation, person: Person, name: str = "报告.pdf") -> Attachment:
    return attach_evidence(
        obligation=obligation,
        file=unread_file(name=name),
        document_on=None,
        by=by(person),
        at=NOW,
    )


def submit(obligation: Obligation, person: Person, **given: object) -> Submission:
    token = given.get("token", uuid4())
    return submit_evidence(obligation=obligation, note="说明", token=token, by=by(person), at=NOW)  # type: ignore[arg-type]


def test_manager_attaches_and_submits(world: Cast, obligation: Obligation) -> None:
    long_name = "中" * 300 + ".pdf"
    attach(obligation, world.manager)
    attach(obligation, world.manager, long_name)

    submission = submit(obligation, world.manager)

    obligation.refresh_from_db()
    assert obligation.state == State.SUBMITTED
    assert (submission.number, submission.note) == (1, "说明")
    names = submission.evidence.order_by("pk").values_list("original_name", flat=True)
    assert list(names) == ["报告.pdf", long_name]
    verbs = audit.Event.objects.for_plant(world.plant).values_list("verb", "origin")
    assert list(verbs) == [
        (audit.Verb.SUBMITTED, "192.0.2.7"),
        (audit.Verb.UPLOADED, "192.0.2.7"),
        (audit.Verb.UPLOADED, "192.0.2.7"),
    ]


def test_who_may_answer(world: Cast, obligation: Obligation) -> None:
    refused = {name for name, person in world.people.items() if why_not_answer(person, obligation)}

    assert set(world.people) - refused == {"manager", "group_manager"}


def test_stranger_is_refused_and_nothing_changes(world: Cast, obligation: Obligation) -> None:
    with override("en"), pytest.raises(AnswerRefused) as caught:
        attach(obligation, world.changji_officer)

    assert str(caught.value) == "Only the plant's manager or its group's manager can answer."
    assert Evidence.objects.count() == 0


def test_same_file_again_is_not_laid_twice(world: Cast, obligation: Obligation) -> None:
    first = attach(obligation, world.manager)
    again = attach(obligation, world.manager)
    other_name = attach(obligation, world.manager, "报告（盖章）.pdf")

    assert again == first
    assert other_name != first
    assert Evidence.objects.count() == 2


def test_removed_file_is_not_submitted_but_stays(world: Cast, obligation: Obligation) -> None:
    wrong = attach(obligation, world.manager, "错.pdf")
    attach(obligation, world.manager, "对.pdf")

    remove_attachment(attachment=wrong, by=by(world.manager), at=NOW)
    submission = submit(obligation, world.manager)

    assert [str(e) for e in submission.evidence.all()] == ["对.pdf"]
    wrong.refresh_from_db()
    assert (wrong.removed_by, wrong.removed_at) == (world.manager, NOW)


def test_submission_without_a_file_is_refused(world: Cast, obligation: Obligation) -> None:
    with override("en"), pytest.raises(AnswerRefused) as caught:
        submit(obligation, world.manager)

    assert str(caught.value) == "Add at least one file first."


def test_form_sent_twice_makes_one_submission(world: Cast, obligation: Obligation) -> None:
    attach(obligation, world.manager)
    token = uuid4()

    first = submit(obligation, world.manager, token=token)
    again = submit(Obligation.objects.get(), world.manager, token=token)

    assert first == again
    assert Submission.objects.count() == 1


def test_form_sent_again_after_its_return_makes_nothing(
    world: Cast, obligation: Obligation
) -> None:
    attach(obligation, world.manager)
    token = uuid4()
    first = submit(obligation, world.manager, token=token)
    move(obligation, to=State.RETURNED, verb=audit.Verb.RETURNED, by=audit.Actor(None, ""), at=NOW)
    events = audit.Event.objects.count()

    again = submit(obligation, world.manager, token=token)

    assert (again, Submission.objects.count(), audit.Event.objects.count()) == (first, 1, events)
    assert obligation.state == Obligation.objects.get().state == State.RETURNED
    assert submit(obligation, world.manager).number == 2


def test_submission_that_came_in_between_is_told(world: Cast, obligation: Obligation) -> None:
    attach(obligation, world.manager)
    stale = Obligation.objects.select_related("plant").get()
    submit(obligation, world.group_manager)

    with pytest.raises(StaleState):
        submit(stale, world.manager)

    assert Submission.objects.count() == 1


def test_nothing_is_added_while_it_waits_for_review(world: Cast, obligation: Obligation) -> None:
    attach(obligation, world.manager)
    submit(obligation, world.manager)

    with override("en"):
        assert why_not_submit(world.manager, obligation) == (
            "It has been submitted and waits for review; nothing can be changed meanwhile."
        )
    with pytest.raises(AnswerRefused):
        attach(obligation, world.manager, "晚.pdf")


def test_file_that_comes_after_a_colleague_submitted_is_refused(
    world: Cast, obligation: Obligation
) -> None:
    attach(obligation, world.manager)
    stale = Obligation.objects.select_related("plant").get()
    submit(obligation, world.group_manager)

    with override("en"), pytest.raises(AnswerRefused) as caught:
        attach(stale, world.manager, "晚.pdf")

    assert str(caught.value) == "It was submitted or settled meanwhile; nothing was changed."
    assert Evidence.objects.count() == 1
