"""The people who have to do with a round."""

from django.db.models import Q, QuerySet

from plants.models import Person
from plants.models.people import Role, paths_from
from tracker.rounds.models import Round, Seat
from tracker.rounds.stages import Mover, answerers


def people_of(round_: Round) -> QuerySet[Person]:
    """Who may be responsible for the present step, by name; whoever is so now stays among them."""
    turn, plant = answerers(round_.stage), round_.plant
    found = Q(pk__in=round_.steps.filter(left_at=None).values("responsible"))
    if Mover.PLANT in turn:
        found |= Q(memberships__role=Role.MANAGER, memberships__plant=plant)
        if plant.company_id is not None:
            found |= Q(
                memberships__role=Role.GROUP_MANAGER, memberships__company_id=plant.company_id
            )
    if Mover.BODY in turn:
        found |= Q(pk__in=Seat.objects.standing().filter(round=round_).values("person"))
    if turn & {Mover.OFFICE, Mover.UPPER}:
        over = paths_from(plant.authority.path)
        found |= Q(memberships__role=Role.OFFICER, memberships__authority__path__in=over)
    return Person.objects.filter(found, is_active=True).distinct().order_by("name", "pk")
