"""Tell the nearest administrators that a person's address was marked: one mail for each mark."""

from datetime import datetime

from django.db import transaction

from plants.models import Authority, Company, Membership, Person, Plant, Role
from tracker import audit
from tracker.accounts.invite import NotYours
from tracker.accounts.models import AccountMail, MailKind
from tracker.accounts.rights import Reach, administered_by
from tracker.reminders.address_marks import clear_mark
from tracker.reminders.models import AddressFault


def plan_fault_mails(*, at: datetime) -> int:
    """Promise the mails of marks that nobody was told of, and count them; twice it promises none.

    The mark is stamped in the transaction of its mails. Nobody is told of her own address, which
    no mail reaches.
    """
    planned = 0
    waiting = AddressFault.objects.standing().filter(told_at__isnull=True)
    for mark in waiting.select_related("message__person").order_by("pk"):
        with transaction.atomic():
            fresh = AddressFault.objects.filter(pk=mark.pk, told_at__isnull=True)
            if not fresh.update(told_at=at) or mark.message is None:
                continue
            told = nearest_administrators(mark.message.person)
            AccountMail.objects.bulk_create(
                AccountMail(
                    kind=MailKind.ADDRESS_MARKED,
                    person=administrator,
                    address_fault=mark,
                    to_address=administrator.email,
                    planned_at=at,
                    next_attempt_at=at,
                )
                for administrator in told
            )
            planned += len(told)
    return planned


def nearest_administrators(person: Person) -> list[Person]:
    """For each of her roles those of the nearest authority that has any; each of them once."""
    posts = Membership.objects.filter(
        role=Role.ADMINISTRATOR, authority__isnull=False, person__is_active=True
    )
    administrators = list(
        posts.exclude(person=person).select_related("person", "authority").order_by("pk")
    )
    told: dict[int, Person] = {}
    for post in person.posts():
        for path in _paths_of(post.scope):
            over = [
                each
                for each in administrators
                if each.authority is not None and path.startswith(each.authority.path)
            ]
            nearest = max((len(each.authority.path) for each in over if each.authority), default=0)
            for each in over:
                if each.authority is not None and len(each.authority.path) == nearest:
                    told[each.person_id] = each.person
    return list(told.values())


def _paths_of(scope: Authority | Plant | Company | None) -> list[str]:
    """The authority's, the plant's authority's, or those of the group's plants."""
    match scope:
        case Authority():
            return [scope.path]
        case Plant():
            return [scope.authority.path]
        case Company():
            plants = Plant.objects.filter(company=scope)
            return sorted(set(plants.values_list("authority__path", flat=True)))
    return []


def may_clear(reach: Reach, post: Membership) -> bool:
    """Whether an administrator of this reach looks after the person of the role."""
    return post.scope is not None and post.role in reach.roles_of(post.scope)


def clear_address(post: Membership, *, by: audit.Actor, at: datetime) -> int:
    """Clear the mark of the person's address, for an administrator; count what is planned anew."""
    if by.person is None or not may_clear(administered_by(by.person), post):
        raise NotYours
    return clear_mark(post.person.email, person=post.person, by=by, at=at)


def read_marks(posts: list[Membership]) -> dict[str, AddressFault]:
    """The standing marks of these people's addresses."""
    addresses = {post.person.email for post in posts}
    found = AddressFault.objects.standing().filter(address__in=addresses)
    return {mark.address: mark for mark in found}
