"""End a person's role: from now on she neither sees nor does what came with it."""

from datetime import datetime

from django.db import transaction

from plants.models import Membership, Person, Plant, Role
from tracker import audit
from tracker.accounts.handover import Heir, NeedsHeir, hand_over, read_heirs, read_left
from tracker.accounts.invite import NotYours
from tracker.accounts.rights import may_end
from tracker.assessments.claims import release_out_of_reach


class OwnRole(Exception):
    """Nobody ends her own: the last administrator would lock everybody out."""


class StaleRole(Exception):
    """It has ended in the meantime."""


def end_role(
    post: Membership, *, reason: str, by: audit.Actor, at: datetime, heir: Heir | None = None
) -> None:
    """What she did stays under her name; what she had claimed is free for others.

    ``NeedsHeir`` where she answers for something that is open, and ``heir`` is none of those who
    may take it over. The back office closes with the last role of an administrator.
    """
    if by.person is None or not may_end(by.person, post.role, post.scope):
        raise NotYours
    if post.person_id == by.person.pk:
        raise OwnRole
    with transaction.atomic():
        _settle_heir(post, heir, reason, by, at)
        _record(post, reason, by, at)
        if Membership.objects.filter(pk=post.pk).delete()[0] != 1:
            raise StaleRole
        # Read anew: an instance keeps the roles that it has read.
        person = Person.objects.get(pk=post.person_id)
        release_out_of_reach(person)
        if person.is_staff and not person.has_role(Role.ADMINISTRATOR):
            Person.objects.filter(pk=person.pk).update(is_staff=False, is_superuser=False)


def _settle_heir(
    post: Membership, heir: Heir | None, reason: str, by: audit.Actor, at: datetime
) -> None:
    """Of two who leave at once, each naming the other, the second finds nobody there."""
    reached = {"pk": post.plant_id} if post.plant_id else {"company": post.company_id}
    if post.authority_id is None:
        list(Plant.objects.select_for_update(of=("self",)).filter(**reached).order_by("pk"))
    left = read_left(post)
    if not left:
        return
    if heir not in read_heirs(post, left, at=at):
        raise NeedsHeir
    assert heir is not None  # noqa: S101 (it is one of those)
    hand_over(post, left, heir, reason=reason, by=by, at=at)


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
