"""Let a monitoring or technical body in to one round, and out again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from plants.models import Person
from tracker import audit
from tracker.rounds.acting import RoundRefused, movers_of, person_of, take_turn
from tracker.rounds.models import Round, Seat, Stage
from tracker.rounds.stages import Mover


def give_seat(
    round_: Round, *, person: Person, body: str, organisation: str, by: audit.Actor, at: datetime
) -> Seat:
    """The plant lets somebody of an appointed body in to this round, and to nothing else.

    Who has the same seat already keeps it.
    """
    inviter, organisation = person_of(by.person), organisation.strip()
    if Mover.PLANT not in movers_of(inviter, round_):
        raise RoundRefused(_("Only the plant's manager or its group's manager appoints a body."))
    if not organisation:
        raise RoundRefused(_("Say which body it is."))
    if not person.is_active:
        raise RoundRefused(_("This person may not sign in."))
    if person.answers_for(round_.plant) or person.oversees(round_.plant):
        raise RoundRefused(_("The plant's own people and its officers need no seat."))
    with transaction.atomic():
        take_turn(round_)
        if round_.stage == Stage.REMOVED:
            raise RoundRefused(_("The round is at its end."))
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
