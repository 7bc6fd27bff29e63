"""Let a monitoring or technical body in to one round, and out again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from plants.models import Person
from tracker import audit
from tracker.rounds.acting import RoundRefused, movers_of, person_of, refuse, take_turn
from tracker.rounds.models import Round, Seat, Stage
from tracker.rounds.stages import Mover


def why_not_appoint(person: Person, round_: Round) -> str | None:
    """Why this person can't let anybody in to the round; None if she can."""
    if Mover.PLANT not in movers_of(person, round_):
        return _("Only the plant's manager or its group's manager appoints a body.")
    return _("The round is at its end.") if is_over(round_) else None


def is_over(round_: Round) -> bool:
    """Given up or off the list: nobody is let in to it any more."""
    return round_.stage == Stage.REMOVED or round_.given_up_at is not None


def give_seat(
    round_: Round, *, person: Person, body: str, organisation: str, by: audit.Actor, at: datetime
) -> Seat:
    """The plant lets somebody of an appointed body in to this round, and to nothing else.

    Who has the same seat already keeps it.
    """
    inviter, organisation = person_of(by.person), organisation.strip()
    refuse(why_not_appoint(inviter, round_))
    if not organisation:
        raise RoundRefused(_("Say which body it is."))
    if not person.is_active:
        raise RoundRefused(_("This person may not sign in."))
    if person.answers_for(round_.plant) or person.oversees(round_.plant):
        raise RoundRefused(_("The plant's own people and its officers need no seat."))
    with transaction.atomic():
        take_turn(round_)
        there = round_.seats.standing().filter(person=person, body=body).first()
        if there is not None:
            return there
        seat = Seat.objects.create(
            round=round_,
            person=person,
            body=body,
            organisation=organisation,
            given_by=inviter,
            given_at=at,
        )
        _tell(seat, audit.Verb.GAVE_SEAT, by=by, at=at)
    return seat


def end_seat(seat: Seat, *, by: audit.Actor, at: datetime) -> None:
    """The plant, or she herself, ends it before the round does. Ended already: nothing happens."""
    person = person_of(by.person)
    if person.pk != seat.person_id and Mover.PLANT not in movers_of(person, seat.round):
        raise RoundRefused(_("Only the plant or who has the seat can end it."))
    with transaction.atomic():
        _end(seat, by=by, at=at)


def end_seats(round_: Round, *, by: audit.Actor, at: datetime) -> None:
    """All that stand, since the round is over; runs in the caller's transaction."""
    for seat in round_.seats.standing().select_related("person").order_by("pk"):
        seat.round = round_
        _end(seat, by=by, at=at)


def _end(seat: Seat, *, by: audit.Actor, at: datetime) -> None:
    if Seat.objects.standing().filter(pk=seat.pk).update(ended_at=at):
        seat.ended_at = at
        _tell(seat, audit.Verb.ENDED_SEAT, by=by, at=at)


def _tell(seat: Seat, verb: str, *, by: audit.Actor, at: datetime) -> None:
    after = {"person": seat.person.name, "body": seat.body, "organisation": seat.organisation}
    audit.record(by=by, at=at, verb=verb, thing=seat.round, plant=seat.round.plant, after=after)
