"""Each at her hour; what is optional may be stopped, what is legal may not."""

from datetime import timedelta

import pytest

from plants.models import Person, Plant
from tests.factories import NOW, TODAY
from tests.mail import plain
from tests.reminders.conftest import PickyServer, due_in, review_of, send, send_digests
from tracker.audit import Actor, Event, Verb
from tracker.reminders.days import moment, next_digest
from tracker.reminders.inbox import count_unread, entries_of, mark_read, rows_with, to_entries
from tracker.reminders.models import LetterKind, Preference, Reminder, ReminderState
from tracker.reminders.notices import plan_notices
from tracker.reminders.plan import plan_reminders
from tracker.reminders.prefer import person_of, set_preference, stop_news, token_of

pytestmark = pytest.mark.django_db

BY = Actor(None, "tests")
SIX = moment(TODAY, 6)


def choose(person: Person, hour: int, *, news: bool = True) -> bool:
    return set_preference(person=person, hour=hour, news_by_mail=news, by=BY, at=SIX)


@pytest.mark.parametrize(
    ("hour", "at", "goes"),
    [
        (8, moment(TODAY, 6), moment(TODAY, 8)),
        (8, moment(TODAY, 8), moment(TODAY, 8)),
        (8, moment(TODAY, 9), moment(TODAY + timedelta(days=1), 8)),
        # Friday 4 September, Saturday the 5th; the days off of October 2026 end on the 7th.
        (8, moment(TODAY + timedelta(days=3), 9), moment(TODAY + timedelta(days=6), 8)),
        (20, moment(TODAY + timedelta(days=4), 6), moment(TODAY + timedelta(days=6), 20)),
        (8, moment(TODAY.replace(day=30), 9), moment(TODAY.replace(month=10, day=8), 8)),
    ],
)
def test_next_digest(hour: int, at: object, goes: object) -> None:
    assert next_digest(hour, at=at) == goes  # type: ignore[arg-type]


def test_what_waits_moves_to_the_new_hour_of_its_day(plant: Plant, manager: Person) -> None:
    due_in(0, plant=plant)
    plan_reminders(today=TODAY, at=SIX)

    assert choose(manager, 17)
    assert Reminder.objects.get().next_attempt_at == moment(TODAY, 17)
    assert not choose(manager, 17)
    assert Event.objects.filter(verb=Verb.CHOSE_MAILS).count() == 1


def test_an_hour_that_has_passed_means_now(plant: Plant, manager: Person) -> None:
    choose(manager, 17)
    due_in(0, plant=plant)
    plan_reminders(today=TODAY, at=SIX)

    set_preference(person=manager, hour=8, news_by_mail=True, by=BY, at=NOW)

    assert Reminder.objects.get().next_attempt_at == NOW


def test_optional_news_stops_and_legal_reminders_do_not(
    plant: Plant, manager: Person, smtp_server: PickyServer
) -> None:
    assert stop_news(person=manager, by=BY, at=SIX)
    review_of(due_in(40, plant=plant), manager)
    review_of(due_in(40, plant=plant), manager, "缺少盖章")
    due_in(0, plant=plant)
    plan_notices(at=NOW)
    plan_reminders(today=TODAY, at=NOW)

    send_digests()

    subjects = sorted(str(mail["Subject"]) for mail in smtp_server.received)
    assert len(subjects) == 2
    assert not any("通过" in subject for subject in subjects)
    quiet = Reminder.objects.get(letter=LetterKind.NONE)
    assert (quiet.state, quiet.message) == (ReminderState.CANCELLED, None)
    # It is in her inbox nevertheless, and nobody plans it again.
    assert quiet in Reminder.objects.in_inbox_of(manager)
    assert plan_notices(at=NOW) == 0


def test_only_a_mail_with_something_optional_can_be_unsubscribed(
    plant: Plant, manager: Person, smtp_server: PickyServer
) -> None:
    due_in(0, plant=plant)
    plan_reminders(today=TODAY, at=NOW)
    send()
    review_of(due_in(40, plant=plant), manager)
    plan_notices(at=NOW)
    send_digests()

    legal, optional = smtp_server.received
    assert legal["List-Unsubscribe"] is None
    assert optional["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = str(optional["List-Unsubscribe"]).strip(" <>")
    assert address in plain(optional)
    assert person_of(address.rstrip("/").rpartition("/")[2]) == manager


def test_token_is_hers_and_ends_with_her_account(manager: Person) -> None:
    token = token_of(manager)
    assert person_of(token) == manager
    assert person_of(token[:-2] + "xx") is None
    Person.objects.filter(pk=manager.pk).update(is_active=False)
    assert person_of(token) is None


def test_inbox_has_one_entry_for_a_night_and_hides_what_was_cancelled(
    plant: Plant, manager: Person
) -> None:
    for days in (0, 7, -7):
        due_in(days, plant=plant)
    plan_reminders(today=TODAY, at=NOW)
    Reminder.objects.filter(rung=7).update(state=ReminderState.CANCELLED)

    [entry] = to_entries(entries_of(manager))
    assert (entry.total, entry.unread, count_unread(manager)) == (2, 2, 1)

    rows = rows_with(manager, entry.first)
    assert mark_read(rows, at=NOW) == 2
    assert mark_read(rows, at=NOW) == 0
    assert count_unread(manager) == 0


def test_inbox_is_there_before_any_mail_and_for_oneself_only(
    plant: Plant, manager: Person, settings: object
) -> None:
    stranger = Person.objects.create_user("x@demo.example", "x", name="外人")
    due_in(0, plant=plant)
    plan_reminders(today=TODAY, at=NOW)
    [entry] = to_entries(entries_of(manager))

    assert Reminder.objects.get().message is None
    assert not rows_with(stranger, entry.first).exists()
    assert Preference.objects.count() == 0
