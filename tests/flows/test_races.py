"""Use cases at the same moment: nobody waits for ever, nothing is lost, one wins."""

import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from django.db import connection

from plants.models import Permit, Person, Plant
from tests.factories import (
    NOW,
    TODAY,
    Cast,
    ObligationFactory,
    RequirementFactory,
    cast,
    unread_file,
)
from tracker import audit
from tracker.assessments.models import Decision, Review
from tracker.assessments.review import review_submission
from tracker.evidence.attach import attach_again, attach_evidence
from tracker.evidence.models import Attachment, Evidence, Submission
from tracker.evidence.store import KeptFile
from tracker.evidence.submit import submit_evidence
from tracker.obligations.amend import amend
from tracker.obligations.correct import Done, correct_rule
from tracker.obligations.models import Obligation, ReliefKind, State
from tracker.obligations.relief import ask_relief, decide_relief
from tracker.obligations.schedule import schedule_obligations
from tracker.obligations.states import StaleState
from tracker.regulations.correctable import read_correctable
from tracker.regulations.models import Requirement

pytestmark = pytest.mark.django_db(transaction=True)

BY = audit.Actor(None, "tests")


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Do them in threads that start together; what each gave back or raised, in order."""
    start, outcomes = threading.Barrier(len(deeds)), [object()] * len(deeds)

    def run(number: int, deed: Callable[[], object]) -> None:
        start.wait()
        try:
            outcomes[number] = deed()
        except Exception as raised:
            outcomes[number] = raised
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def attach(pk: int, person: Person, file: KeptFile) -> Attachment:
    return attach_evidence(
        obligation=Obligation.objects.select_related("plant").get(pk=pk),
        file=file,
        document_on=None,
        by=audit.Actor(person, "tests"),
        at=NOW,
    )


def submit(pk: int, person: Person, token: UUID) -> Submission:
    return submit_evidence(
        obligation=Obligation.objects.select_related("plant").get(pk=pk),
        note="",
        token=token,
        by=audit.Actor(person, "tests"),
        at=NOW,
    )


@pytest.fixture
def world() -> Cast:
    return cast()


@pytest.fixture
def waiting(world: Cast) -> Submission:
    obligation = ObligationFactory.create(plant=world.plant)
    attach(obligation.pk, world.manager, unread_file())
    return submit(obligation.pk, world.manager, uuid4())


def test_scheduling_and_uploads_do_not_block_each_other(world: Cast) -> None:
    requirements = [RequirementFactory.create(applies="always") for _ in range(6)]
    schedule_obligations(today=date(2026, 9, 1), by=BY, at=NOW)
    owed = list(Obligation.objects.for_plant(world.plant).values_list("pk", flat=True))
    files = [unread_file(number=number) for number in range(len(owed))]

    def re_date() -> None:
        for day in ("2027-06-30", "2028-12-31", "2027-06-30"):
            Requirement.objects.filter(pk__in=[r.pk for r in requirements]).update(due={"on": day})
            schedule_obligations(today=date(2026, 9, 1), by=BY, at=NOW)

    def upload() -> None:
        for pk, file in zip(owed, files, strict=True):
            attach(pk, world.manager, file)

    assert at_once(re_date, upload) == [None, None]
    assert Evidence.objects.count() == len(owed)
    assert set(Obligation.objects.values_list("due_on", flat=True)) == {date(2027, 6, 30)}
    assert audit.broken_links(f"plant:{world.plant.pk}") == []


def test_double_click_makes_one_submission(world: Cast) -> None:
    obligation = ObligationFactory.create(plant=world.plant)
    attach(obligation.pk, world.manager, unread_file())
    token = uuid4()

    outcomes = at_once(*[lambda: submit(obligation.pk, world.manager, token)] * 4)

    assert outcomes == [Submission.objects.get()] * 4


def test_of_two_who_submit_one_wins(world: Cast) -> None:
    obligation = ObligationFactory.create(plant=world.plant)
    attach(obligation.pk, world.manager, unread_file())

    outcomes = at_once(
        lambda: submit(obligation.pk, world.manager, uuid4()),
        lambda: submit(obligation.pk, world.group_manager, uuid4()),
    )

    assert Submission.objects.count() == 1
    assert sum(isinstance(outcome, Submission) for outcome in outcomes) == 1


def test_of_two_who_review_one_wins(world: Cast, waiting: Submission) -> None:
    def decide(person: Person, decision: str) -> Review:
        seen = Submission.objects.select_related("obligation__plant__authority").get()
        return review_submission(
            submission=seen,
            decision=decision,
            reason="缺页。",
            by=audit.Actor(person, "tests"),
            at=NOW,
        )

    outcomes = at_once(
        lambda: decide(world.changji_officer, Decision.ACCEPT),
        lambda: decide(world.region_officer, Decision.RETURN),
    )

    review = Review.objects.get()
    assert review in outcomes
    assert sum(isinstance(outcome, StaleState) for outcome in outcomes) == 1
    state = {Decision.ACCEPT: State.ACCEPTED, Decision.RETURN: State.RETURNED}
    assert Obligation.objects.get().state == state[Decision(review.decision)]


def test_scheduling_and_changed_facts_and_granted_requests_take_turns(world: Cast) -> None:
    """Both lock a plant, its obligations and its trail: in one order, or they wait for ever."""
    rule = RequirementFactory.create(due={"before": "permit.valid_until", "days": 60})
    schedule_obligations(today=TODAY, by=BY, at=NOW)
    permit = Permit.objects.get(plant=world.plant)
    for turn in range(8):
        owed = Obligation.objects.select_related("plant__authority").get(plant=world.plant)
        relief = ask_relief(
            obligation=owed,
            kind=ReliefKind.EXTENSION,
            new_due_on=owed.due_on + timedelta(days=30),
            reason="设备交货推迟",
            token=uuid4(),
            by=audit.Actor(world.manager, "tests"),
            at=NOW,
            today=TODAY,
        )
        Requirement.objects.filter(pk=rule.pk).update(
            due={"before": "permit.valid_until", "days": 61 + turn}
        )
        later = permit.valid_until_on + timedelta(days=1)

        outcomes = at_once(
            lambda: schedule_obligations(today=TODAY, by=BY, at=NOW),
            partial(
                amend,
                thing=Permit.objects.get(pk=permit.pk),
                values={"valid_until_on": later},
                by=BY,
                at=NOW,
                today=TODAY,
            ),
            partial(
                decide_relief,
                relief=relief,
                granted=True,
                reason="",
                by=audit.Actor(world.changji_officer, "tests"),
                at=NOW,
                today=TODAY,
            ),
        )

        assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
        permit.refresh_from_db()
        assert permit.valid_until_on == later
    assert audit.broken_links(f"plant:{world.plant.pk}") == []


def test_a_run_that_waited_goes_by_the_rules_as_they_are_then(world: Cast) -> None:
    """Else the run would date back what a correction has just re-dated."""
    rule = RequirementFactory.create(due={"on": "2028-12-31"}, document__tree="region")
    schedule_obligations(today=TODAY, by=BY, at=NOW)

    def corrected() -> Iterator[Plant]:
        correct(rule.code, "2027-06-30", world)
        yield from Plant.objects.order_by("pk")

    schedule_obligations(today=TODAY, by=BY, at=NOW, plants=corrected())

    assert set(Obligation.objects.values_list("due_on", flat=True)) == {date(2027, 6, 30)}


def test_scheduling_and_corrections_take_turns(world: Cast) -> None:
    rule = RequirementFactory.create(due={"on": "2028-12-31"}, document__tree="region")
    schedule_obligations(today=TODAY, by=BY, at=NOW)
    for month in range(1, 9):
        day = f"2027-{month:02d}-01"
        outcomes = at_once(
            partial(correct, rule.code, day, world),
            *[lambda: schedule_obligations(today=TODAY, by=BY, at=NOW)] * 2,
        )
        assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
        dues = Obligation.objects.values_list("due_on", flat=True)
        assert set(dues) == {date.fromisoformat(day)}
    assert audit.broken_links(f"plant:{world.plant.pk}") == []


def correct(code: str, day: str, world: Cast) -> Done:
    correctable = read_correctable("requirement", code)
    assert correctable is not None
    return correct_rule(
        correctable=correctable,
        values={"due": {"on": day}},
        source_note="正式文本第5页",
        by=audit.Actor(world.region_officer, "tests"),
        at=NOW,
        today=TODAY,
    )


def test_one_file_replaced_twice_at_once_keeps_one_line_of_versions(world: Cast) -> None:
    """It answers two obligations, and both get a newer version at the same moment."""
    first, second = (ObligationFactory.create(plant=world.plant) for _ in range(2))
    for turn in range(6):
        laid = attach(first.pk, world.manager, unread_file(number=10 * turn))
        by = audit.Actor(world.manager, "tests")
        again = attach_again(obligation=second, evidence=laid.evidence, by=by, at=NOW)

        outcomes = at_once(
            *[
                partial(replace, old, world, unread_file(number=10 * turn + number))
                for number, old in enumerate((laid, again), start=1)
            ]
        )

        assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
        brought = [outcome.evidence for outcome in outcomes if isinstance(outcome, Attachment)]
        older = {version.replaces_id for version in brought}
        assert older - {version.pk for version in brought} == {laid.evidence_id}
        assert len(older) == 2


def replace(old: Attachment, world: Cast, file: KeptFile) -> Attachment:
    return attach_evidence(
        obligation=Obligation.objects.select_related("plant").get(pk=old.obligation_id),
        file=file,
        document_on=None,
        replaces=old,
        by=audit.Actor(world.manager, "tests"),
        at=NOW,
    )
