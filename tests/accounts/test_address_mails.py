"""The nearest administrators hear of each mark once."""

from datetime import timedelta

import pytest
from django.core import mail

from plants.models import Authority, Person
from tests.factories import NOW, Cast, administrator_of, cast
from tracker.accounts.address_mails import nearest_administrators, plan_fault_mails
from tracker.accounts.mails import send_mails
from tracker.accounts.models import AccountMail
from tracker.reminders.models import AddressFault, Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Cast:
    return cast()


def mark_of(person: Person, said: str = "550 5.1.1 User unknown", key: str = "1") -> AddressFault:
    message = Message.objects.create(
        person=person,
        to_address=person.email,
        language="zh-hans",
        subject="提醒",
        text="…",
        html="<p>…</p>",
        message_id=f"<{key}@demo.example>",
        made_at=NOW,
    )
    return AddressFault.objects.create(
        address=person.email,
        kind="mark",
        said=said,
        code="5.1.1",
        source="mailbox",
        key=key,
        reported_at=NOW,
        message=message,
    )


def test_each_mark_is_told_once(world: Cast) -> None:
    mark = mark_of(world.manager)
    Person.objects.update(language="en")

    assert [plan_fault_mails(at=NOW), plan_fault_mails(at=NOW)] == [1, 0]
    assert [send_mails(now=NOW), send_mails(now=NOW + timedelta(hours=1))] == [1, 0]
    [sent] = mail.outbox
    assert sent.to == [world.administrator.email]
    assert sent.subject == f"[ULE] A mail to {world.manager.name} came back"
    assert f"{world.manager.name} <{mark.address}> can't be delivered: {mark.said}" in sent.body
    assert "/people/" in sent.body


def test_nobody_is_told_of_what_was_cleared(world: Cast) -> None:
    mark_of(world.manager)
    plan_fault_mails(at=NOW)
    AddressFault.objects.update(cleared_at=NOW)

    assert send_mails(now=NOW) == 0
    assert AccountMail.objects.get().dropped


def near_of(person: Person) -> set[str]:
    return {each.email for each in nearest_administrators(person)}


def test_the_nearest_are_told(world: Cast) -> None:
    changji = world.plant.authority
    near = administrator_of(changji, email="near@demo.example")

    assert near_of(world.manager) == {near.email}
    assert near_of(world.other_manager) == {world.administrator.email}
    # Her group has a plant under each of them.
    assert near_of(world.group_manager) == {near.email, world.administrator.email}
    assert near_of(world.changji_officer) == {near.email}


def test_nobody_is_told_of_her_own_address(world: Cast) -> None:
    near = administrator_of(world.plant.authority, email="near@demo.example")

    assert near_of(near) == {world.administrator.email}
    assert near_of(world.administrator) == set()


def test_closed_accounts_are_not_told(world: Cast) -> None:
    administrator_of(world.plant.authority, email="near@demo.example", is_active=False)

    assert near_of(world.manager) == {world.administrator.email}


def test_the_other_trees_administrator_is_not_told(world: Cast) -> None:
    administrator_of(Authority.objects.get(code="corps-08"), email="corps@demo.example")

    assert near_of(world.manager) == {world.administrator.email}
