"""Reminders that don't go out: counted by reason, tried anew, called off; each deed once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from plants.models import Person, Plant
from tests.factories import NOW, AuthorityFactory, PlantFactory, administrator_of, manager_of
from tests.ports import free_port
from tests.reminders.conftest import PickyServer, due_in, plan, send, states
from tracker import audit
from tracker.reminders.backlog import administered, read_backlog, read_groups, rows_of
from tracker.reminders.mend import call_off, retry
from tracker.reminders.models import Reminder
from tracker.reminders.reasons import Trouble

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=30)


@pytest.fixture
def by(plant: Plant) -> audit.Actor:
    return audit.Actor(administrator_of(plant.authority), "tests")


def fail(server: PickyServer, *people: Person, code: str = "550 5.1.1") -> None:
    """One night in which the server refuses these people's addresses."""
    for number, person in enumerate(people):
        server.refused[person.email] = f"{code} <{person.email}> id 4Fv2Xk{number}zQ: Unknown"
    plan()
    send()


def test_rows_of_one_cause_are_one_group(
    smtp_server: PickyServer, plant: Plant, manager: Person, by: audit.Actor
) -> None:
    due_in(7, plant=plant)
    due_in(1, plant=plant)
    fail(smtp_server, manager, manager_of(plant))

    [group] = read_groups(Reminder.objects.all())

    assert group.reason == "550 5.1.1 … id …: Unknown"
    assert (group.rows, len(group.people), group.trouble) == (4, 2, Trouble.ADDRESS)
    assert (group.since, group.next_at) == (NOW, None)
    assert group.tried_at is not None
    assert NOW <= group.tried_at < LATER
    assert rows_of(group, Reminder.objects.all()).count() == 4


def test_server_that_asks_for_patience_is_tried_again_at_a_known_time(
    smtp_server: PickyServer, plant: Plant, manager: Person
) -> None:
    due_in(7, plant=plant)
    fail(smtp_server, manager, code="451 4.3.0")

    [group] = read_groups(Reminder.objects.all())
    backlog = read_backlog(Reminder.objects.all(), now=NOW + timedelta(seconds=11))

    assert group.trouble is Trouble.LATER
    assert group.next_at is not None
    assert group.tried_at is not None
    assert group.next_at - group.tried_at == timedelta(minutes=1)
    # It waits for the next attempt, and has waited since it was planned.
    assert (backlog.due, backlog.later, backlog.oldest_at) == (0, 1, NOW)
    assert not backlog.is_stuck(NOW + timedelta(minutes=11))
    assert not backlog.holds_up(group)


def test_figures_tell_due_from_later_stuck_and_sent(
    smtp_server: PickyServer, plant: Plant, manager: Person
) -> None:
    rows = [due_in(7, plant=plant) for _ in range(4)]
    plan()
    first, second, third, _fourth = Reminder.objects.filter(obligation__in=rows).order_by("pk")
    Reminder.objects.filter(pk=first.pk).update(next_attempt_at=LATER)
    Reminder.objects.filter(pk=second.pk).update(state="claimed", claimed_at=NOW)
    Reminder.objects.filter(pk=third.pk).update(state="failed")

    backlog = read_backlog(Reminder.objects.all(), now=NOW + timedelta(minutes=15))

    assert (backlog.due, backlog.later, backlog.stuck, backlog.failed) == (1, 1, 1, 1)
    assert (backlog.oldest_at, backlog.sent_at) == (NOW, None)
    assert not backlog.is_stuck(NOW + timedelta(minutes=10))
    assert backlog.is_stuck(NOW + timedelta(minutes=11))


def test_server_that_is_away_holds_up_all_until_a_mail_went_out(
    settings: Any, plant: Plant, manager: Person
) -> None:
    due_in(7, plant=plant)
    plan()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    send()

    rows = Reminder.objects.all()
    [group], backlog = read_groups(rows), read_backlog(rows, now=LATER)

    assert (group.trouble, backlog.holds_up(group)) == (Trouble.UNREACHABLE, True)
    assert not replace(backlog, sent_at=LATER).holds_up(group)


def test_retry_sends_once_however_often_it_is_pressed(
    smtp_server: PickyServer, plant: Plant, manager: Person, by: audit.Actor
) -> None:
    due_in(7, plant=plant)
    fail(smtp_server, manager)
    smtp_server.refused.clear()

    pressed = [retry(Reminder.objects.all(), by=by, at=LATER) for _ in range(2)]
    send(minutes=30)
    again = retry(Reminder.objects.all(), by=by, at=LATER)

    assert (pressed, again, states()) == ([1, 0], 0, ["sent"])
    assert len(smtp_server.received) == 1
    event = audit.Event.objects.get(verb=audit.Verb.RETRIED)
    assert event.before is not None
    assert (event.plant, event.before["fault"][:9]) == (plant, "550 5.1.1")


def test_call_off_keeps_the_reason_and_the_next_night_does_not_undo_it(
    smtp_server: PickyServer, plant: Plant, manager: Person, by: audit.Actor
) -> None:
    due_in(7, plant=plant)
    fail(smtp_server, manager)

    done = [
        call_off(Reminder.objects.all(), reason="已电话告知", by=by, at=LATER) for _ in range(2)
    ]
    plan()

    assert (done, states()) == ([1, 0], ["cancelled"])
    row, event = Reminder.objects.get(), audit.Event.objects.get(verb=audit.Verb.CALLED_OFF)
    assert (row.called_off_at, row.fault[:3]) == (LATER, "550")
    assert (event.note, event.thing_id) == ("已电话告知", row.obligation_id)
    assert event.after == {"reminder": row.pk, "receiver": manager.name}
    assert audit.broken_links(event.chain) == []


@pytest.mark.parametrize("state", ["sent", "claimed", "cancelled"])
def test_what_is_out_or_under_way_is_left_alone(
    smtp_server: PickyServer, plant: Plant, manager: Person, by: audit.Actor, state: str
) -> None:
    due_in(7, plant=plant)
    plan()
    send()
    Reminder.objects.update(state=state)

    counts = (
        retry(Reminder.objects.all(), by=by, at=LATER),
        call_off(Reminder.objects.all(), reason="x", by=by, at=LATER),
    )

    assert (counts, states()) == ((0, 0), [state])


def test_nothing_is_called_off_without_a_reason(
    plant: Plant, manager: Person, by: audit.Actor
) -> None:
    due_in(7, plant=plant)
    plan()

    with pytest.raises(ValueError, match="proof"):
        call_off(Reminder.objects.all(), reason=" ", by=by, at=LATER)

    assert states() == ["planned"]


def test_rows_of_an_administrator_are_those_of_her_people(plant: Plant, manager: Person) -> None:
    top = AuthorityFactory.create(code="corps-08")
    there = PlantFactory.create(authority=top)
    stranger = manager_of(there)
    for each in (plant, there):
        due_in(7, plant=each)
    plan()

    seen = [
        {row.person for row in administered(who)}
        for who in (
            administrator_of(plant.authority),
            administrator_of(top),
            administrator_of(plant.authority, top),
            manager,
        )
    ]

    assert seen == [{manager}, {stranger}, {manager, stranger}, set()]
