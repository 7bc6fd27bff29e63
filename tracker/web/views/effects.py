"""What a correction would do, as its preview shows it: by kind of the thing that is corrected."""

from collections.abc import Mapping
from datetime import date

from plants.models import Person, Plant, StopWindow
from tracker.obligations.correct import preview_correction
from tracker.regulations.correctable import Correctable
from tracker.regulations.models import Target
from tracker.reporting.progress import outlooks, read_capacities
from tracker.reporting.stop_changes import read_stop_impact
from tracker.web.impact import MOVES_SHOWN, moves_by_plant


def show_effect(
    person: Person, correctable: Correctable, values: Mapping[str, object], today: date
) -> dict[str, object]:
    """The fragment that tells it, and what that needs. ``CorrectionRefused`` for what can't be."""
    impact = preview_correction(correctable, values, today=today)
    now, then = correctable.thing, correctable.changed(values).thing
    if isinstance(now, Target) and isinstance(then, Target):
        return {"effect": "corrections/_outlook.html", **_outlook(person, now, then, today)}
    if isinstance(then, StopWindow):
        return {"effect": "corrections/_stops.html", **_stops(person, then, today)}
    return {"effect": "_impact.html", **moves_by_plant(person, impact)}


def _outlook(person: Person, now: Target, then: Target, today: date) -> dict[str, object]:
    """The target against the capacity that the reader sees, as it is and as it would be."""
    capacities = read_capacities(person)
    [before], [after] = (outlooks(capacities, [target], today) for target in (now, then))
    measured = (now.share_percent, now.by_on) != (then.share_percent, then.by_on)
    return {"before": before, "after": after, "moves_target": measured}


def _stops(person: Person, then: StopWindow, today: date) -> dict[str, object]:
    """The counts over all lines, and the first answers that move at plants that she may see."""
    impact = read_stop_impact(then, today=today)
    seen = Plant.objects.visible_to(person).in_bulk({move.plant_id for move in impact.moves})
    moves = [move for move in impact.moves if move.plant_id in seen]
    return {
        "impact": impact,
        "moves": moves[:MOVES_SHOWN],
        "more_moves": max(0, len(impact.moves) - MOVES_SHOWN),
        "today": today,
    }
