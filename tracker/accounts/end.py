"""End a person's role: from now on she neither sees nor does what came with it."""

from datetime import datetime

from django.db import transaction

from plants.models import Membership, Person, Role
from tracker import audit
from tracker.accounts.invite import NotYours
from tracker.accounts.rights import may_give
from tracker.assessments.claims import release_out_of_reach


class OwnRole(Exception):
    """Nobody ends her own: the last administrator would lock everybody out."""


class StaleRole(Exception):
    """It has ended in the meantime."""


def end_role(post: Membership, *, reason: str, by: audit.Actor, at: datetime) -> None:
    """What she did stays under her name; what she had claimed is free for others.

    The back office closes with the last role of an administrator.
    """
    if by.person is None or not may_give(by.person, post.role, post.scope):
        raise NotYours
    if post.person_id == by.person.pk:
        raise OwnRole
    with transaction.atomic():
        _record(post, reason, by, at)
        if Membership.objects.filter(pk=post.pk).delete()[0] != 1:
            raise StaleRole
        # Read anew: an instance keeps the roles that it has read.
        person = Person.objects.get(pk=post.person_id)
        release_out_of_reach(person)
        if person.is_staff and not person.has_role(Role.ADMINISTRATOR):
            Person.objects.filter(pk=person.pk).update(is_staff=False, is_superuser=False)


def _record(post: Membership, reason: str, by: audit.Actor, at: datetime) -> None:
    audit.record(
        by=by,
        at=at,
        verb=audit.Verb.REMOVED,
        thing=post,
        plant=post.plant,
        before={"person": post.person_id, "role": post.role, "scope": str(post.scope)},
        note=reason,
    )
