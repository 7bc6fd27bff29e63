"""Letters written ahead: sent as they are while nothing moved, else written anew; lost is none."""

from collections.abc import Callable
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import time_machine

from plants.models import Membership, Person, Plant
from tests.factories import NOW, TODAY, manager_of, officer_of
from tests.mail import plain
from tests.reminders.conftest import PickyServer, due_in, review_of, states
from tracker import tasks
from tracker.audit import Actor, Verb, record
from tracker.obligations.models import Obligation, State
from tracker.reminders import drafts, send
from tracker.reminders.batch import take
from tracker.reminders.days import moment
from tracker.reminders.drafts import write_ahead
from tracker.reminders.models import Draft, Message, Reminder, ReminderState
from tracker.reminders.notices import plan_notices
from tracker.reminders.plan import plan_reminders
from tracker.reminders.send import SendReport, send_due
from tracker.reminders.writing import write_letter

pytestmark = pytest.mark.django_db

NIGHT, EARLY, HOUR = moment(TODAY, 6), moment(TODAY, 7), moment(TODAY, 8)
BY = Actor(None, "tests")


@pytest.fixture
def owed(plant: Plant, manager: Person) -> Obligation:
    """Planned in the night, with something accepted the day before; its reader's hour is eight."""
    review_of(due_in(40, plant=plant), manager, days=1)
    due_in(-3, plant=plant)
    obligation = due_in(7, plant=plant)
    plan_reminders(today=TODAY, at=NIGHT)
    plan_notices(at=NIGHT)
    return obligation


@pytest.fixture
def written(owed: Obligation) -> Draft:
    assert write_ahead(now=EARLY) == 1
    return Draft.objects.get()


@pytest.fixture
def no_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing may be written in the moment of sending."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("this letter was written ahead")

    monkeypatch.setattr(send, "write_letter", refuse)


@pytest.mark.usefixtures("no_writing")
def test_goes_as_it_was_written(written: Draft, manager: Person, smtp_server: PickyServer) -> None:
    report = send_due(now=HOUR)

    [mail] = smtp_server.received
    assert (report.mails, report.told, report.cancelled) == (1, 3, 0)
    assert plain(mail).replace("\r\n", "\n") == written.text
    assert (mail["To"], mail["Subject"]) == (manager.email, written.subject)
    assert [part.get_filename() for part in mail.iter_attachments()] == ["deadlines.ics"]
    assert "/mails/stop/" in mail["List-Unsubscribe"]
    assert mail["Message-ID"] == Message.objects.get().message_id
    assert parsedate_to_datetime(mail["Date"]) == HOUR
    assert states() == [ReminderState.SENT] * 3
    assert not Draft.objects.exists()


def test_says_what_it_would_have_said_at_its_hour(
    owed: Obligation, smtp_server: PickyServer
) -> None:
    write_ahead(now=EARLY)
    ahead = Draft.objects.get()
    Draft.objects.all().delete()

    send_due(now=HOUR)

    assert plain(smtp_server.received[0]).replace("\r\n", "\n") == ahead.text


def test_twice_writes_nothing_twice(written: Draft) -> None:
    assert write_ahead(now=EARLY + timedelta(minutes=1)) == 0
    assert Draft.objects.get() == written


def test_the_task_writes_ahead(owed: Obligation) -> None:
    with time_machine.travel(EARLY, tick=False):
        tasks.write_ahead()
        tasks.write_ahead()

    assert Draft.objects.count() == 1


def test_writes_for_today_only(plant: Plant, manager: Person) -> None:
    due_in(8, plant=plant)
    plan_reminders(today=TODAY + timedelta(days=1), at=NIGHT + timedelta(days=1))

    assert write_ahead(now=EARLY) == 0
    assert write_ahead(now=EARLY + timedelta(days=1)) == 1


def test_stops_when_its_time_is_over(owed: Obligation) -> None:
    assert write_ahead(now=EARLY, lasts=0) == 0
    assert write_ahead(now=EARLY) == 1


def test_what_is_promised_later_is_written_in_too(
    written: Draft, plant: Plant, manager: Person, smtp_server: PickyServer
) -> None:
    review_of(due_in(50, plant=plant), manager)
    plan_notices(at=EARLY + timedelta(minutes=1))

    assert write_ahead(now=EARLY + timedelta(minutes=2)) == 1
    assert send_due(now=HOUR).told == 4


def test_yesterdays_are_thrown_away(written: Draft) -> None:
    write_ahead(now=EARLY + timedelta(days=1))

    assert not Draft.objects.filter(on=TODAY).exists()


# What moves in between -------------------------------------------------------------------------


def hand_in(obligation: Obligation) -> None:
    moved = {"state": State.SUBMITTED, "state_changed_at": EARLY}
    Obligation.objects.filter(pk=obligation.pk).update(**moved)
    record(by=BY, at=EARLY, verb=Verb.SUBMITTED, thing=obligation, plant=obligation.plant)


