"""Flow 3 of the house: beat's tasks plan, send and stamp; however often they run, once."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from plants.models import Person
from tests import mail
from tests.factories import NOW, Cast, RequirementFactory, cast, unread_file
from tracker import audit, tasks
from tracker.assessments.models import Decision
from tracker.assessments.review import review_submission
from tracker.evidence.attach import attach_evidence
from tracker.evidence.models import Submission
from tracker.evidence.submit import submit_evidence
from tracker.obligations.models import Obligation
from tracker.reminders.models import Message, Reminder, ReminderState

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def world() -> Cast:
    """Three plants, of which one has an English-speaking manager, and a duty due in 20 days."""
    world = cast()
    Person.objects.filter(pk=world.other_manager.pk).update(language="en")
    RequirementFactory.create(due={"on": (NOW + 20 * DAY).date().isoformat()})
    return world


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def tick() -> None:
    """What beat asks for in a minute, by a worker that takes each message three times."""
    for _ in range(3):
        tasks.nightly_if_due()
    for _ in range(3):
        tasks.nightly()
    for _ in range(3):
        tasks.send_due()


def letters(server: mail.Server) -> list[tuple[str, str]]:
    """Receiver and subject of what has come since the last look."""
    found = sorted((str(one["To"]), str(one["Subject"])) for one in server.received)
    server.received.clear()
    return found


def submit(obligation: Obligation, person: Person, at: datetime) -> Submission:
    by = audit.Actor(person, "test")
    attach_evidence(
        obligation=obligation,
        file=unread_file(),
        document_on=None,
        by=by,
        at=at,
    )
    return submit_evidence(obligation=obligation, note="", token=uuid4(), by=by, at=at)


def decide(
    submission: Submission, officer: Person, decision: str, reason: str, at: datetime
) -> None:
    review_submission(
        submission=submission,
        decision=decision,
        reason=reason,
        by=audit.Actor(officer, "test"),
        at=at,
    )


def test_three_runs_send_the_same_mails_as_one(
    world: Cast, clock: time_machine.Traveller, smtp_server: mail.Server
) -> None:
    tick()

    one, two = (
        "【超低排放】1 项即将到期（最近：2026-09-21）",
        "【超低排放】2 项即将到期（最近：2026-09-21）",
    )
    assert letters(smtp_server) == [
        ("group-manager@demo.example", two),
        ("manager@demo.example", one),
        ("other-manager@demo.example", "[ULE] 1 due soon (next: 2026-09-21)"),
    ]
    clock.shift(DAY)
    tick()
    assert letters(smtp_server) == []
    assert set(Reminder.objects.values_list("state", flat=True)) == {ReminderState.SENT}


def test_a_site_that_was_down_for_days_sends_each_person_one_mail(
    world: Cast, clock: time_machine.Traveller, smtp_server: mail.Server
) -> None:
    RequirementFactory.create(due={"on": (NOW + 5 * DAY).date().isoformat()})
    tick()
    letters(smtp_server)

    clock.shift(13 * DAY)
    tick()

    one = "【超低排放】1 项逾期，1 项即将到期（最近：2026-09-21）"
    # Eight days late: the nearest offices with officers hear of it, too.
    assert letters(smtp_server) == [
        ("changji-officer@demo.example", "【超低排放】1 项长期逾期"),
        ("corps-officer@demo.example", "【超低排放】1 项长期逾期"),
        ("group-manager@demo.example", "【超低排放】2 项逾期，2 项即将到期（最近：2026-09-21）"),
        ("manager@demo.example", one),
        ("other-manager@demo.example", "[ULE] 1 overdue, 1 due soon (next: 2026-09-21)"),
        ("region-officer@demo.example", "【超低排放】1 项长期逾期"),
    ]


def test_a_mail_server_that_was_away_loses_nothing(
    world: Cast, clock: time_machine.Traveller, smtp_server: mail.Server
) -> None:
    smtp_server.refuse("451 4.3.0 Try again later")
    tick()
    assert letters(smtp_server) == []

    smtp_server.accept()
    clock.shift(timedelta(hours=1))
    tick()

    assert [receiver for receiver, _subject in letters(smtp_server)] == [
        "group-manager@demo.example",
        "manager@demo.example",
        "other-manager@demo.example",
    ]


def test_from_the_reminder_to_the_acceptance(
    world: Cast, clock: time_machine.Traveller, smtp_server: mail.Server
) -> None:
    tick()
    letters(smtp_server)
    obligation = Obligation.objects.get(plant=world.plant)

    # Handed in: silence, even on the day.
    submission = submit(obligation, world.manager, NOW)
    clock.shift(20 * DAY)
    tick()
    assert "manager@demo.example" not in dict(letters(smtp_server))

    # Returned: the submitter hears of it at once, and all are reminded, since it is due today.
    at = NOW + 20 * DAY
    decide(submission, world.changji_officer, Decision.RETURN, "缺少检测报告", at)
    tasks.send_due()
    returned = f"【超低排放】已退回：封闭物料储存（{world.plant.name_zh}）"
    assert letters(smtp_server) == [
        ("group-manager@demo.example", "【超低排放】1 项即将到期（最近：2026-09-21）"),
        ("manager@demo.example", "【超低排放】1 项即将到期（最近：2026-09-21）"),
        ("manager@demo.example", returned),
    ]
    tick()
    assert letters(smtp_server) == []

    # Accepted: the submitter hears of it, and then nobody hears of it any more.
    obligation.refresh_from_db()
    submission = submit(obligation, world.manager, at)
    decide(submission, world.changji_officer, Decision.ACCEPT, "", at)
    tick()
    accepted = f"【超低排放】已通过：封闭物料储存（{world.plant.name_zh}）"
    assert letters(smtp_server) == []
    clock.shift(DAY)
    tick()
    assert dict(letters(smtp_server))["manager@demo.example"] == accepted
    clock.shift(29 * DAY)
    tick()
    assert "manager@demo.example" not in dict(letters(smtp_server))


def test_the_mail_reads_right_on_arrival(
    world: Cast, clock: time_machine.Traveller, smtp_server: mail.Server
) -> None:
    tick()

    arrived = {str(one["To"]): one for one in smtp_server.received}
    for person in (world.manager, world.other_manager):
        message, kept = arrived[person.email], Message.objects.get(person=person)
        plain, html = message.get_body(("plain",)), message.get_body(("html",))
        assert plain is not None
        assert html is not None
        assert message.get_content_type() == "multipart/mixed"
        assert message["Subject"] == kept.subject
        assert plain.get_content().replace("\r\n", "\n") == kept.text
        assert html.get_content().replace("\r\n", "\n") == kept.html
        assert message["Message-ID"] == kept.message_id
        assert message["Auto-Submitted"] == "auto-generated"
        owed = Obligation.objects.get(plant__memberships__person=person)
        link = f"http://testserver/obligations/{owed.pk}/"
        assert kept.text.count(link) == kept.html.count(link) == 1
    assert Message.objects.get(person=world.other_manager).text.startswith("Hello ")
    assert Message.objects.get(person=world.manager).text.startswith(
        f"{world.manager.name}，您好："
    )
