"""The part of the access table that is about the machinery, and a reminder that does not go out."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from plants.models import Person
from tests.factories import NOW, TODAY, Cast, ObligationFactory
from tests.web.personas import Statuses, everyone
from tracker.audit import Actor
from tracker.reminders.backlog import read_groups
from tracker.reminders.channels.faults import NOTHING_LEFT
from tracker.reminders.channels.setup import Scope, set_up_channel
from tracker.reminders.ladder import Rungs
from tracker.reminders.models import (
    Channel,
    ChannelKind,
    ChannelPost,
    Kind,
    Ladder,
    LetterKind,
    PostKind,
    PostState,
    Receiver,
    Reminder,
    ReminderState,
    Worded,
    Wording,
)
from tracker.reminders.set_ladder import Scope as LadderScope


def those_who_administer(status: int) -> Statuses:
    """Administrators; 403 for everybody else."""
    return everyone(403) | {"administrator": status}


MACHINERY_ROWS: dict[tuple[str, str], Statuses] = {
    ("machinery", "GET"): those_who_administer(200),
    ("machinery-test-mail", "POST"): those_who_administer(302),
    ("machinery-reason", "GET"): those_who_administer(200),
    ("machinery-reason-cancel", "GET"): those_who_administer(200),
    ("machinery-reason-cancel-apply", "POST"): those_who_administer(422),
    ("machinery-reason-retry", "POST"): those_who_administer(302),
    ("machinery-row-cancel", "GET"): those_who_administer(200),
    ("machinery-row-cancel-apply", "POST"): those_who_administer(422),
    ("machinery-row-retry", "POST"): those_who_administer(302),
    ("channels", "GET"): those_who_administer(200),
    ("channel-add", "POST"): those_who_administer(422),
    ("channel", "GET"): those_who_administer(200),
    ("channel-test", "POST"): those_who_administer(302),
    ("channel-end", "POST"): those_who_administer(302),
    ("ladders", "GET"): those_who_administer(200),
    ("ladder-add", "GET"): those_who_administer(200),
    ("ladder-preview", "POST"): those_who_administer(422),
    ("ladder-set", "POST"): those_who_administer(422),
    ("ladder-change", "GET"): those_who_administer(200),
    ("ladder-remove", "POST"): those_who_administer(302),
    ("wordings", "GET"): those_who_administer(200),
    ("wording-add", "GET"): those_who_administer(200),
    ("wording-preview", "POST"): those_who_administer(422),
    ("wording-example", "GET"): those_who_administer(404),
    ("wording-set", "POST"): those_who_administer(422),
    ("wording-change", "GET"): those_who_administer(200),
    ("wording-reset", "POST"): those_who_administer(302),
}

FAULT = "550 5.1.1 <old@demo.example>: Recipient address rejected: User unknown"


def make_failed(person: Person, fault: str = FAULT, **fields: object) -> Reminder:
    """A reminder about a plant of hers that the server refused for good."""
    post = person.memberships.get()
    given = {"state": ReminderState.FAILED, "attempts": 1, "claimed_at": NOW} | fields
    return Reminder.objects.create(
        obligation=ObligationFactory.create(plant=post.plant),
        person=person,
        kind=Kind.DUE,
        letter=LetterKind.DIGEST,
        rung=0,
        due_on=TODAY,
        planned_at=NOW,
        next_attempt_at=NOW,
        fault=fault,
        **given,
    )


def make_channel(scope: Scope, administrator: Person, **given: Any) -> Channel:
    """A webhook that nothing was promised to yet."""
    values: dict[str, Any] = {
        "kind": ChannelKind.WEBHOOK,
        "name": "值班群",
        "language": "zh-hans",
        "address": "https://hooks.example.cn/ule?key=12345678",
        "secret": "a secret of 24 letters..",
        "at": NOW,
    } | given
    return set_up_channel(scope=scope, by=Actor(administrator, "tests"), **values)


def make_told_channel(world: Cast) -> Channel:
    """A webhook with a post of each state."""
    channel = make_channel(world.plant, world.administrator)
    for number, state in enumerate(PostState):
        is_sent, failed = state == PostState.SENT, state in (PostState.FAILED, PostState.PLANNED)
        ChannelPost.objects.create(
            channel=channel,
            kind=PostKind.DAILY,
            occasion=f"2026-08-{number + 10}",
            state=state,
            planned_at=NOW - timedelta(days=number),
            next_attempt_at=NOW,
            attempts=int(is_sent or failed),
            sent_at=NOW if is_sent else None,
            fault="HTTP 500" if failed else NOTHING_LEFT if state == PostState.CANCELLED else "",
            answer_status=200 if is_sent else 500 if failed else None,
            answer="ok" if is_sent else "",
        )
    return channel


def make_ladder(person: Person) -> Ladder:
    """One of the authority of her plant."""
    plant = person.memberships.get().plant
    assert plant is not None
    ladder = LadderScope(plant.authority, Receiver.MANAGER, "monitoring").ladder(
        Rungs((7, 0), 7, 7)
    )
    ladder.save()
    return ladder


def make_wording(person: Person) -> Wording:
    """One of the authority of her plant, with a fault."""
    plant = person.memberships.get().plant
    assert plant is not None
    return Wording.objects.create(
        authority=plant.authority,
        letter=Worded.DIGEST,
        language="zh-hans",
        greeting="{{ name }}同志：",
        faults=["unknown:fax"],
    )


def machinery_arguments(person: Person, administrator: Person) -> dict[str, Sequence[object]]:
    """Four of different reasons: what one deed takes away, another finds still."""
    shown, retried, row, other = (
        make_failed(person, f"{number} answer") for number in ("550", "551", "552", "553")
    )
    keys = {
        group.reason[:3]: group.key for group in read_groups(Reminder.objects.filter(person=person))
    }
    assert {shown.fault[:3], retried.fault[:3]} <= keys.keys()
    plant = person.memberships.get().plant
    assert plant is not None
    kept, ended = (make_channel(plant, administrator).pk for _ in range(2))
    return {
        "channel": [kept],
        "channel-test": [kept],
        "channel-end": [ended],
        **dict.fromkeys(
            ("machinery-reason", "machinery-reason-cancel", "machinery-reason-cancel-apply"),
            (keys["550"],),
        ),
        "machinery-reason-retry": [keys["551"]],
        "machinery-row-cancel": [other.pk],
        "machinery-row-cancel-apply": [other.pk],
        "machinery-row-retry": [row.pk],
        **dict.fromkeys(("ladder-change", "ladder-remove"), (make_ladder(person).pk,)),
        **dict.fromkeys(("wording-change", "wording-reset"), (make_wording(person).pk,)),
        # Nobody has this draft; whose it is sees it, as test_wordings shows.
        "wording-example": ["nobodys-draft", "en"],
    }
