"""What a document says of itself, its versions, its use elsewhere, and when it runs out."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils.translation import override

from tests.factories import (
    NOW,
    TODAY,
    Cast,
    ObligationFactory,
    RequirementFactory,
    cast,
    decide,
    store_file,
)
from tests.factories.walks import attach
from tracker.assessments.models import Decision
from tracker.audit import Actor, Event, Verb
from tracker.evidence.attach import (
    AnswerRefused,
    OwnDates,
    attach_again,
    attach_evidence,
    remove_attachment,
)
from tracker.evidence.expiry import reopen_run_out
from tracker.evidence.models import Attachment, Evidence
from tracker.evidence.submit import submit_evidence
from tracker.obligations.models import Obligation, State
from tracker.obligations.schedule import schedule_obligations
from tracker.tasks import nightly

pytestmark = pytest.mark.django_db
BY = Actor(None, "tests")
LAST = TODAY + timedelta(days=10)


@pytest.fixture
def world() -> Cast:
    return cast()


@pytest.fixture
def owed(world: Cast) -> Obligation:
    return ObligationFactory.create(plant=world.plant)


def bring(
    owed: Obligation,
    world: Cast,
    dates: OwnDates | None = None,
    *,
    name: str = "报告.pdf",
    replaces: Attachment | None = None,
) -> Attachment:
    return attach_evidence(
        obligation=owed,
        file=store_file(name=name),
        document_on=None,
        dates=dates,
        replaces=replaces,
        by=Actor(world.manager, "192.0.2.1"),
        at=NOW,
    )


def test_document_keeps_its_own_dates(world: Cast, owed: Obligation) -> None:
    dates = OwnDates(date(2026, 7, 5), date(2026, 4, 1), date(2026, 6, 30), date(2027, 7, 4))

    evidence = bring(owed, world, dates).evidence

    found = Evidence.objects.values(*vars(dates)).get(pk=evidence.pk)
    assert found == vars(dates)


@pytest.mark.parametrize(
    ("dates", "says"),
    [
        (OwnDates(None, date(2026, 4, 2), date(2026, 4, 1)), "end before it begins"),
        (OwnDates(date(2026, 4, 2), None, None, date(2026, 4, 1)), "before its own date"),
    ],
)
def test_dates_that_contradict_each_other_are_refused(
    world: Cast, owed: Obligation, dates: OwnDates, says: str
) -> None:
    with override("en"), pytest.raises(AnswerRefused, match=says):
        bring(owed, world, dates)
    assert not Evidence.objects.exists()


def test_newer_version_takes_the_place_of_the_one_before(world: Cast, owed: Obligation) -> None:
    first = bring(owed, world, name="一版.pdf")
    second = bring(owed, world, name="二版.pdf", replaces=first)
    third = bring(owed, world, name="三版.pdf", replaces=second)

    assert list(owed.attachments.lying()) == [third]
    assert third.evidence.replaces == second.evidence
    assert second.evidence.replaces == first.evidence
    first.refresh_from_db()
    assert (first.removed_by, first.removed_reason != "") == (world.manager, True)


def test_what_lies_there_no_more_is_not_replaced(world: Cast, owed: Obligation) -> None:
    gone = bring(owed, world, name="一版.pdf")
    remove_attachment(attachment=gone, by=Actor(world.manager, "x"), at=NOW, reason="传错了")

    with pytest.raises(AnswerRefused):
        bring(owed, world, name="二版.pdf", replaces=gone)

    assert not owed.attachments.lying().exists()
    gone.refresh_from_db()
    assert (gone.removed_reason, gone.removed_by) == ("传错了", world.manager)


def test_one_file_answers_several_obligations(world: Cast, owed: Obligation) -> None:
    other = ObligationFactory.create(plant=world.plant)
    evidence = bring(owed, world).evidence
    by = Actor(world.manager, "x")

    laid = attach_again(obligation=other, evidence=evidence, by=by, at=NOW)
    again = attach_again(obligation=other, evidence=evidence, by=by, at=NOW)
    remove_attachment(attachment=laid, by=by, at=NOW)
    back = attach_again(obligation=other, evidence=evidence, by=by, at=NOW)

    assert again == laid
    assert back != laid
    assert [a.evidence for a in other.attachments.lying()] == [evidence]
    assert Evidence.objects.count() == 1
    assert Event.objects.filter(verb=Verb.REUSED).count() == 2


def test_file_of_another_plant_is_not_used(world: Cast, owed: Obligation) -> None:
    elsewhere = ObligationFactory.create(plant=world.other_plant)
    evidence = attach(elsewhere, world.other_manager).evidence

    with pytest.raises(AnswerRefused):
        attach_again(obligation=owed, evidence=evidence, by=Actor(world.manager, "x"), at=NOW)


def accept(owed: Obligation, world: Cast, *lasts: date | None) -> None:
    for number, last in enumerate(lasts):
        bring(owed, world, OwnDates(expires_on=last), name=f"{number}.pdf")
    submission = submit_evidence(
        obligation=owed, note="", token=uuid4(), by=Actor(world.manager, "x"), at=NOW
    )
    decide(submission, Decision.ACCEPT, world.changji_officer)


@pytest.mark.parametrize(
    ("lasts", "day", "opens"),
    [
        ((LAST,), LAST, False),
        ((LAST,), LAST + timedelta(days=1), True),
        ((LAST + timedelta(days=9), LAST, None), LAST + timedelta(days=1), True),
        ((None,), date(2099, 1, 1), False),
    ],
)
def test_what_was_accepted_opens_again_the_day_after_its_evidence_ran_out(
    world: Cast, lasts: tuple[date | None, ...], day: date, opens: bool
) -> None:
    RequirementFactory.create(due={"on": "2026-12-31"})
    schedule_obligations(today=TODAY, by=BY, at=NOW, plants=[world.plant])
    owed = Obligation.objects.get(plant=world.plant)
    accept(owed, world, *lasts)

    assert reopen_run_out(today=day, by=BY, at=NOW) == int(opens)
    assert reopen_run_out(today=day, by=BY, at=NOW) == 0

    owed.refresh_from_db()
    assert owed.state == (State.OPEN if opens else State.ACCEPTED)


def test_reopened_obligation_is_due_when_its_evidence_ran_out_and_stays_so(world: Cast) -> None:
    RequirementFactory.create(due={"on": "2026-01-31"})
    schedule_obligations(today=TODAY, by=BY, at=NOW, plants=[world.plant])
    owed = Obligation.objects.get(plant=world.plant)
    accept(owed, world, LAST)

    reopen_run_out(today=LAST + timedelta(days=1), by=BY, at=NOW)
    schedule_obligations(today=LAST, by=BY, at=NOW, plants=[world.plant])
    again = schedule_obligations(today=LAST, by=BY, at=NOW, plants=[world.plant])

    owed.refresh_from_db()
    assert (owed.due_on, owed.reopened_on) == (LAST, LAST)
    assert "new evidence is due" in owed.due_basis_en
    assert not again.changed_anything
    assert Event.objects.filter(verb=Verb.REOPENED, thing_id=owed.pk).count() == 1


def test_nights_run_opens_and_dates_it(world: Cast) -> None:
    RequirementFactory.create(due={"on": "2026-01-31"})
    schedule_obligations(today=TODAY, by=BY, at=NOW, plants=[world.plant])
    owed = Obligation.objects.get(plant=world.plant)
    accept(owed, world, LAST)

    with time_machine.travel(datetime(*(LAST + timedelta(days=1)).timetuple()[:3], 2, tzinfo=UTC)):
        nightly()

    owed.refresh_from_db()
    assert (owed.state, owed.due_on, owed.reopened_on) == (State.OPEN, LAST, LAST)
