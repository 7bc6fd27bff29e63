"""The planner's answers as they are drawn: each line's blocks among its stops."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from plants.kilns import Kiln
from tracker.reporting.plant_planner import Deadline, LinePlan
from tracker.web.figures.block import BlockStrip, Part, draw_block
from tracker.web.views.years import Stop, stops_of_line


@dataclass(frozen=True, slots=True)
class ShownDeadline:
    """An answer with its drawing, and the stops that the drawing shows as rows for a table.

    ``day_anchor`` is for the first line that has something due on the day, empty for the others.
    """

    deadline: Deadline
    strip: BlockStrip
    stops: list[Stop]
    anchor: str
    day_anchor: str


@dataclass(frozen=True, slots=True)
class ShownLine:
    kiln: Kiln
    deadlines: list[ShownDeadline]


def show_lines(plans: Iterable[LinePlan], today: date) -> list[ShownLine]:
    taken = set[str]()
    return [
        ShownLine(plan.kiln, [_show(plan.kiln, d, today, taken) for d in plan.deadlines])
        for plan in plans
    ]


def anchor_of(due_on: date, line: int | None) -> str:
    """Where the planner answers what is due on the day: for that line, or for the first one."""
    return f"due-{due_on}" if line is None else f"due-{due_on}-{line}"


def _show(kiln: Kiln, deadline: Deadline, today: date, taken: set[str]) -> ShownDeadline:
    answer = deadline.answer
    bars = _bars(deadline)
    first, last = min(today, answer.retrofit_from), max(today, answer.deadline)
    if answer.forced_by is not None:
        last = max(last, answer.forced_by.starts_on)
    stops = stops_of_line(kiln)
    near = [stop for stop in stops if stop.window.touches(first, last)]
    strip = draw_block(
        stops=[_part(stop) for stop in stops],
        bars=bars,
        today=today,
        due_on=answer.deadline,
    )
    day = anchor_of(answer.deadline, None)
    is_first = day not in taken
    taken.add(day)
    anchor = anchor_of(answer.deadline, kiln.line.pk)
    return ShownDeadline(deadline, strip, near, anchor, day if is_first else "")


def _bars(deadline: Deadline) -> list[Part]:
    answer, block = deadline.answer, deadline.answer.block
    spans = [
        (answer.retrofit_from, answer.retrofit_to, "works", _("retrofit")),
        (block.starts_on, block.steady_to, "steady", _("steady running")),
        (block.monitoring_from, block.ends_on, "monitoring", _("monitoring days")),
    ]
    return [
        Part(first, last, tone, f"{word}: {first} – {last}") for first, last, tone, word in spans
    ]


def _part(stop: Stop) -> Part:
    window = stop.window
    label = f"{window.starts_on} – {window.ends_on}: {window.source}"
    return Part(window.starts_on, window.ends_on, stop.tone, label)
