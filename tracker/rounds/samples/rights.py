"""Who may enter a round's samples: the plant itself, or its monitoring body while it has a seat."""

from django.utils.translation import gettext as _

from plants.models import Person, Plant, Role
from plants.models.people import plants_of
from tracker.rounds.fugitive.rights import REPORTED
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


def why_not_describe(person: Person | None, round_: Round) -> str | None:
    """Why this person can't write how an outlet's gas is cleaned now; None if she can."""
    if person is None or not may_enter_samples(person, round_):
        return _("Only the plant or its monitoring body can describe a technology.")
    if round_.given_up_at is not None:
        return _("The round was given up.")
    if round_.stage in REPORTED:
        return _("The round's report is filed: its technologies stay as they are.")
    return None
