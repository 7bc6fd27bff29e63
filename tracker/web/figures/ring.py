"""The three-part ring of a plant: one arc for each part, filled as far as the part has come."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, pi, sin

from tracker.reporting.progress import PartProgress

CENTRE = 60.0
RADIUS = 50.0
GAP = 0.07


@dataclass(frozen=True, slots=True)
class Arc:
    """``path`` is a third of the circle; ``dash`` fills it in hundredths of its length."""

    part: str
    path: str
    dash: str
    percent: int
    asked: int
    settled: int
    is_complete: bool


def draw_ring(parts: Iterable[PartProgress]) -> list[Arc]:
    """Clockwise from the top, with small gaps between the parts."""
    progress = list(parts)
    third = 2 * pi / len(progress)
    return [
        _arc(part, index * third + GAP, (index + 1) * third - GAP)
        for index, part in enumerate(progress)
    ]


def _arc(part: PartProgress, start: float, end: float) -> Arc:
    percent = 100 * part.settled // part.asked if part.asked else 0
    return Arc(
        part=part.part,
        path=f"M{_point(start)}A{RADIUS:g} {RADIUS:g} 0 0 1 {_point(end)}",
        dash=f"{percent} 200",
        percent=percent,
        asked=part.asked,
        settled=part.settled,
        is_complete=part.is_complete,
    )


def _point(angle: float) -> str:
    return f"{CENTRE + RADIUS * sin(angle):.2f} {CENTRE - RADIUS * cos(angle):.2f}"
