"""Whom a provider of OpenID Connect vouches for: which person that is, and the link between them.

An identity is an issuer and its subject. Linked once it stays with its person, whatever address
the provider gives for it later; a person has at most one at an issuer.
"""

from dataclasses import dataclass
from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from plants.models import Person
from tracker import audit


@dataclass(frozen=True, slots=True)
class Identity:
    """What the provider says; ``vouched`` where it has made sure that the address is hers."""

    issuer: str
    subject: str
    email: str
    vouched: bool


class NotLetIn(Exception):
    """Nobody is let in by this identity; ``person`` is who it would have been, if anybody."""

    def __init__(self, person: Person | None = None) -> None:
        super().__init__()
        self.person = person


class NotVouchedFor(NotLetIn):
    """The provider gives no address, or hasn't made sure whose it is."""


class NotInvited(NotLetIn):
    """Nobody here has this address."""


class Closed(NotLetIn):
    """The account is closed."""


class LinkedOtherwise(NotLetIn):
    """Her account is linked to another identity of the same issuer."""


def recognise(identity: Identity, *, origin: str, at: datetime) -> SocialAccount:
    """The link of the identity to its person, made where an address that is vouched for fits."""
    hers = {"provider": identity.issuer, "uid": identity.subject}
    known = SocialAccount.objects.select_related("user").filter(**hers).first()
    link = known or _link(identity, origin=origin, at=at)
    if not link.user.is_active:
        raise Closed(link.user)
    return link


def unlink(link: SocialAccount, *, by: audit.Actor, at: datetime) -> None:
    """From now on another identity with her address may be linked; no session ends."""
    with transaction.atomic():
        before = {"issuer": link.provider, "subject": link.uid}
        person = link.user
        link.delete()
        audit.record(by=by, at=at, verb=audit.Verb.UNLINKED, thing=person, before=before)


@transaction.atomic
def _link(identity: Identity, *, origin: str, at: datetime) -> SocialAccount:
    """By the person's row, so that of two identities at once one is linked."""
    email = identity.email.strip().lower()
    person = Person.objects.select_for_update().filter(email=email).first() if email else None
    if not identity.vouched or not email:
        raise NotVouchedFor(person)
    if person is None:
        raise NotInvited
    if not person.is_active:
        raise Closed(person)
    if SocialAccount.objects.filter(provider=identity.issuer, user=person).exists():
        raise LinkedOtherwise(person)
    link, made = SocialAccount.objects.get_or_create(
        provider=identity.issuer,
        uid=identity.subject,
        defaults={"user": person, "extra_data": {"email": identity.email}},
    )
    if not made and link.user_id != person.pk:
        raise LinkedOtherwise(person)
    audit.record(
        by=audit.Actor(person, origin),
        at=at,
        verb=audit.Verb.LINKED,
        thing=person,
        after={"issuer": identity.issuer, "subject": identity.subject},
    )
    return link
