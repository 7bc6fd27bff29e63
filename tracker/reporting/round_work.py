"""What a person's rounds want of her: those that wait for her first, with what is in the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from plants.models import Person
from tracker.reporting.rounds import BoardRow, find_rounds, read_board
from tracker.rounds.models import Condition, Round
from tracker.rounds.stages import Mover, Movers
from tracker.rounds.standings import read_standings

# Who has more finds them on the board; each that is opened here takes a dozen queries.
ROUNDS_SHOWN = 6
ROUNDS_OPENED = 2


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
    mine = [(row, _movers(person, row.round)) for row in rows]
    mine.sort(key=lambda each: each[0].turn.isdisjoint(each[1]))
    work = []
    for at, (row, movers) in enumerate(mine[:ROUNDS_SHOWN]):
        opened = at < ROUNDS_OPENED and not row.turn.isdisjoint(movers)
        work.append(RoundWork(row, movers, _in_the_way(row.round, today) if opened else None))
    return work


def _movers(person: Person, round_: Round) -> Movers:
    """Of the plant, or in a seat: else a person who is no officer would not see it."""
    return frozenset({Mover.PLANT if person.answers_for(round_.plant) else Mover.BODY})


def _in_the_way(round_: Round, today: date) -> list[Condition]:
    standings = read_standings(round_, today=today)
    return [each.condition for each in standings if each.is_in_the_way]
