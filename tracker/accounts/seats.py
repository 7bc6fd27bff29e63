"""A seat in a round that an invitation promises."""

from datetime import datetime

from plants.models import Invitation, Person
from tracker import audit
from tracker.accounts.models import SeatOffer
from tracker.rounds.models import Seat
from tracker.rounds.seating import give_seat, why_not_appoint


def offer_of(invitation: Invitation) -> SeatOffer | None:
    """The seat that it promises; None where it promises its role."""
    offers = SeatOffer.objects.select_related("round__plant__authority")
    return offers.filter(invitation=invitation).first()


def may_appoint(person: Person, offer: SeatOffer) -> bool:
    """Whether she may promise this seat, and take back what was only promised."""
    return why_not_appoint(person, offer.round) is None


def take_seat(offer: SeatOffer, person: Person, *, at: datetime) -> Seat:
    """The inviter's deed, which waited for her; ``RoundRefused`` if the round is over."""
    by = audit.Actor(offer.invitation.invited_by, "invitation")
    return give_seat(
        offer.round,
        person=person,
        body=offer.body,
        organisation=offer.organisation,
        by=by,
        at=at,
    )
