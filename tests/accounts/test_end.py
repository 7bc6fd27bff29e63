"""Ending a role: who may, what goes with it, and what stays."""

import pytest

from plants.models import Membership, Person, Role
from tests.factories import NOW, Cast, administrator_of, cast, make_obligation_at
from tracker.accounts.end import OwnRole, StaleRole, end_role
from tracker.accounts.invite import NotYours
from tracker.assessments.claims import claim_submission
from tracker.assessments.models import ReviewClaim
from tracker.audit import Actor, Event, Verb
from tracker.obligations.models import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Cast:
    return cast()


def end(post: Membership, by: Person) -> None:
    end_role(post, reason="调离", by=Actor(by, "tests"), at=NOW)


def claim_at(world: Cast, officer: Person) -> None:
    waiting = make_obligation_at(State.SUBMITTED, plant=world.plant, manager=world.manager)
    claim_submission(waiting.submissions.get(), person=officer, at=NOW)


def test_officers_claims_are_free_and_the_trail_says_why(world: Cast) -> None:
    claim_at(world, world.changji_officer)
    post = world.changji_officer.memberships.get()

    end(post, world.administrator)

    assert not ReviewClaim.objects.exists()
    assert not Membership.objects.filter(pk=post.pk).exists()
    told = Event.objects.get(verb=Verb.REMOVED)
    assert (told.person, told.note, told.thing_id) == (world.administrator, "调离", post.pk)


def test_claim_stays_where_another_role_reaches_the_plant(world: Cast) -> None:
    claim_at(world, world.region_officer)
    post = Membership.objects.create(
        person=world.region_officer, role=Role.OFFICER, authority=world.plant.authority
    )

    end(post, world.administrator)

    assert ReviewClaim.objects.filter(person=world.region_officer).exists()


def test_own_role_and_roles_out_of_reach_stay(world: Cast) -> None:
    changji_admin = administrator_of(world.plant.authority)
    kept = (
        (changji_admin.memberships.get(), changji_admin, OwnRole),
        (world.other_manager.memberships.get(), changji_admin, NotYours),
        (world.group_manager.memberships.get(), changji_admin, NotYours),
        (world.manager.memberships.get(), world.changji_officer, NotYours),
    )

    for post, by, refusal in kept:
        with pytest.raises(refusal):
            end(post, by)

    assert Membership.objects.filter(pk__in=[post.pk for post, *_ in kept]).count() == len(kept)
    assert not Event.objects.filter(verb=Verb.REMOVED).exists()


def test_second_click_tells_nothing_twice(world: Cast) -> None:
    post = world.manager.memberships.get()
    same = Membership.objects.get(pk=post.pk)
    end(post, world.administrator)

    with pytest.raises(StaleRole):
        end(same, world.administrator)
    assert Event.objects.filter(verb=Verb.REMOVED).count() == 1


def test_back_office_closes_with_the_last_administrators_role(world: Cast) -> None:
    other = administrator_of(
        world.plant.authority, world.other_plant.authority, is_staff=True, is_superuser=True
    )
    first, last = other.memberships.order_by("pk")

    end(first, world.administrator)
    between = Person.objects.get(pk=other.pk).is_staff
    end(last, world.administrator)

    after = Person.objects.get(pk=other.pk)
    assert (between, after.is_staff, after.is_superuser) == (True, False, False)
