"""A plant lets somebody of a body in to one round, with an account or without one yet."""

from datetime import datetime

from django.db import transaction

from plants.models import Invitation, Person, Role
from tracker import audit
from tracker.accounts.invite import promise
from tracker.accounts.mails import plan_mail
from tracker.accounts.models import MailKind, SeatOffer
from tracker.rounds.acting import person_of, refuse
from tracker.rounds.models import Round, Seat
from tracker.rounds.seating import give_seat, why_not_appoint


def let_in(
    round_: Round,
    *,
    email: str,
    name: str,
    language: str,
    body: str,
    organisation: str,
    by: audit.Actor,
    at: datetime,
) -> Seat | Invitation:
    """A seat for whoever has this address; who has no account yet is invited to one.

    ``RoundRefused`` says why not; ``InvitedAlready`` where she waits for one at this plant.
    """
    person = Person.objects.filter(email=email.strip().lower()).first()
    if person is None:
        return invite_to_seat(
            round_,
            email=email,
            name=name,
            language=language,
            body=body,
            organisation=organisation,
            by=by,
            at=at,
        )
    with transaction.atomic():
        seat = give_seat(round_, person=person, body=body, organisation=organisation, by=by, at=at)
        if seat.given_at == at:
            plan_mail(kind=MailKind.SEAT, person=person, to_address=person.email, at=at)
    return seat


def invite_to_seat(
    round_: Round,
    *,
    email: str,
    name: str,
    language: str,
    body: str,
    organisation: str,
    by: audit.Actor,
    at: datetime,
) -> Invitation:
    """Promise a seat in this one round to whoever reads the mails of an address without account.

    The account that she makes then has no role anywhere.
    """
    inviter = person_of(by.person)
    refuse(why_not_appoint(inviter, round_))
    invitation = Invitation(
        email=email.strip().lower(),
        name=name,
        language=language,
        role=Role.ASSESSOR,
        plant=round_.plant,
        invited_by=inviter,
        invited_at=at,
    )
    return promise(
        invitation, by, at, SeatOffer(round=round_, body=body, organisation=organisation)
    )
