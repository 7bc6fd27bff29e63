"""The judge of the drills sees what is lost, what comes twice, and what nobody had promised."""

from dataclasses import replace

import pytest
from django.utils import timezone

from tests.drills.__main__ import merged
from tests.drills.catalogue import DRILLS
from tests.drills.ledger import everybody_and_all, judge
from tests.drills.outcome import Outcome, table
from tests.drills.record import Mail
from tests.drills.stage import evening_before, noon_of
from tests.drills.world import make_world
from tests.factories import TODAY
from tracker.reminders.models import Message, Reminder, ReminderState
from tracker.reminders.plan import plan_reminders
from tracker.reminders.send import send_due


@pytest.fixture
def mails(db: None) -> list[Mail]:
    """Three people with three duties each, all told and stamped; as the server would have it."""
    make_world(3, today=TODAY)
    plan_reminders(today=TODAY, at=evening_before(TODAY))
    send_due(now=noon_of(TODAY))
    return [
        Mail(
            to=message.to_address,
            message_id=message.message_id,
            subject=message.subject,
            obligations=tuple(message.reminders.values_list("obligation", flat=True)),
            day=f"{timezone.localdate(message.made_at)}",
            at=0,
        )
        for message in Message.objects.order_by("pk")
    ]


def judged(mails: list[Mail]) -> Outcome:
    return judge(mails, due=everybody_and_all(), by_day=True)


def test_all_well(mails: list[Mail]) -> None:
    outcome = judged(mails)

    assert outcome == Outcome(promised=9, sent=9, lost=0, twice=0)
    assert outcome.is_good


def test_a_mail_that_never_came_is_lost(mails: list[Mail]) -> None:
    outcome = judged(mails[1:])

    assert (outcome.sent, outcome.lost) == (6, 3)
    assert outcome.faults == ["3 stamped with a mail that the server doesn't know as theirs"]
    assert not outcome.is_good


def test_a_mail_without_one_of_its_duties_loses_it(mails: list[Mail]) -> None:
    cut = replace(mails[0], obligations=mails[0].obligations[1:])

    assert judged([cut, *mails[1:]]).lost == 1


def test_a_mail_on_another_day_is_lost_and_unasked_for(mails: list[Mail]) -> None:
    outcome = judged([replace(mails[0], day="2026-09-02"), *mails[1:]])

    assert outcome.lost == 3
    assert outcome.faults[0].startswith("3 told that nobody had promised")


def test_a_mail_that_came_again_is_counted_once_more(mails: list[Mail]) -> None:
    outcome = judged([*mails, replace(mails[0], message_id="<other@drill.example>")])

    assert (outcome.lost, outcome.twice, outcome.is_good) == (0, 1, False)
    assert replace(outcome, allowed=1).is_good


def test_a_promise_that_was_never_planned_is_missed(mails: list[Mail]) -> None:
    Reminder.objects.filter(person__email=mails[0].to).update(state=ReminderState.CANCELLED)

    outcome = judged(mails[1:])

    assert outcome.faults == ["3 not planned, 0 planned without need"]
    assert "WRONG: 3 not planned" in table({"drill": outcome})


def test_table_keeps_the_rows_of_drills_that_were_not_played() -> None:
    first, second, third = list(DRILLS.values())[:3]
    old = table({third.title: Outcome(1, 1, 0, 0), first.title: Outcome(2, 2, 0, 0)})
    new = table({second.title: Outcome(3, 3, 0, 0), third.title: Outcome(4, 4, 0, 0)})

    rows = merged(f"\n\n{old}\n\n", new).splitlines()

    assert rows[:2] == new.splitlines()[:2]
    assert [row.split("|")[1:3] for row in rows[2:]] == [
        [f" {first.title} ", " 2 "],
        [f" {second.title} ", " 3 "],
        [f" {third.title} ", " 4 "],
    ]
