"""What the strip of a plant's years shows, with its table twin."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plants.kilns import Kiln, KilnCalendar
from plants.models import Project
from plants.text import Text
from plants.windows import Cause, Window
from tracker.reporting.rows import ObligationRow
from tracker.web.figures.strip import Span, Strip, Tick, draw_strip
from tracker.web.looks import STATES, state_key, worst


@dataclass(frozen=True, slots=True)
class Years:
    """The drawing, and the same as rows for a table."""

    strip: Strip
    stops: list["Stop"]
    days: list["Day"]
    projects: list[Project]


@dataclass(frozen=True, slots=True)
class Day:
    """A due date with how many obligations fall on it; ``tone`` is the worst of them."""

    on: date
    count: int
    tone: str
    word: str
    address: str


@dataclass(frozen=True, slots=True)
class Stop:
    """A window of a line, or (``runs``) days on which its kiln may run although its place stops.

    ``lane`` counts the plant's lines from 0; a plant without lines has its place's windows.
    """

    line: Text
    lane: int
    window: Window
    runs: bool = False

    @property
    def tone(self) -> str:
        if self.runs:
            return "run"
        look = "stop" if self.window.cause == Cause.PLAN else "stop besides"
        return f"{look} projected" if self.window.is_projected else look


def stops_of(kilns: KilnCalendar) -> list[Stop]:
    """Every window as the strip and its table show it: line by line, oldest first."""
    if not kilns.kilns:
        return [Stop(Text("", ""), 0, window) for window in kilns.plan]
    return [stop for lane, kiln in enumerate(kilns.kilns) for stop in stops_of_line(kiln, lane)]


def stops_of_line(kiln: Kiln, lane: int = 0) -> list[Stop]:
    """What one line does, oldest first."""
    stops = [Stop(kiln.line.name, lane, window) for window in kiln.windows]
    runs = [Stop(kiln.line.name, lane, window, runs=True) for window in kiln.runs]
    return sorted(stops + runs, key=lambda stop: stop.window.starts_on)


def draw_years(
    rows: Iterable[ObligationRow],
    projects: list[Project],
    kilns: KilnCalendar,
    today: date,
) -> Years:
    """Lay out the plant's years from what was read."""
    days, stops = _days(rows, today), stops_of(kilns)
    lines = [str(kiln.line.name) for kiln in kilns.kilns]
    strip = draw_strip(
        stops=[_span(stop, named=len(lines) > 1) for stop in stops],
        ticks=[_tick(day) for day in days],
        bars=[_bar(project) for project in projects],
        today=today,
        lines=lines,
    )
    return Years(strip, stops, days, projects)


def _days(rows: Iterable[ObligationRow], today: date) -> list[Day]:
    by_day: dict[date, list[ObligationRow]] = {}
    for row in rows:
        by_day.setdefault(row.due_on, []).append(row)
    return [_day(on, by_day[on], today) for on in sorted(by_day)]


def _day(on: date, due: list[ObligationRow], today: date) -> Day:
    keys = {state_key(row.state, row.due_on, today): row for row in due}
    tone = worst({STATES[key].tone for key in keys})
    key, row = next((k, r) for k, r in keys.items() if STATES[k].tone == tone)
    return Day(on, len(due), tone, str(STATES[key].word), _address(row, len(due)))


def _address(row: ObligationRow, count: int) -> str:
    """The obligation itself, or the list of those that are due on the day."""
    if count == 1:
        return reverse("obligation", args=[row.pk])
    return f"{reverse('obligations')}?plant={row.plant_id}&due={row.due_on}"


def _tick(day: Day) -> Tick:
    count = ngettext("%d obligation", "%d obligations", day.count) % day.count
    return Tick(day.on, day.count, day.tone, f"{day.on}: {count}, {day.word}", day.address)


def _span(stop: Stop, *, named: bool) -> Span:
    window = stop.window
    told = {"first": window.starts_on, "last": window.ends_on, "source": window.source}
    label = (
        _("Kiln may run %(first)s to %(last)s (%(source)s)")
        if stop.runs
        else _("Kiln stops %(first)s to %(last)s (%(source)s)")
    ) % told
    if named:
        label = f"{stop.line} · {label}"
    return Span(window.starts_on, window.ends_on, label, stop.tone, stop.lane)


def _bar(project: Project) -> Span:
    first = project.started_on or project.planned_start_on
    last = project.finished_on or project.planned_finish_on
    label = f"{project.title} · {project.progress_percent} %"
    tone = "projdone" if project.finished_on else "proj"
    return Span(first, max(first, last), label, tone)
