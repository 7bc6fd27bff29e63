"""The part of the access table that is about the machinery, and a reminder that does not go out."""

from collections.abc import Sequence

from plants.models import Person
from tests.factories import NOW, TODAY, ObligationFactory
from tests.web.personas import Statuses, everyone
from tracker.reminders.backlog import read_groups
from tracker.reminders.ladder import Rungs
from tracker.reminders.models import (
    Kind,
    Ladder,
    LetterKind,
    Receiver,
    Reminder,
    ReminderState,
    Worded,
    Wording,
)
from tracker.reminders.set_ladder import Scope


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


def make_ladder(person: Person) -> Ladder:
    """One of the authority of her plant."""
    plant = person.memberships.get().plant
    assert plant is not None
    ladder = Scope(plant.authority, Receiver.MANAGER, "monitoring").ladder(Rungs((7, 0), 7, 7))
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


def machinery_arguments(person: Person) -> dict[str, Sequence[object]]:
    """Four of different reasons: what one deed takes away, another finds still."""
    shown, retried, row, other = (
        make_failed(person, f"{number} answer") for number in ("550", "551", "552", "553")
    )
    keys = {
        group.reason[:3]: group.key for group in read_groups(Reminder.objects.filter(person=person))
    }
    assert {shown.fault[:3], retried.fault[:3]} <= keys.keys()
    return {
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
