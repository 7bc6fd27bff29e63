"""Second factors: who has one, who must, and taking them away from somebody who lost hers."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction

from plants.models import Person
from tracker import audit
from tracker.accounts.invite import NotYours
from tracker.accounts.mails import plan_mail
from tracker.accounts.models import MailKind
from tracker.accounts.rights import administered_by

# Recovery codes are a way out, no factor of their own.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class NothingToReset(Exception):
    """She has no second factor."""


def has_factor(person: Person) -> bool:
    return bool(Authenticator.objects.filter(user=person, type__in=FACTORS).exists())


def needs_factor(person: Person) -> bool:
    """Whether one of her roles is among those of SECOND_FACTOR_FOR."""
    return person.has_role(*settings.SECOND_FACTOR_FOR)


def may_reset(administrator: Person, person: Person) -> bool:
    """An administrator whose reach holds every role of hers; nobody her own, which asks first."""
    posts = person.posts()
    reach = administered_by(administrator)
    return (
        administrator.pk != person.pk
        and bool(posts)
        and all(
            post.scope is not None and post.role in reach.roles_of(post.scope) for post in posts
        )
    )


def reset_factors(person: Person, *, by: audit.Actor, at: datetime) -> None:
    """From now on her password lets her in, until she sets up another; she is told by mail.

    By nobody it is the operator's command.
    """
    if by.person is not None and not may_reset(by.person, person):
        raise NotYours
    with transaction.atomic():
        gone, _models = Authenticator.objects.filter(user=person).delete()
        if not gone:
            raise NothingToReset
        audit.record(by=by, at=at, verb=audit.Verb.RESET_FACTOR, thing=person)
        plan_mail(kind=MailKind.FACTOR_RESET, person=person, to_address=person.email, at=at)
