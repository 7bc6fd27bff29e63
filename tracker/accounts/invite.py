"""Invite somebody to a role, withdraw the invitation, send it again, and take it up."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from plants.models import Invitation, Membership, Person
from plants.models.people import Authority, Company
from tracker import audit
from tracker.accounts.addresses import settle_address
from tracker.accounts.models import AccountMail, MailKind, SeatOffer
from tracker.accounts.rights import Scope, may_give
from tracker.accounts.seats import may_appoint, offer_of, take_seat

LASTS = timedelta(days=7)
TOKEN_BYTES = 32


class NotYours(Exception):
    """The role or its scope is out of the person's reach."""


class OwnAddress(Exception):
    """Nobody gives herself a role: an officer would hand in what she reviews."""


class InvitedAlready(Exception):
    """The same role waits for the same address already."""


class HasRoleAlready(Exception):
    """The person with this address has the role."""


class StaleInvitation(Exception):
    """It was taken up, withdrawn, sent again or ran out in the meantime."""


def invite(
    *, email: str, name: str, language: str, role: str, scope: Scope, by: audit.Actor, at: datetime
) -> Invitation:
    """Promise the role to whoever reads the mails of this address."""
    inviter, email = by.person, email.strip().lower()
    if inviter is None or not may_give(inviter, role, scope):
        raise NotYours
    if email == inviter.email:
        raise OwnAddress
    where = {_field_of(scope): scope}
    if Membership.objects.filter(person__email=email, role=role, **where).exists():
        raise HasRoleAlready
    invitation = Invitation(
        email=email,
        name=name,
        language=language,
        role=role,
        invited_by=inviter,
        invited_at=at,
        **where,
    )
    return promise(invitation, by, at)


def promise(
    invitation: Invitation, by: audit.Actor, at: datetime, offer: SeatOffer | None = None
) -> Invitation:
    """Kept, told and mailed; an offer of a seat in the same breath, so that no role comes of it."""
    try:
        with transaction.atomic():
            invitation.save()
            if offer is not None:
                offer.invitation = invitation
                offer.save()
            _tell(invitation, audit.Verb.INVITED, by, at)
            _promise_mail(invitation, at)
    except IntegrityError as fault:
        raise InvitedAlready from fault
    return invitation


def revoke_invitation(invitation: Invitation, *, by: audit.Actor, at: datetime) -> None:
    """From now on its link finds nothing."""
    with transaction.atomic():
        _move(invitation, by, revoked_at=at)
        _tell(invitation, audit.Verb.WITHDREW, by, at)


def send_again(invitation: Invitation, *, by: audit.Actor, at: datetime) -> None:
    """A new link for seven more days; the old one finds nothing, and the sender answers for it."""
    with transaction.atomic():
        _move(invitation, by, token_hash="", expires_at=None, invited_by=by.person)
        _tell(invitation, audit.Verb.RENEWED, by, at)
        _promise_mail(invitation, at)


def renew_secret(invitation: Invitation, *, at: datetime) -> str | None:
    """The secret of a link that works from now on; None if nobody waits for it any more."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    fresh = {"token_hash": _hash_of(token), "expires_at": at + LASTS}
    done = Invitation.objects.pending().filter(pk=invitation.pk).update(**fresh)
    return token if done == 1 else None


def find_invitation(token: str, *, at: datetime) -> Invitation | None:
    """None for a secret that is wrong, used, withdrawn or older than seven days.

    Nor does it outlive its inviter's own right to give the role.
    """
    standing = Invitation.objects.standing(at=at).filter(token_hash=_hash_of(token))
    found = standing.select_related("authority", "plant", "company", "invited_by").first()
    return found if found is not None and _may_promise(found.invited_by, found) else None


def join_as_new(
    invitation: Invitation, *, name: str, password: str, origin: str, at: datetime
) -> Person:
    """Make the account that the invitation is for, with its role."""
    with transaction.atomic():
        person = Person.objects.create_user(
            invitation.email, password, name=name, language=invitation.language
        )
        settle_address(person)
        join(invitation, by=audit.Actor(person, origin), at=at)
    return person


def join(invitation: Invitation, *, by: audit.Actor, at: datetime) -> None:
    """Give the role to the person who was invited; of two clicks one does it."""
    person = by.person
    if person is None or person.email != invitation.email:
        raise NotYours
    with transaction.atomic():
        there = Invitation.objects.standing(at=at).filter(
            pk=invitation.pk, token_hash=invitation.token_hash
        )
        if there.update(accepted_at=at, accepted_by=person) != 1:
            raise StaleInvitation
        offer = offer_of(invitation)
        post = take_seat(offer, person, at=at) if offer else _post(invitation, person)
        audit.record(
            by=by,
            at=at,
            verb=audit.Verb.JOINED,
            thing=post,
            plant=invitation.plant,
            after={"invitation": invitation.pk, "invited_by": str(invitation.invited_by)},
        )


def _post(invitation: Invitation, person: Person) -> Membership:
    post, _made = Membership.objects.get_or_create(
        person=person,
        role=invitation.role,
        authority=invitation.authority,
        plant=invitation.plant,
        company=invitation.company,
    )
    return post


def _may_promise(person: Person, invitation: Invitation) -> bool:
    """A seat is for the plant to give; a role for whoever administers its scope."""
    offer = offer_of(invitation)
    if offer is not None:
        return may_appoint(person, offer)
    return may_give(person, invitation.role, invitation.scope)


def _move(invitation: Invitation, by: audit.Actor, **values: object) -> None:
    if by.person is None or not _may_promise(by.person, invitation):
        raise NotYours
    if Invitation.objects.pending().filter(pk=invitation.pk).update(**values) != 1:
        raise StaleInvitation


def _promise_mail(invitation: Invitation, at: datetime) -> None:
    AccountMail.objects.create(
        kind=MailKind.INVITATION,
        invitation=invitation,
        to_address=invitation.email,
        planned_at=at,
        next_attempt_at=at,
    )


def _tell(invitation: Invitation, verb: audit.Verb, by: audit.Actor, at: datetime) -> None:
    after = {"email": invitation.email, "role": invitation.role, "scope": str(invitation.scope)}
    if (offer := offer_of(invitation)) is not None:
        after |= {"role": f"seat:{offer.body}", "round": str(offer.round.number)}
    audit.record(by=by, at=at, verb=verb, thing=invitation, plant=invitation.plant, after=after)


def _field_of(scope: Scope) -> str:
    if isinstance(scope, Authority):
        return "authority"
    return "company" if isinstance(scope, Company) else "plant"


def _hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
