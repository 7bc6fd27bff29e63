"""A virus in a plant's file is told, once, to whoever answers for the plant."""

from datetime import timedelta
from uuid import uuid4

import pytest

from plants.models import Person
from tests.clamd import EICAR, VIRUS, running_clamd
from tests.factories import (
    NOW,
    TODAY,
    Cast,
    ObligationFactory,
    RequirementFactory,
    cast,
    decide,
    submit,
)
from tests.factories.walks import REASON, store_file
from tests.mail import plain
from tests.reminders.conftest import PickyServer, send
from tracker.assessments.models import Decision, Review
from tracker.assessments.propose import decide_submission
from tracker.audit import Actor, Event, Verb
from tracker.evidence.attach import attach_evidence
from tracker.evidence.papers import ask_with_papers, decide_with_papers
from tracker.evidence.scanner import Clamd
from tracker.evidence.scanning import scan_waiting
from tracker.obligations.models import Obligation, ReliefKind
from tracker.reminders.changes import plan_changes
from tracker.reminders.models import Reminder

pytestmark = pytest.mark.django_db


TO_PLANT = "您提交的文件中发现病毒"
TO_OFFICER = "您据以作出决定的文件中发现病毒"


@pytest.fixture
def world() -> Cast:
    return cast()


def test_finding_is_told_to_the_plant(world: Cast, smtp_server: PickyServer) -> None:
    obligation = ObligationFactory.create(plant=world.plant)
    attach_evidence(
        obligation=obligation,
        file=store_file(EICAR, name="说明.txt"),
        document_on=None,
        by=Actor(world.manager, "tests"),
        at=NOW,
    )
    with running_clamd() as url:
        assert scan_waiting(Clamd(url), clock=lambda: NOW)

    assert plan_changes(at=NOW) == 2
    send()
    plan_changes(at=NOW)
    send()

    assert sorted(smtp_server.receivers) == [world.group_manager.email, world.manager.email]
    [mail, _other] = smtp_server.received
    assert "您提交的文件中发现病毒" in plain(mail)
    assert f"说明.txt: {VIRUS}" in plain(mail)


def scan() -> None:
    with running_clamd() as url:
        assert scan_waiting(Clamd(url), clock=lambda: NOW)


def lay(obligation: Obligation, by: Person) -> None:
    file = store_file(EICAR, name="说明.txt")
    attach_evidence(
        obligation=obligation, file=file, document_on=None, by=Actor(by, "tests"), at=NOW
    )


def words_to(smtp_server: PickyServer, person: Person) -> list[str]:
    """What she was sent; the mails come one for each receiver."""
    sent = zip(smtp_server.receivers, smtp_server.received, strict=True)
    return [plain(mail) for receiver, mail in sent if receiver == person.email]


def test_who_proposed_and_who_confirmed_hear_of_it_once(
    world: Cast, smtp_server: PickyServer
) -> None:
    rule = RequirementFactory.create(review_levels=2)
    obligation = ObligationFactory.create(plant=world.plant, requirement=rule)
    lay(obligation, world.manager)
    submission = submit(obligation, world.manager)
    for officer in (world.changji_officer, world.region_officer):
        decide_submission(
            submission=submission,
            decision=Decision.ACCEPT,
            reason="",
            by=Actor(officer, ""),
            at=NOW,
        )
    scan()

    for _time in range(2):
        plan_changes(at=NOW)
        send()

    for officer in (world.changji_officer, world.region_officer):
        [words] = words_to(smtp_server, officer)
        assert TO_OFFICER in words
        assert TO_PLANT not in words
        assert f"说明.txt: {VIRUS}" in words
    [words] = words_to(smtp_server, world.manager)
    assert TO_PLANT in words


def test_who_returned_hears_nothing(world: Cast, smtp_server: PickyServer) -> None:
    obligation = ObligationFactory.create(plant=world.plant)
    lay(obligation, world.manager)
    decide(submit(obligation, world.manager), "return", world.changji_officer, reason=REASON)
    scan()

    plan_changes(at=NOW)
    send()

    assert not words_to(smtp_server, world.changji_officer)


def test_acceptance_that_was_under_way_is_told_too(world: Cast) -> None:
    obligation = ObligationFactory.create(plant=world.plant)
    lay(obligation, world.manager)
    submission = submit(obligation, world.manager)
    scan()
    assert plan_changes(at=NOW) == 2
    # As a transaction leaves it that read the file while it was clean, and ended after.
    Review.objects.create(
        submission=submission,
        decision=Decision.ACCEPT,
        seen_digest="",
        reviewed_by=world.changji_officer,
        reviewed_at=NOW,
    )

    assert plan_changes(at=NOW + timedelta(minutes=1)) == 1
    assert Reminder.objects.of_changes().filter(person=world.changji_officer).count() == 1
    assert plan_changes(at=NOW + timedelta(minutes=2)) == 0


def test_virus_in_a_paper_is_told_to_the_plant_and_to_who_granted(
    world: Cast, smtp_server: PickyServer
) -> None:
    obligation = ObligationFactory.create(plant=world.plant)
    relief = ask_with_papers(
        obligation=obligation,
        kind=ReliefKind.WAIVER,
        new_due_on=None,
        reason="停产",
        papers=[store_file(EICAR, name="说明.txt")],
        token=uuid4(),
        by=Actor(world.manager, ""),
        at=NOW,
        today=TODAY,
    )
    decide_with_papers(
        relief=relief,
        granted=True,
        reason="",
        by=Actor(world.region_officer, ""),
        at=NOW,
        today=TODAY,
    )
    scan()

    for _time in range(2):
        plan_changes(at=NOW)
        send()

    [words] = words_to(smtp_server, world.region_officer)
    assert TO_OFFICER in words
    assert TO_PLANT in words_to(smtp_server, world.manager)[-1]
    found = Event.objects.get(verb=Verb.QUARANTINED)
    assert (found.thing_kind, found.thing_id) == ("obligation", obligation.pk)
