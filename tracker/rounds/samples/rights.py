"""Who may enter a round's samples: the plant itself, or its monitoring body while it has a seat."""

from plants.models import Person, Plant, Role
from plants.models.people import plants_of
from tracker.rounds.models.rounds import Round
from tracker.rounds.models.seats import Body, Seat

_OF_THE_PLANT = frozenset({Role.MANAGER, Role.GROUP_MANAGER})


def may_enter_samples(person: Person, round_: Round) -> bool:
    """Whether she answers for the plant, or sits in the round for its monitoring body."""
    if not person.is_active:
        return False
    seats = Seat.objects.standing().filter(round=round_, person=person, body=Body.MONITORING)
    hers = Plant.objects.filter(plants_of(person, roles=_OF_THE_PLANT), pk=round_.plant_id)
    return seats.exists() or hers.exists()
