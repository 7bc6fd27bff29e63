"""What a change would do to the obligations, as a page shows it: the counts and the first moves."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from plants.models import Person, Plant
from tracker.obligations.models import Obligation
from tracker.obligations.preview import Impact, Move

MOVES_SHOWN = 20


class ShownMove(NamedTuple):
    """A moved date under a name, with what else tells it from others of that name."""

    name: object
    which: str
    move: Move


def moves_by_plant(reader: Person, impact: Impact) -> dict[str, Any]:
    """Many plants' obligations, by the plants that the reader may see, each with what it is.

    The requirement is named where the change moves more than one.
    """
    plants = {move.plant_id for move in impact.moves}
    seen = Plant.objects.visible_to(reader).in_bulk(plants)
    first = [move for move in impact.moves if move.plant_id in seen][:MOVES_SHOWN]
    named = Obligation.objects.visible_to(reader).with_subject()
    obligations = named.in_bulk([move.obligation_id for move in first])
    several = len({each.requirement_id for each in obligations.values()}) > 1
    moves = [
        ShownMove(
            seen[move.plant_id].name, _which(obligations.get(move.obligation_id), several), move
        )
        for move in first
    ]
    return _shown(impact, _("Plant"), moves)


def moves_by_obligation(reader: Person, impact: Impact) -> dict[str, Any]:
    """One plant's obligations, the first that is due then first."""
    first = sorted(impact.moves, key=lambda move: (move.after, move.obligation_id))[:MOVES_SHOWN]
    obligations = Obligation.objects.visible_to(reader).with_subject()
    seen = obligations.in_bulk([move.obligation_id for move in first])
    moves = [ShownMove(seen[m.obligation_id], "", m) for m in first if m.obligation_id in seen]
    return _shown(impact, _("Obligation"), moves)


def _which(obligation: Obligation | None, several: bool) -> str:
    if obligation is None:
        return ""
    if several:
        return str(obligation)
    return " · ".join(filter(None, (str(obligation.subject_name), obligation.period)))


def _shown(impact: Impact, heading: str, moves: Sequence[ShownMove]) -> dict[str, Any]:
    return {
        "impact": impact,
        "heading": heading,
        "moves": moves,
        "more_moves": max(0, len(impact.moves) - MOVES_SHOWN),
    }
