"""Who somebody is for a round, why she is refused, and the turn that a use case takes at it."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from plants.models import Person
from plants.models.people import Authority, AuthorityLevel
from tracker.rounds.models import Condition, Round, RoundStep
from tracker.rounds.stages import Mover

_FIRST = frozenset({AuthorityLevel.PREFECTURE, AuthorityLevel.DIVISION})
_TOP = frozenset({AuthorityLevel.REGION, AuthorityLevel.CORPS})


class RoundRefused(Exception):
    """It can't be done; the sentence says why, ``conditions`` which ones are in the way."""

    def __init__(self, sentence: str, conditions: Sequence[Condition] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.conditions = list(conditions)


class StaleRound(Exception):
    """Somebody else moved the round in between; ``round`` is as it is now."""

    def __init__(self, round_: Round) -> None:
        super().__init__(f"round {round_.pk} is {round_.stage} now")
        self.round = round_


def movers_of(person: Person, round_: Round) -> frozenset[Mover]:
    """What she may act as in this round; one query where she is none of the plant's."""
    found = _offices(person, round_)
    if person.answers_for(round_.plant):
        found.add(Mover.PLANT)
    if round_.seats.standing().filter(person=person).exists():
        found.add(Mover.BODY)
    return frozenset(found) if person.is_active else frozenset()


def _offices(person: Person, round_: Round) -> set[Mover]:
    """The prefecture's or division's; a plant right under the region or Corps has no other."""
    found: set[Mover] = set()
    for office in person.offices_over(round_.plant):
        if office.level in _FIRST or _is_alone(office, round_):
            found.add(Mover.OFFICE)
        if office.level in _TOP:
            found.add(Mover.UPPER)
    return found


def _is_alone(office: Authority, round_: Round) -> bool:
    return office.level in _TOP and office.pk == round_.plant.authority_id


def person_of(person: Person | None) -> Person:
    """Rounds are walked by people."""
    if person is None:
        raise RoundRefused(_("Only a person can do this."))
    return person


def refuse(sentence: str | None) -> None:
    if sentence is not None:
        raise RoundRefused(sentence)


def take_turn(round_: Round) -> RoundStep:
    """Lock the round as it was read, and give its open step.

    ``StaleRound`` if it was moved since, also to and fro; ``RoundRefused`` once it is given up.
    """
    seen = (round_.stage, round_.stage_since_at)
    locked = Round.objects.select_for_update(no_key=True, of=("self",)).get(pk=round_.pk)
    if (locked.stage, locked.stage_since_at) != seen:
        raise StaleRound(locked)
    if locked.given_up_at is not None:
        raise RoundRefused(_("The round was given up."))
    return round_.steps.get(left_at__isnull=True)
