"""When somebody who answers for a plant leaves, nothing that is open is left without anybody."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from plants.models import Invitation, Membership, Person, Plant, Role
from tests.factories import (
    NOW,
    TODAY,
    Cast,
    ObligationFactory,
    attach,
    cast,
    group_manager_of,
    make_obligation_at,
    manager_of,
    officer_of,
)
from tracker.accounts.end import end_role
from tracker.accounts.handover import Heir, Left, NeedsHeir, read_heirs, read_left, unanswered
from tracker.accounts.invite import invite, join_as_new
from tracker.audit import Actor, Event, Verb
from tracker.obligations.models import Obligation, Relief, State
from tracker.obligations.relief import ask_relief
from tracker.reminders.changes import plan_changes
from tracker.reminders.models import Reminder
from tracker.reminders.plan import plan_reminders
from tracker.reminders.send import send_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Cast:
    return cast()


def owed_at(plant: Plant, days: int = 5) -> Obligation:
    return ObligationFactory.create(plant=plant, due_on=TODAY + timedelta(days=days))


def end(world: Cast, person: Person, heir: Heir | None) -> None:
    end_role(
        person.memberships.get(),
        reason="调离",
        by=Actor(world.administrator, "tests"),
        at=NOW,
        heir=heir,
    )


def invited(world: Cast, **changed: Any) -> Invitation:
    given: dict[str, Any] = {
        "email": "new@demo.example",
        "name": "新人",
        "language": "zh-hans",
        "role": Role.MANAGER,
        "scope": world.other_plant,
    }
    return invite(**(given | changed), by=Actor(world.administrator, "tests"), at=NOW)


def mails(days: int = 0) -> list[str]:
    """Really plan and send; to whom mails went out."""
    at = NOW + timedelta(days=days)
    mail.outbox.clear()
    plan_reminders(today=TODAY + timedelta(days=days), at=at)
    plan_changes(at=at)
    send_due(now=at)
    return [message.to[0] for message in mail.outbox]


def test_what_is_open_is_counted(world: Cast) -> None:
    drafted, asked = owed_at(world.plant), owed_at(world.plant)
    make_obligation_at(State.ACCEPTED, plant=world.plant, manager=world.manager)
    attach(drafted, world.manager)
    Relief.objects.create(
        obligation=asked,
        kind="waiver",
        due_on_before=asked.due_on,
        reason="停产",
        token="00000000-0000-0000-0000-000000000001",
        asked_by=world.manager,
        asked_at=NOW,
        state_changed_at=NOW,
    )

    left = read_left(world.manager.memberships.get())

    assert left == [Left(world.plant, [world.group_manager], owed=2, asked=1, drafts=1)]


def test_role_that_is_not_her_last_at_the_plant_leaves_nothing(world: Cast) -> None:
    owed_at(world.plant)
    post = world.manager.memberships.get()
    Membership.objects.create(person=world.manager, role=Role.GROUP_MANAGER, company=world.company)

    assert read_left(post) == []


def test_nothing_open_needs_nobody(world: Cast) -> None:
    end(world, world.other_manager, None)

    assert not world.other_manager.memberships.exists()


@pytest.mark.parametrize("heir", [None, Heir(), Heir(nobody=True)])
def test_open_duties_need_a_real_heir(world: Cast, heir: Heir | None) -> None:
    owed_at(world.plant)

    with pytest.raises(NeedsHeir):
        end(world, world.manager, heir)

    assert world.manager.memberships.exists()
    assert not Event.objects.filter(verb__in=(Verb.REMOVED, Verb.HANDED_OVER)).exists()


def test_somebody_of_elsewhere_or_without_an_account_is_no_heir(world: Cast) -> None:
    owed_at(world.plant)
    closed = manager_of(world.plant, is_active=False)

    for person in (world.other_manager, closed, world.manager):
        with pytest.raises(NeedsHeir):
            end(world, world.manager, Heir(person=person))


def test_heir_is_told_once_and_gets_the_reminders(world: Cast) -> None:
    duty = owed_at(world.plant)
    assert sorted(mails()) == [world.group_manager.email, world.manager.email]
    heir = manager_of(world.plant, email="heir@demo.example")

    end(world, world.manager, Heir(person=heir))

    assert mails() == [heir.email]
    assert world.manager.name in str(mail.outbox[0].body)
    assert sorted(mails(days=6)) == sorted([heir.email, world.group_manager.email])
    told = Event.objects.get(verb=Verb.HANDED_OVER)
    assert (told.thing_id, told.plant, told.note) == (duty.pk, world.plant, "调离")
    assert (told.after or {})["heir"] == heir.name


def test_reminders_planned_for_the_leaver_are_not_lost(world: Cast) -> None:
    owed_at(world.plant)
    plan_reminders(today=TODAY, at=NOW)

    end(world, world.manager, Heir(person=world.group_manager))

    assert mails() == [world.group_manager.email]
    assert Reminder.objects.get(person=world.manager).state == "cancelled"


def test_whoever_was_invited_takes_over_when_she_joins(world: Cast) -> None:
    owed_at(world.other_plant)
    mails()
    made = invited(world)
    end(world, world.other_manager, Heir(invitation=made))
    before = mails()

    Invitation.objects.filter(pk=made.pk).update(
        token_hash="x" * 64, expires_at=NOW + timedelta(days=7)
    )
    made.refresh_from_db()
    join_as_new(made, name="新人", password="Kiln-line-5000", origin="tests", at=NOW)

    assert (before, mails()) == ([], ["new@demo.example"])


def test_invitation_counts_only_for_the_same_plant_while_its_link_works(world: Cast) -> None:
    owed_at(world.other_plant)
    invited(world, scope=world.plant)
    Invitation.objects.filter(pk=invited(world, email="late@demo.example").pk).update(
        token_hash="y" * 64, expires_at=NOW
    )
    post = world.other_manager.memberships.get()

    assert read_heirs(post, read_left(post), at=NOW) == [Heir(nobody=True)]


def test_nobody_now_is_told_to_the_plants_officers(world: Cast) -> None:
    tacheng = officer_of(world.other_plant.authority, email="tacheng@demo.example")
    duty = owed_at(world.other_plant)
    mails()

    end(world, world.other_manager, Heir(nobody=True))

    assert mails() == []
    assert mails(days=1) == [tacheng.email]
    assert "已离任" in str(mail.outbox[0].body)
    assert Event.objects.get(verb=Verb.LEFT_ALONE).thing_id == duty.pk
    [alone] = unanswered(world.region_officer)
    assert (alone, alone.owes) == (world.other_plant, 1)  # type: ignore[attr-defined]
    assert not unanswered(world.corps_officer).exists()


def test_groups_plants_go_on_with_their_own_people(world: Cast) -> None:
    owed_at(world.plant)
    owed_at(world.corps_plant)
    corps = manager_of(world.corps_plant, email="corps-manager@demo.example")
    post = world.group_manager.memberships.get()
    assert read_heirs(post, read_left(post), at=NOW) == [Heir()]
    mails()

    end(world, world.group_manager, Heir())

    assert mails() == []
    assert sorted(mails(days=1)) == sorted([corps.email, world.manager.email])
    assert Event.objects.filter(verb=Verb.HANDED_OVER).count() == 2


def test_one_plant_of_a_group_without_anybody_is_enough_to_ask(world: Cast) -> None:
    owed_at(world.plant)
    owed_at(world.corps_plant)
    post = world.group_manager.memberships.get()
    second = group_manager_of(world.company)
    assert read_heirs(post, read_left(post), at=NOW) == [Heir(person=second)]
    second.memberships.all().delete()

    assert read_heirs(post, read_left(post), at=NOW) == [Heir(nobody=True)]
    end(world, world.group_manager, Heir(nobody=True))

    verbs = Event.objects.filter(thing_kind="obligation").values_list("plant", "verb")
    assert dict(verbs) == {
        world.plant.pk: Verb.HANDED_OVER,
        world.corps_plant.pk: Verb.LEFT_ALONE,
    }


def test_relief_that_awaited_one_officer_awaits_the_others(world: Cast) -> None:
    duty = owed_at(world.plant)
    relief = ask_relief(
        obligation=duty,
        kind="waiver",
        new_due_on=None,
        reason="停产",
        token="00000000-0000-0000-0000-000000000002",  # type: ignore[arg-type]
        by=Actor(world.manager, "tests"),
        at=NOW,
        today=TODAY,
    )
    second = officer_of(world.plant.authority)

    end(world, world.changji_officer, None)

    for officer in (second, world.region_officer):
        assert list(Relief.objects.awaiting(officer)) == [relief]
    gone = Person.objects.get(pk=world.changji_officer.pk)
    assert not Relief.objects.awaiting(gone).exists()
