"""Which authorities somebody sets ladders and wordings for: those that she administers."""

from plants.models import Authority, Person, Role
from plants.models.people import AuthorityQuerySet


def authorities_run_by(person: Person) -> AuthorityQuerySet:
    """The authorities that she is an administrator of, and all below them."""
    offices = [
        post.authority
        for post in person.posts()
        if post.role == Role.ADMINISTRATOR and post.authority is not None
    ]
    return Authority.objects.under(offices)


def paths_from(path: str) -> list[str]:
    """An authority's path and those of all above it, the nearest first."""
    found = []
    while path:
        found.append(path)
        path = path[: path.rstrip("/").rfind("/") + 1]
    return found
