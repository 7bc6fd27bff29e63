"""Who may give which role for what: an administrator, within her own authorities."""

from collections.abc import Iterable
from dataclasses import dataclass

from plants.models import Authority, Company, Person, Plant, Role
from plants.models.people import AUTHORITY_ROLES, PLANT_ROLES

Scope = Authority | Plant | Company


@dataclass(frozen=True)
class Reach:
    """The scopes that a person administers."""

    authorities: list[Authority]
    plants: list[Plant]
    companies: list[Company]

    def roles_of(self, scope: Scope) -> frozenset[str]:
        """The roles that may be given for it; none for what is out of reach."""
        match scope:
            case Authority():
                return AUTHORITY_ROLES if scope in self.authorities else frozenset()
            case Plant():
                return PLANT_ROLES if scope in self.plants else frozenset()
            case Company():
                return frozenset({Role.GROUP_MANAGER}) if scope in self.companies else frozenset()

    def __bool__(self) -> bool:
        return bool(self.authorities)


def reach_of(person: Person) -> Reach:
    """Her authorities and those below, their plants, and the groups that run plants nowhere else.

    A group's manager sees all of its plants; who looks after only some can't give that away.
    """
    own = [
        post.authority
        for post in person.posts()
        if post.role == Role.ADMINISTRATOR and post.authority is not None
    ]
    if not own or not person.is_active:
        return Reach([], [], [])
    under = Authority.objects.under(own)
    plants = Plant.objects.filter(authority__in=under)
    elsewhere = Plant.objects.exclude(authority__in=under).filter(company__isnull=False)
    companies = Company.objects.filter(plants__in=plants).exclude(
        pk__in=elsewhere.values("company")
    )
    return Reach(
        list(under.order_by("path")),
        list(plants.order_by("authority__path", "code")),
        list(companies.distinct().order_by("code")),
    )


def may_give(person: Person, role: str, scope: Scope | None) -> bool:
    """Whether she may give, withdraw or end this role for this scope."""
    return scope is not None and role in reach_of(person).roles_of(scope)


def scopes(reach: Reach) -> Iterable[Scope]:
    """All of them, the authorities first."""
    yield from reach.authorities
    yield from reach.plants
    yield from reach.companies
