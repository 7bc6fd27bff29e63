"""A plant's years as a strip: each line's stops shaded, due dates as ticks, projects as bars."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from plants.plausible import LATEST

WIDTH = 1000
LANE = 20
AXIS = 64
TOP = 18
FIRST_YEAR = 2024
LAST_YEAR = 2028
LAST_DAY = date(LAST_YEAR, 12, 31)


@dataclass(frozen=True, slots=True)
class Mark:
    """Something with a width, or at one day; ``label`` names it for pointer and keyboard."""

    x: float
    width: float
    y: float
    height: float
    tone: str
    label: str
    address: str = ""

    @property
    def anchor(self) -> str:
        """A bar's label stands to its right, or to its left where there is no room."""
        return "end" if self.x + self.width > WIDTH * 0.6 else "start"

    @property
    def label_x(self) -> float:
        return self.x - 5 if self.anchor == "end" else self.x + self.width + 5

    @property
    def label_y(self) -> float:
        return self.y + self.height - 2.5


@dataclass(frozen=True, slots=True)
class Strip:
    """Everything in the SVG's own units; ``height`` grows with the projects.

    ``lanes`` are the names of the lines, each with its y, where there are several.
    """

    years: list[tuple[float, int]]
    lanes: list[tuple[float, str]]
    stops: list[Mark]
    ticks: list[Mark]
    bars: list[Mark]
    today_x: float | None
    height: int
    width: int = WIDTH
    axis: int = AXIS
    top: int = TOP


@dataclass(frozen=True)
class Scale:
    """Days to units: the first year's first day is 0, the last year's last day ends at WIDTH."""

    first_year: int = FIRST_YEAR
    last_year: int = LAST_YEAR
    first: date = field(init=False)
    days: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "first", date(self.first_year, 1, 1))
        object.__setattr__(self, "days", (date(self.last_year + 1, 1, 1) - self.first).days)

    def x(self, day: date) -> float:
        """Where the day begins, kept within the strip."""
        along = (day - self.first).days / self.days * WIDTH
        return round(min(max(along, 0.0), float(WIDTH)), 1)

    def shows(self, day: date) -> bool:
        return self.first_year <= day.year <= self.last_year


@dataclass(frozen=True, slots=True)
class Span:
    """From the start of the first day to the end of the last; ``lane`` counts the lines from 0."""

    first: date
    last: date
    label: str
    tone: str = ""
    lane: int = 0


@dataclass(frozen=True, slots=True)
class Tick:
    on: date
    count: int
    tone: str
    label: str
    address: str


def draw_strip(
    *,
    stops: Iterable[Span],
    ticks: Iterable[Tick],
    bars: Iterable[Span],
    today: date,
    lines: Sequence[str] = (),
) -> Strip:
    """Lay the spans and ticks out; what lies wholly outside the years is left out.

    The lines share the height between them.
    """
    scale = Scale()
    lanes = [span for span in bars if _touches(scale, span)]
    share = (AXIS - TOP) / max(len(lines), 1)
    return Strip(
        years=[
            (scale.x(date(year, 1, 1)), year)
            for year in range(scale.first_year, scale.last_year + 1)
        ],
        lanes=[(TOP + n * share + 11, name) for n, name in enumerate(lines) if len(lines) > 1],
        stops=[
            _span(scale, span, TOP + span.lane * share + 0.5, share - 1)
            for span in stops
            if _touches(scale, span)
        ],
        ticks=[_tick(scale, tick) for tick in ticks if scale.shows(tick.on)],
        bars=[_span(scale, span, AXIS + 8 + lane * LANE, 13) for lane, span in enumerate(lanes)],
        today_x=scale.x(today) if scale.shows(today) else None,
        height=AXIS + 18 + LANE * len(lanes),
    )


def _touches(scale: Scale, span: Span) -> bool:
    return span.last.year >= scale.first_year and span.first.year <= scale.last_year


def _span(scale: Scale, span: Span, y: float, height: float) -> Mark:
    left = scale.x(span.first)
    # The calendar's last day has none after it.
    right = scale.x(min(span.last, LATEST) + timedelta(days=1))
    return Mark(left, round(max(right - left, 1.0), 1), y, height, span.tone, span.label)


def _tick(scale: Scale, tick: Tick) -> Mark:
    """Higher where more is due on the day, up to the strip's top."""
    height = min(10 + 4 * tick.count, AXIS - TOP - 4)
    x = scale.x(tick.on)
    return Mark(x, 0, AXIS - height, height, tick.tone, tick.label, tick.address)
