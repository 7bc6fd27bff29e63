"""The back office records what it changes and deletes nothing."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from plants.models import Authority, Permit, Person, Plant
from tests.factories import Cast, RequirementFactory, cast
from tracker.audit import Event, Verb
from tracker.obligations.models import Obligation

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Cast:
    return cast()


@pytest.fixture
def desk(world: Cast, client: Client) -> Client:
    client.force_login(world.administrator)
    return client


def test_changed_plant_is_in_its_history_with_before_and_after(world: Cast, desk: Client) -> None:
    plant = world.plant
    form = {
        "name_zh": plant.name_zh,
        "name_en": plant.name_en,
        "code": plant.code,
        "kind": plant.kind,
        "company": plant.company_id,
        "authority": plant.authority_id,
        "place": plant.place_id,
        "credit_code": plant.credit_code,
        "status": "long_stopped",
        "tracked_from_on": plant.tracked_from_on.isoformat(),
    }

    answer = desk.post(reverse("admin:plants_plant_change", args=[plant.pk]), form)

    assert answer.status_code == 302
    assert Plant.objects.get(pk=plant.pk).status == "long_stopped"
    event = Event.objects.for_plant(plant).get()
    assert (event.verb, event.person, event.before, event.after) == (
        Verb.CHANGED,
        world.administrator,
        {"status": "running"},
        {"status": "long_stopped"},
    )


def test_new_person_has_no_password_that_anybody_knows(desk: Client) -> None:
    form = {"email": "new@demo.example", "name": "新人", "language": "", "is_active": "on"}

    desk.post(reverse("admin:plants_person_add"), form)

    person = Person.objects.get(email="new@demo.example")
    assert not person.has_usable_password()
    assert Event.objects.get(thing_kind="person", verb=Verb.CREATED).thing_id == person.pk


def test_nothing_is_deleted(world: Cast, desk: Client) -> None:
    answer = desk.post(reverse("admin:plants_plant_delete", args=[world.plant.pk]), {"post": "yes"})

    assert answer.status_code == 403
    assert Plant.objects.filter(pk=world.plant.pk).exists()


def test_role_ends_when_somebody_leaves(world: Cast, desk: Client) -> None:
    post = world.manager.memberships.get()

    desk.post(reverse("admin:plants_membership_delete", args=[post.pk]), {"post": "yes"})

    person = Person.objects.get(pk=world.manager.pk)
    assert not Plant.objects.visible_to(person).exists()
    event = Event.objects.for_plant(world.plant).get()
    assert (event.verb, event.thing_kind) == (Verb.REMOVED, "membership")


def test_address_typed_in_capitals_signs_in(desk: Client) -> None:
    form = {"email": "Wang.Li@Demo.Example", "name": "王丽", "language": "", "is_active": "on"}

    desk.post(reverse("admin:plants_person_add"), form)

    assert Person.objects.get_by_natural_key("WANG.LI@demo.example").name == "王丽"


def test_trees_are_only_looked_up_but_for_their_limit(world: Cast, desk: Client) -> None:
    authority = world.plant.authority
    address = reverse("admin:plants_authority_change", args=[authority.pk])

    desk.post(address, {"path": "corps/", "grants_alone_days": "90"})

    now = Authority.objects.get(pk=authority.pk)
    assert (now.path, now.grants_alone_days) == (authority.path, 90)


def test_changed_fact_re_dates_at_once(world: Cast, desk: Client) -> None:
    RequirementFactory.create(due={"before": "permit.valid_until", "days": 60})
    permit = Permit.objects.get(plant=world.plant)
    form = {
        "plant": world.plant.pk,
        "number": permit.number,
        "valid_from_on": permit.valid_from_on.isoformat(),
        "valid_until_on": "2029-01-31",
    }

    desk.post(reverse("admin:plants_permit_change", args=[permit.pk]), form)

    assert Obligation.objects.get(plant=world.plant).due_on == date(2028, 12, 2)


@pytest.mark.parametrize("name", ["changji_officer", "manager", "auditor"])
def test_others_have_no_back_office(world: Cast, client: Client, name: str) -> None:
    client.force_login(world.people[name])

    assert client.get(reverse("admin:index")).status_code == 302
