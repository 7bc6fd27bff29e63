"""One mail a day with everything in it, and its deadlines as a file that three libraries read."""

import re
from datetime import timedelta

import ics
import pytest
import vobject
from icalendar import Calendar

from plants.models import Person, Plant
from tests.factories import NOW, TODAY, officer_of
from tests.mail import plain
from tests.reminders.conftest import PickyServer, due_in, review_of, send_digests, states
from tracker.audit import Actor, Verb, record
from tracker.obligations.models import State
from tracker.reminders.changes import plan_changes
from tracker.reminders.days import moment
from tracker.reminders.models import Reminder, ReminderState
from tracker.reminders.notices import plan_notices
from tracker.reminders.plan import plan_reminders

pytestmark = pytest.mark.django_db

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def a_days_news(plant: Plant, manager: Person) -> None:
    """Something accepted and something moved in the day, and reminders of the next morning."""
    review_of(due_in(40, plant=plant), manager)
    moved = due_in(50, plant=plant, state=State.WAIVED)
    by = Actor(officer_of(plant.authority), "tests")
    record(by=by, at=NOW, verb=Verb.WAIVED, thing=moved, plant=plant)
    plan_notices(at=NOW)
    plan_changes(at=NOW)
    for days in (1, 8, -3):
        due_in(days, plant=plant)
    plan_reminders(today=TOMORROW, at=moment(TOMORROW, 6))


@pytest.mark.usefixtures("a_days_news")
@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("zh-hans", "【超低排放】1 项逾期，2 项即将到期，2 条动态（最近：2026-09-02）"),
        ("en", "[ULE] 1 overdue, 2 due soon, 2 pieces of news (next: 2026-09-02)"),
    ],
)
def test_dues_and_news_are_one_mail(
    language: str, subject: str, manager: Person, smtp_server: PickyServer
) -> None:
    Person.objects.filter(pk=manager.pk).update(language=language)

    report = send_digests()

    [mail] = smtp_server.received
    assert (report.mails, report.told) == (1, 5)
    assert mail["Subject"] == subject
    assert states() == [ReminderState.SENT] * 5
    html = mail.get_body(("html",))
    assert html is not None
    pages = re.compile(r"/obligations/(\d+)/")
    # An obligation is named where it is told of, in both parts in the same order.
    told = pages.findall(plain(mail))
    assert told == pages.findall(html.get_content())
    assert sorted(map(int, told)) == sorted(Reminder.objects.values_list("obligation", flat=True))


@pytest.mark.usefixtures("a_days_news")
def test_three_libraries_read_its_deadlines(plant: Plant, smtp_server: PickyServer) -> None:
    send_digests()

    [mail] = smtp_server.received
    [file] = mail.iter_attachments()
    assert (file.get_content_type(), file.get_filename()) == ("text/calendar", "deadlines.ics")
    text = file.get_content()
    days = [TOMORROW, TODAY + timedelta(days=8)]

    ours = [event.decoded("DTSTART") for event in Calendar.from_ical(text).walk("VEVENT")]
    theirs = sorted(event.begin.date() for event in ics.Calendar(text).events)
    others = [event.dtstart.value for event in vobject.readOne(text).vevent_list]
    assert ours == theirs == others == days
    assert plant.name_zh in text.replace("\r\n ", "")


def test_officers_digest_says_what_waits_and_has_no_file(
    plant: Plant, smtp_server: PickyServer
) -> None:
    officer_of(plant.authority)
    due_in(5, plant=plant, state=State.SUBMITTED, state_changed_at=NOW - timedelta(days=9))
    plan_reminders(today=TOMORROW, at=moment(TOMORROW, 6))

    send_digests()

    [mail] = smtp_server.received
    assert mail["Subject"] == "【超低排放】1 项待审核"
    assert "已等待 10 天" in plain(mail)
    assert list(mail.iter_attachments()) == []


def test_first_word_to_an_office_is_a_mail_of_its_own(
    plant: Plant, smtp_server: PickyServer
) -> None:
    officer_of(plant.authority)
    due_in(-6, plant=plant)
    due_in(-40, plant=plant)
    plan_reminders(today=TOMORROW, at=moment(TOMORROW, 6))

    send_digests()

    subjects = sorted(str(mail["Subject"]) for mail in smtp_server.received)
    assert subjects == ["【超低排放】1 项逾期（最早：2026-07-23）", "【超低排放】1 项长期逾期"]
