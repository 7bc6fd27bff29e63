"""People by role, and a small cast that is the same as the demo's accounts."""

from dataclasses import dataclass
from typing import Any

from plants.models import Authority, Company, Membership, Person, Plant, Role
from tests.factories.rows import (
    AuthorityFactory,
    CompanyFactory,
    LineFactory,
    OutletFactory,
    PermitFactory,
    PersonFactory,
    PlantFactory,
)


def officer_of(*authorities: Authority, **person: Any) -> Person:
    return _member_of_each(Role.OFFICER, authorities, person)


def auditor_of(*authorities: Authority, **person: Any) -> Person:
    return _member_of_each(Role.AUDITOR, authorities, person)


def administrator_of(*authorities: Authority, **person: Any) -> Person:
    return _member_of_each(Role.ADMINISTRATOR, authorities, person)


def manager_of(plant: Plant, **person: Any) -> Person:
    return _member(Role.MANAGER, person, plant=plant)


def assessor_of(plant: Plant, **person: Any) -> Person:
    return _member(Role.ASSESSOR, person, plant=plant)


def group_manager_of(company: Company, **person: Any) -> Person:
    return _member(Role.GROUP_MANAGER, person, company=company)


def _member(role: str, person: dict[str, Any], **scope: Any) -> Person:
    member = PersonFactory.create(**person)
    Membership.objects.create(person=member, role=role, **scope)
    return member


def _member_of_each(
    role: str, authorities: tuple[Authority, ...], person: dict[str, Any]
) -> Person:
    member = PersonFactory.create(**person)
    for authority in authorities:
        Membership.objects.create(person=member, role=role, authority=authority)
    return member


@dataclass(frozen=True)
class Cast:
    """The demo's accounts in miniature, over three plants under both authorities.

    ``plant`` (Changji) belongs to the group, ``other_plant`` (Tacheng) to nobody's, and
    ``corps_plant`` (8th division) to the group again: its manager sees both trees.
    """

    plant: Plant
    other_plant: Plant
    corps_plant: Plant
    company: Company
    changji_officer: Person
    region_officer: Person
    corps_officer: Person
    manager: Person
    other_manager: Person
    group_manager: Person
    auditor: Person
    administrator: Person

    @property
    def people(self) -> dict[str, Person]:
        """Every persona by the name of its field."""
        return {name: who for name, who in vars(self).items() if isinstance(who, Person)}


def cast() -> Cast:
    """Make the three plants, each with a line, a kiln tail and a permit, and the eight people."""
    company = CompanyFactory.create(state_owned=True)
    changji = AuthorityFactory.create(code="region-changji")
    division = AuthorityFactory.create(code="corps-08")
    plant = _plant(authority=changji, company=company)
    tacheng = AuthorityFactory.create(code="region-tacheng")
    other_plant = _plant(authority=tacheng, place__code="wusu")
    corps_plant = _plant(authority=division, place__code="shihezi", company=company)
    region, corps = Authority.objects.get(code="region"), Authority.objects.get(code="corps")
    return Cast(
        plant=plant,
        other_plant=other_plant,
        corps_plant=corps_plant,
        company=company,
        changji_officer=officer_of(changji, email="changji-officer@demo.example"),
        region_officer=officer_of(region, email="region-officer@demo.example"),
        corps_officer=officer_of(division, email="corps-officer@demo.example"),
        manager=manager_of(plant, email="manager@demo.example"),
        other_manager=manager_of(other_plant, email="other-manager@demo.example"),
        group_manager=group_manager_of(company, email="group-manager@demo.example"),
        auditor=auditor_of(region, corps, email="auditor@demo.example"),
        administrator=administrator_of(
            region, corps, email="admin@demo.example", is_staff=True, is_superuser=True
        ),
    )


def _plant(**fields: Any) -> Plant:
    plant = PlantFactory.create(**fields)
    line = LineFactory.create(plant=plant, number=1)
    OutletFactory.create(
        plant=plant,
        line=line,
        code="DA001",
        name="窑尾废气排放口",
        source="kiln_tail",
        has_cems=True,
    )
    PermitFactory.create(plant=plant)
    return plant
