"""Who may invite whom to what, how long a link works, and who gets the role by it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from plants.models import Authority, Invitation, Membership, Person, Role
from tests.factories import NOW, Cast, CompanyFactory, administrator_of, cast
from tracker.accounts.invite import (
    HasRoleAlready,
    InvitedAlready,
    NotYours,
    StaleInvitation,
    find_invitation,
    invite,
    join,
    join_as_new,
    revoke_invitation,
    send_again,
)
from tracker.accounts.mails import send_mails
from tracker.accounts.rights import Scope, may_give
from tracker.audit import Actor, Event, Verb
from tracker.reminders.models import Message

pytestmark = pytest.mark.django_db
NEW = "new@demo.example"


@pytest.fixture
def world() -> Cast:
    return cast()


@pytest.fixture
def changji_admin(world: Cast) -> Person:
    return administrator_of(world.plant.authority, email="changji-admin@demo.example")


def invite_by(person: Person, scope: Scope, role: str = Role.MANAGER, email: str = NEW) -> Any:
    return invite(
        email=email,
        name="新人",
        language="en",
        role=role,
        scope=scope,
        by=Actor(person, "tests"),
        at=NOW,
    )


def token_in_mail() -> str:
    send_mails(now=NOW)
    found = re.search(r"/invitation/([^/\s]+)/", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def join_new(found: Invitation) -> Person:
    return join_as_new(found, name="新人", password="Kiln-line-5000", origin="tests", at=NOW)


def test_administrator_gives_roles_within_her_own_authorities(
    world: Cast, changji_admin: Person
) -> None:
    region = Authority.objects.get(code="region")
    own = CompanyFactory.create()
    world.plant.company = own
    world.plant.save()
    tries: list[tuple[str, Scope]] = [
        (Role.OFFICER, world.plant.authority),
        (Role.ADMINISTRATOR, world.plant.authority),
        (Role.MANAGER, world.plant),
        (Role.ASSESSOR, world.plant),
        (Role.GROUP_MANAGER, own),
        (Role.OFFICER, region),
        (Role.OFFICER, world.other_plant.authority),
        (Role.MANAGER, world.other_plant),
        (Role.MANAGER, world.plant.authority),
        (Role.OFFICER, world.plant),
        (Role.GROUP_MANAGER, world.company),
    ]

    allowed = [may_give(changji_admin, role, scope) for role, scope in tries]

    assert allowed == [True] * 5 + [False] * 6


@pytest.mark.parametrize("who", ["corps_officer", "manager", "group_manager", "auditor"])
def test_nobody_else_invites(world: Cast, who: str) -> None:
    with pytest.raises(NotYours):
        invite_by(getattr(world, who), world.plant)
    assert not Invitation.objects.exists()


def test_link_is_kept_as_a_hash_and_works_once(world: Cast) -> None:
    invite_by(world.administrator, world.plant)
    token = token_in_mail()
    row = Invitation.objects.get()
    found = find_invitation(token, at=NOW)
    assert found is not None

    person = join_new(found)

    assert token not in str(vars(row))
    assert not Message.objects.exists()
    assert len(row.token_hash) == 64
    assert (person.email, person.check_password("Kiln-line-5000")) == (NEW, True)
    post = Membership.objects.get(person=person)
    assert (post.role, post.plant) == (Role.MANAGER, world.plant)
    assert find_invitation(token, at=NOW) is None
    with pytest.raises(StaleInvitation):
        join(found, by=Actor(person, "tests"), at=NOW)
    told = Event.objects.filter(verb__in=[Verb.INVITED, Verb.JOINED]).order_by("pk")
    assert [(event.verb, event.person, event.plant) for event in told] == [
        ("invited", world.administrator, world.plant),
        ("joined", person, world.plant),
    ]


@pytest.mark.parametrize(("days", "works"), [(6, True), (7, False)])
def test_link_works_for_seven_days(world: Cast, days: int, works: bool) -> None:
    invite_by(world.administrator, world.plant)
    token = token_in_mail()

    assert (find_invitation(token, at=NOW + timedelta(days=days)) is not None) is works


def test_withdrawn_and_renewed_links_find_nothing(world: Cast) -> None:
    by = Actor(world.administrator, "tests")
    made = invite_by(world.administrator, world.plant)
    first = token_in_mail()
    send_again(made, by=by, at=NOW)
    second = token_in_mail()
    after_renewal = [find_invitation(token, at=NOW) is not None for token in (first, second)]

    revoke_invitation(made, by=by, at=NOW)

    assert after_renewal == [False, True]
    assert find_invitation(second, at=NOW) is None
    with pytest.raises(StaleInvitation):
        send_again(made, by=by, at=NOW)
    assert Event.objects.filter(verb__in=[Verb.RENEWED, Verb.WITHDREW]).count() == 2


def test_withdrawn_before_its_mail_went_out_sends_none(world: Cast) -> None:
    made = invite_by(world.administrator, world.plant)
    revoke_invitation(made, by=Actor(world.administrator, "tests"), at=NOW)

    assert send_mails(now=NOW) == 0
    assert mail.outbox == []


def test_link_ends_with_its_inviters_right(world: Cast) -> None:
    invite_by(world.administrator, world.plant)
    token = token_in_mail()

    Membership.objects.filter(person=world.administrator).delete()

    assert find_invitation(token, at=NOW) is None


def test_who_is_there_gets_the_role_and_no_second_account(world: Cast) -> None:
    invite_by(world.administrator, world.other_plant, email="MANAGER@demo.example")
    found = find_invitation(token_in_mail(), at=NOW)
    assert found is not None

    with pytest.raises(NotYours):
        join(found, by=Actor(world.auditor, "tests"), at=NOW)
    join(found, by=Actor(world.manager, "tests"), at=NOW)

    plants = set(world.manager.memberships.values_list("plant", flat=True))
    assert plants == {world.plant.pk, world.other_plant.pk}


def test_same_role_is_not_promised_twice(world: Cast) -> None:
    invite_by(world.administrator, world.plant)

    with pytest.raises(InvitedAlready):
        invite_by(world.administrator, world.plant)
    with pytest.raises(HasRoleAlready):
        invite_by(world.administrator, world.plant, email="manager@demo.example")
    invite_by(world.administrator, world.plant, Role.ASSESSOR)


def test_administrator_of_elsewhere_moves_nothing(world: Cast, changji_admin: Person) -> None:
    made = invite_by(world.administrator, world.other_plant)

    with pytest.raises(NotYours):
        revoke_invitation(made, by=Actor(changji_admin, "tests"), at=NOW)
    assert Invitation.objects.pending().exists()
