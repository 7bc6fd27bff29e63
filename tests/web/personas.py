"""Who knocks at each address, and what the access tables say of them: all about the Changji plant.

The cast, and those whom only these tables need: an assessor of the plant, an officer over both
trees, somebody without a role, and whoever has not signed in.
"""

from django.test import Client

from plants.models import Authority, Person
from tests.factories import Cast, assessor_of, officer_of

REVIEWERS = ("changji_officer", "region_officer", "both_trees_officer")
ANSWERERS = ("manager", "group_manager")
OFFICERS = (*REVIEWERS, "corps_officer")
SEES = (*REVIEWERS, *ANSWERERS, "assessor", "auditor", "administrator")
BLIND = ("corps_officer", "other_manager", "nobody")
PERSONAS = ("anonymous", *SEES, *BLIND)

Statuses = dict[str, int]


def people_of(world: Cast) -> dict[str, Person]:
    """Every persona who can sign in, by name."""
    region, corps = (Authority.objects.get(code=code) for code in ("region", "corps"))
    return {
        **world.people,
        "assessor": assessor_of(world.plant, email="assessor@demo.example"),
        "both_trees_officer": officer_of(region, corps, email="both-trees@demo.example"),
        "nobody": Person.objects.create_user("nobody@demo.example", "x", name="无岗"),
    }


def knock_as(client: Client, person: Person | None) -> None:
    """Sign this person in, and out again who was; for nobody, only that."""
    client.logout()
    if person is not None:
        client.force_login(person)


def everyone(status: int, anonymous: int = 302) -> Statuses:
    """All who signed in, alike."""
    return dict.fromkeys(PERSONAS, status) | {"anonymous": anonymous}


def those_who_see(status: int) -> Statuses:
    """Who sees the plant, and 404 for who does not."""
    return everyone(404) | dict.fromkeys(SEES, status)


def those_who_answer(status: int) -> Statuses:
    """The plant's managers; 403 for others who see it, 404 for who does not."""
    return those_who_see(403) | dict.fromkeys(ANSWERERS, status)


def those_who_review(status: int) -> Statuses:
    """Officers over the plant; 404 for an officer of elsewhere, 403 for every other role."""
    return everyone(403) | dict.fromkeys(REVIEWERS, status) | {"corps_officer": 404}


def those_who_ask(status: int) -> Statuses:
    """The plant's managers and its officers; 403 for others who see it, 404 for who does not."""
    return those_who_answer(status) | dict.fromkeys(REVIEWERS, status)


def those_who_decide(status: int) -> Statuses:
    """Officers over the plant; 403 for others who see it, 404 for who does not."""
    return those_who_see(403) | dict.fromkeys(REVIEWERS, status)


def those_who_correct(status: int) -> Statuses:
    """Officers on top of a tree, for a national document; 403 for all others."""
    return everyone(403) | dict.fromkeys(("region_officer", "both_trees_officer"), status)


def those_at_the_top(status: int) -> Statuses:
    """Officers and administrators at the top of the plan's tree; 403 for everybody else."""
    top = ("region_officer", "both_trees_officer", "administrator")
    return everyone(403) | dict.fromkeys(top, status)


def those_who_audit(status: int) -> Statuses:
    """Auditors and administrators; 403 for everybody else."""
    return everyone(403) | dict.fromkeys(("auditor", "administrator"), status)
