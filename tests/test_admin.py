"""The back office records what it changes and deletes nothing."""

import pytest
from django.test import Client
from django.urls import reverse

from plants.models import Person, Plant
from tests.factories import Cast, cast
from tracker.audit import Event, Verb

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


@pytest.mark.parametrize("name", ["changji_officer", "manager", "auditor"])
def test_others_have_no_back_office(world: Cast, client: Client, name: str) -> None:
    client.force_login(world.people[name])

    assert client.get(reverse("admin:index")).status_code == 302
