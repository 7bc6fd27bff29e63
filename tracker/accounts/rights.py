"""Who may give which role for what: an administrator within her own authorities, and an officer
the manager's role for the plants that she oversees."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from plants.models import Authority, Company, Person, Plant, Role
from plants.models.people import AUTHORITY_ROLES, PLANT_ROLES

Scope = Authority | Plant | Company


@dataclass(frozen=True)
class Reach:
    """The scopes that a person administers; ``overseen`` are plants that she is an officer over."""

    authorities: list[Authority] = field(default_factory=list)
    plants: list[Plant] = field(default_factory=list)
    companies: list[Company] = field(default_factory=list)
    overseen: list[Plant] = field(default_factory=list)

    def roles_of(self, scope: Scope) -> frozenset[str]:
        """The roles that may be given for it; none for what is out of reach."""
        match scope:
            case Authority():
                return AUTHORITY_ROLES if scope in self.authorities else frozenset()
            case Plant():
                if scope in self.plants:
                    return PLANT_ROLES
                return frozenset({Role.MANAGER}) if scope in self.overseen else frozenset()
            case Company():
                return frozenset({Role.GROUP_MANAGER}) if scope in self.companies else frozenset()

    def __bool__(self) -> bool:
        return bool(self.authorities or self.overseen)


def reach_of(person: Person) -> Reach:
    """What she may give: as an administrator, and as an officer the manager's role."""
    offices = _authorities(person, Role.OFFICER)
    reach = administered_by(person)
    if not offices:
        return reach
    overseen = Plant.objects.filter(authority__in=Authority.objects.under(offices))
    return replace(reach, overseen=list(overseen.order_by("authority__path", "code")))


def administered_by(person: Person) -> Reach:
    """Her authorities and those below, their plants, and the groups that run plants nowhere else.

    A group's manager sees all of its plants; who looks after only some can't give that away.
    """
    own = _authorities(person, Role.ADMINISTRATOR)
    if not own:
        return Reach()
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
    """Whether she may give this role for this scope, and withdraw what was only promised."""
    return scope is not None and role in reach_of(person).roles_of(scope)


def may_end(person: Person, role: str, scope: Scope | None) -> bool:
    """Whether she may end it: that is for administrators."""
    return scope is not None and role in administered_by(person).roles_of(scope)


def _authorities(person: Person, role: str) -> list[Authority]:
    if not person.is_active:
        return []
    return [
        post.authority
        for post in person.posts()
        if post.role == role and post.authority is not None
    ]


def scopes(reach: Reach) -> Iterable[Scope]:
    """All of them, the authorities first."""
    yield from reach.authorities
    yield from reach.plants
    yield from reach.companies
