"""What a change would do to the obligations, as a page shows it: the counts and the first moves."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from plants.models import Person, Plant
from tracker.obligations.models import Obligation
from tracker.obligations.preview import Impact, Move

MOVES_SHOWN = 20


def moves_by_plant(reader: Person, impact: Impact) -> dict[str, Any]:
    """One rule's obligations, by the plants that the reader may see."""
    plants = {move.plant_id for move in impact.moves}
    seen = Plant.objects.visible_to(reader).in_bulk(plants)
    moves = [(seen[move.plant_id].name, move) for move in impact.moves if move.plant_id in seen]
    return _shown(impact, _("Plant"), moves)


def moves_by_obligation(reader: Person, impact: Impact) -> dict[str, Any]:
    """One plant's obligations, the first that is due then first."""
    first = sorted(impact.moves, key=lambda move: (move.after, move.obligation_id))[:MOVES_SHOWN]
    obligations = Obligation.objects.visible_to(reader).with_subject()
    seen = obligations.in_bulk([move.obligation_id for move in first])
    moves = [(seen[m.obligation_id], m) for m in first if m.obligation_id in seen]
    return _shown(impact, _("Obligation"), moves)


def _shown(impact: Impact, heading: str, moves: Sequence[tuple[object, Move]]) -> dict[str, Any]:
    return {
        "impact": impact,
        "heading": heading,
        "moves": moves[:MOVES_SHOWN],
        "more_moves": max(0, len(impact.moves) - MOVES_SHOWN),
    }
