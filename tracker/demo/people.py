"""Makes the demo's people: the accounts, a manager of each plant, an officer of each authority."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from plants.models import Authority, Company, Membership, Person, Role
from tracker.demo.accounts import ACCOUNTS, DOMAIN, PASSWORD
from tracker.demo.invention import Invention
from tracker.demo.world import IN_VIEW, DemoPlant

LEAVER = f"former-manager@{DOMAIN}"  # was the second manager of the other manager's plant
EIGHTH_DIVISION = "corps-08"
Scope = Authority | Company | DemoPlant


@dataclass(frozen=True)
class People:
    """Who answers for each plant and who reviews for each authority, by id.

    ``superior_of`` is the officer on top of each tree, ``left_plant`` has a
    second manager who leaves, and that of ``deserted_plant`` leaves it with nobody.
    """

    manager_of: dict[int, Person]
    officer_of: dict[int, Person]
    superior_of: dict[str, Person]
    left_plant: int
    deserted_plant: int | None
    count: int


def make_people(invention: Invention, world: list[DemoPlant]) -> People:
    """Make everybody with the one password, the accounts of the table first."""
    maker = _Maker(invention)
    authorities = {authority.code: authority for authority in Authority.objects.all()}
    shown, other = world[0], _other_plant(world)
    company = Company.objects.earliest("pk")
    accounts = _accounts(authorities, company, shown, other)
    for account in ACCOUNTS:
        role, scopes = accounts.get(account.email, (None, []))
        maker.add(account.email, account.name.zh, role, scopes, is_admin=role == Role.ADMINISTRATOR)
    for demo in world:
        if demo not in (shown, other):
            email = f"manager-{demo.number + 1:03d}@{DOMAIN}"
            maker.add(email, maker.next_name(), Role.MANAGER, [demo])
    for authority in _without_officer(world):
        email = f"officer-{authority.code}@{DOMAIN}"
        maker.add(email, maker.next_name(), Role.OFFICER, [authority])
    maker.add(LEAVER, "田国栋", Role.MANAGER, [other])
    # The group's manager would answer for the plants of her group.
    alone = [d.plant.pk for d in world if d not in (shown, other) and d.plant.company != company]
    return maker.save(left_plant=other.plant.pk, deserted_plant=alone[-1] if alone else None)


def _other_plant(world: list[DemoPlant]) -> DemoPlant:
    """The first plant of the region that another bureau than Changji's looks after."""
    return next(
        demo
        for demo in world
        if demo.plant.authority.code != IN_VIEW and demo.plant.authority.tree == "region"
    )


def _accounts(
    authorities: dict[str, Authority], company: Company, shown: DemoPlant, other: DemoPlant
) -> dict[str, tuple[Role, list[Scope]]]:
    """Each account's role and what it is for."""
    region, corps = authorities["region"], authorities["corps"]
    by_name: dict[str, tuple[Role, list[Scope]]] = {
        "changji-officer": (Role.OFFICER, [authorities[IN_VIEW]]),
        "region-officer": (Role.OFFICER, [region]),
        "corps-officer": (Role.OFFICER, [authorities[EIGHTH_DIVISION]]),
        "corps-bureau-officer": (Role.OFFICER, [corps]),
        "manager": (Role.MANAGER, [shown]),
        "other-manager": (Role.MANAGER, [other]),
        "group-manager": (Role.GROUP_MANAGER, [company]),
        "auditor": (Role.AUDITOR, [region, corps]),
        "admin": (Role.ADMINISTRATOR, [region, corps]),
    }
    return {f"{name}@{DOMAIN}": post for name, post in by_name.items()}


def _without_officer(world: list[DemoPlant]) -> list[Authority]:
    """The authorities with plants, but for the two whose officer is an account of the table."""
    found = {demo.plant.authority.code: demo.plant.authority for demo in world}
    return [found[code] for code in sorted(found) if code not in (IN_VIEW, EIGHTH_DIVISION)]


class _Maker:
    """Collects people and posts, and saves them in a few statements."""

    def __init__(self, invention: Invention) -> None:
        self.invention = invention
        # The password is the same and known to all: one hash, slow on purpose, is enough.
        self.password = make_password(PASSWORD)
        self.people: list[Person] = []
        self.posts: list[Membership] = []
        self.people_of: dict[tuple[str, int], Person] = {}
        self.names = 0

    def next_name(self) -> str:
        self.names += 1
        return self.invention.person_name(self.names)

    def add(
        self,
        email: str,
        name: str,
        role: Role | None,
        scopes: list[Scope],
        *,
        is_admin: bool = False,
    ) -> None:
        person = Person(
            email=email,
            name=name,
            password=self.password,
            is_staff=is_admin,
            is_superuser=is_admin,
        )
        self.people.append(person)
        if role is None:
            return  # she has a seat in rounds, and no post
        for scope in scopes:
            post = Membership(person=person, role=role)
            match scope:
                case Authority():
                    post.authority = scope
                case Company():
                    post.company = scope
                case DemoPlant():
                    post.plant = scope.plant
            thing = scope.plant if isinstance(scope, DemoPlant) else scope
            # Who came first does the work.
            self.people_of.setdefault((role, thing.pk), person)
            self.posts.append(post)

    def save(self, *, left_plant: int, deserted_plant: int | None) -> People:
        Person.objects.bulk_create(self.people)
        Membership.objects.bulk_create(self.posts)
        EmailAddress.objects.bulk_create(
            EmailAddress(user=person, email=person.email, verified=True, primary=True)
            for person in self.people
        )
        officers = {pk: p for (role, pk), p in self.people_of.items() if role == Role.OFFICER}
        tops = Authority.objects.filter(parent=None)
        return People(
            manager_of={pk: p for (role, pk), p in self.people_of.items() if role == Role.MANAGER},
            officer_of=officers,
            superior_of={top.tree: officers[top.pk] for top in tops},
            left_plant=left_plant,
            deserted_plant=deserted_plant,
            count=len(self.people),
        )