def rename_plant(obligation: Obligation) -> None:
    plant = obligation.plant
    plant.name_zh = "示例新名水泥"
    plant.save()
    record(by=BY, at=EARLY, verb=Verb.CHANGED, thing=plant, plant=plant)


def correct_rule(obligation: Obligation) -> None:
    requirement = obligation.requirement
    requirement.title_zh = "示例新标题"
    requirement.save()
    record(by=BY, at=EARLY, verb=Verb.CORRECTED, thing=requirement)


def change_language(obligation: Obligation) -> None:
    Person.objects.update(language="en")


def change_name(obligation: Obligation) -> None:
    Person.objects.update(name="新名字")


CHANGES: dict[Callable[[Obligation], None], str] = {
    hand_in: "【超低排放】1 项逾期，1 条动态",
    rename_plant: "示例新名水泥",
    correct_rule: "示例新标题",
    change_language: "overdue",
    change_name: "新名字",
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_is_written_anew_when_something_moved(
    change: Callable[[Obligation], None],
    owed: Obligation,
    written: Draft,
    smtp_server: PickyServer,
) -> None:
    change(owed)

    send_due(now=HOUR)

    [mail] = smtp_server.received
    said = f"{mail['Subject']}\n{plain(mail)}"
    assert CHANGES[change] in said
    assert CHANGES[change] not in f"{written.subject}\n{written.text}"
    assert not Draft.objects.exists()


def test_what_is_owed_no_more_is_not_told(
    owed: Obligation, written: Draft, smtp_server: PickyServer
) -> None:
    hand_in(owed)

    report = send_due(now=HOUR)

    assert (report.told, report.cancelled) == (2, 1)
    assert f"/obligations/{owed.pk}/" in written.text
    assert f"/obligations/{owed.pk}/" not in plain(smtp_server.received[0])


def test_who_has_left_is_told_nothing(
    written: Draft, manager: Person, smtp_server: PickyServer
) -> None:
    post = Membership.objects.get(person=manager)
    record(by=BY, at=EARLY, verb=Verb.REMOVED, thing=post, plant=post.plant)
    post.delete()

    report = send_due(now=HOUR)

    assert (report.mails, report.cancelled) == (0, 3)
    assert smtp_server.received == []


def test_what_moves_while_it_is_written_keeps_it_from_being_kept(
    owed: Obligation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meddle(*args: Any, **given: Any) -> Any:
        letter = write_letter(*args, **given)
        rename_plant(owed)
        return letter

    monkeypatch.setattr(drafts, "write_letter", meddle)

    assert write_ahead(now=EARLY) == 0
    assert not Draft.objects.exists()


# Many at once ----------------------------------------------------------------------------------


@pytest.fixture
def three(plant: Plant) -> list[Person]:
    """Three readers with a letter each, written ahead."""
    people = [manager_of(plant), manager_of(plant), manager_of(plant)]
    due_in(7, plant=plant)
    plan_reminders(today=TODAY, at=NIGHT)
    assert write_ahead(now=EARLY) == 3
    return people


@pytest.mark.usefixtures("no_writing")
def test_a_stall_lets_go_of_those_behind_it(
    three: list[Person], smtp_server: PickyServer, settings: Any
) -> None:
    settings.EMAIL_TIMEOUT = 0.3
    smtp_server.stalled.add(three[1].email)

    report = send_due(now=HOUR)

    assert (report.mails, report.postponed) == (1, 1)
    assert report.fault
    rows = Reminder.objects.order_by("person").values_list("state", "attempts", "claim")
    assert list(rows[1:]) == [(ReminderState.PLANNED, 1, None), (ReminderState.PLANNED, 0, None)]


@pytest.mark.usefixtures("no_writing")
def test_a_slow_server_has_each_looked_at_again(
    three: list[Person], smtp_server: PickyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []

    def counted(pairs: Any, **given: Any) -> Any:
        looks.append(len(pairs))
        return take(pairs, **given)

    monkeypatch.setattr(send, "LOOK_LASTS", -1)
    monkeypatch.setattr(send, "take", counted)

    report = send_due(now=HOUR)

    assert report == SendReport(mails=3, told=3)
    assert looks == [3, 2, 1]


def test_an_officers_letter_is_written_ahead_as_well(plant: Plant, manager: Person) -> None:
    officer_of(plant.authority)
    waiting = due_in(20, plant=plant, state=State.SUBMITTED)
    long_ago = NOW - timedelta(days=20)
    Obligation.objects.filter(pk=waiting.pk).update(state_changed_at=long_ago)
    plan_reminders(today=TODAY, at=NIGHT)

    assert write_ahead(now=EARLY) == Reminder.objects.values("person").distinct().count() == 1
