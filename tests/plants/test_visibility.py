"""Who sees which plants: one's authority's subtree, one's plants, one's company's."""

import pytest
from django.db.models import Model, QuerySet

from plants.models import Authority, Line, Membership, Outlet, Person, Plant, Role
from tests.factories import AuthorityFactory, ObligationFactory, PlantFactory, cast, officer_of
from tracker.obligations.models import Obligation

pytestmark = pytest.mark.django_db


def plants_seen(rows: QuerySet[Model]) -> set[int]:
    field = "pk" if rows.model is Plant else "plant_id"
    return set(rows.values_list(field, flat=True))


@pytest.mark.parametrize("model", [Plant, Line, Outlet, Obligation])
def test_each_sees_her_own(model: type[Plant]) -> None:
    world = cast()
    plant, other, corps = world.plant, world.other_plant, world.corps_plant
    for each in (plant, other, corps):
        ObligationFactory.create(plant=each)

    seen = {
        name: plants_seen(model.objects.visible_to(person)) for name, person in world.people.items()
    }

    assert seen == {
        "changji_officer": {plant.pk},
        "region_officer": {plant.pk, other.pk},
        "corps_officer": {corps.pk},
        "manager": {plant.pk},
        "other_manager": {other.pk},
        "group_manager": {plant.pk, corps.pk},
        "auditor": {plant.pk, other.pk, corps.pk},
        "administrator": {plant.pk, other.pk, corps.pk},
    }


def test_region_officer_sees_the_corps_only_with_a_post_there() -> None:
    world = cast()
    Membership.objects.create(
        person=world.region_officer,
        role=Role.OFFICER,
        authority=Authority.objects.get(code="corps"),
    )

    seen = Plant.objects.visible_to(Person.objects.get(pk=world.region_officer.pk))

    assert plants_seen(seen) == {world.plant.pk, world.other_plant.pk, world.corps_plant.pk}


def test_inactive_person_and_person_without_a_post_see_nothing() -> None:
    world = cast()
    world.changji_officer.is_active = False
    nobody = Person.objects.create_user("nobody@demo.example", "x", name="无岗")

    assert not Plant.objects.visible_to(world.changji_officer).exists()
    assert not Plant.objects.visible_to(nobody).exists()


def test_authority_whose_code_begins_alike_is_another() -> None:
    """corps-1 is not above corps-10: paths end with a slash."""
    short = AuthorityFactory.create(code="corps-1")
    PlantFactory.create(authority=AuthorityFactory.create(code="corps-10"))

    assert not Plant.objects.visible_to(officer_of(short)).exists()
