"""What a person's rounds want of her: those that wait for her first, with what is in the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache

from plants.models import Person
from tracker.audit import SITE_CHAIN, chain_of_plant, lengths_of
from tracker.reporting.rounds import BoardRow, find_rounds, read_board
from tracker.rounds.models import Condition, Round
from tracker.rounds.stages import Mover, Movers
from tracker.rounds.standings import read_standings

# Who has more finds them on the board; each that is opened here takes a dozen queries.
ROUNDS_SHOWN = 6
ROUNDS_OPENED = 2
KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class RoundWork:
    """``in_the_way`` is what she can do something about; None where nobody has looked it up."""

    row: BoardRow
    movers: Movers
    in_the_way: Sequence[Condition] | None

    @property
    def is_hers(self) -> bool:
        return not self.row.turn.isdisjoint(self.movers)


def read_round_work(person: Person, *, today: date) -> list[RoundWork]:
    """Of those that go on; what has stood longest comes first among her own turns."""
    found = find_rounds(Round.objects.visible_to(person)).select_related("plant__place")
    rows = read_board(found, today=today)
    plants = [chain_of_plant(row.round.plant_id) for row in rows]
    lengths = lengths_of([SITE_CHAIN, *plants]) if plants else {}
    mine = [(row, _movers(person, row.round)) for row in rows]
    mine.sort(key=lambda each: each[0].turn.isdisjoint(each[1]))
    work = []
    for at, (row, movers) in enumerate(mine[:ROUNDS_SHOWN]):
        opened = at < ROUNDS_OPENED and not row.turn.isdisjoint(movers)
        work.append(
            RoundWork(row, movers, _in_the_way(row.round, today, lengths) if opened else None)
        )
    return work


def _movers(person: Person, round_: Round) -> Movers:
    """Of the plant, or in a seat: else a person who is no officer would not see it."""
    return frozenset({Mover.PLANT if person.answers_for(round_.plant) else Mover.BODY})


def _in_the_way(round_: Round, today: date, lengths: Mapping[str, int]) -> list[Condition]:
    """What stands in the way, as long as no deed at the plant or the site can have changed it.

    Samples of a large plant take a while to judge, and this is on somebody's home.
    """
    own, site = lengths.get(chain_of_plant(round_.plant_id), 0), lengths.get(SITE_CHAIN, 0)
    key = f"in-the-way:{round_.pk}:{today}:{own}:{site}"
    known: list[Condition] | None = cache.get(key)
    if known is None:
        standings = read_standings(round_, today=today)
        known = [each.condition for each in standings if each.is_in_the_way]
        cache.set(key, known, timeout=KEPT_SECONDS)
    return known
