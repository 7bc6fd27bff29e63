"""The planner's answer as a strip of months: the stops, under them the works and the block."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from plants.plausible import LATEST

WIDTH = 1000
HEIGHT = 80
BAND_Y, BAND_HEIGHT = 18, 24
BAR_Y, BAR_HEIGHT = 48, 14
MARGIN_DAYS = 20
MOST_MONTHS_NAMED = 12
NAME_WIDTH = 44


@dataclass(frozen=True, slots=True)
class Part:
    """Days to be drawn, from the start of the first to the end of the last."""

    first: date
    last: date
    tone: str
    label: str


@dataclass(frozen=True, slots=True)
class Rect:
    x: float
    y: float
    width: float
    height: float
    tone: str
    label: str


@dataclass(frozen=True, slots=True)
class BlockStrip:
    """Everything in the SVG's own units. ``months`` are x and name of the months that are named."""

    months: list[tuple[float, str]]
    stops: list[Rect]
    bars: list[Rect]
    today_x: float
    due_x: float
    width: int = WIDTH
    height: int = HEIGHT
    band: int = BAND_Y + BAND_HEIGHT


def draw_block(
    *, stops: Iterable[Part], bars: Iterable[Part], today: date, due_on: date
) -> BlockStrip:
    """From the month of the first bar or today to a little after the due date."""
    wanted = [bar for bar in bars if bar.first <= bar.last]
    first = min([today, due_on, *(bar.first for bar in wanted)]).replace(day=1)
    last = _month_after(min(max(due_on, today), LATEST) + timedelta(days=MARGIN_DAYS))
    scale = _Scale(first, (last - first).days)
    return BlockStrip(
        months=_months(scale, first, last),
        stops=[
            scale.rect(part, BAND_Y, BAND_HEIGHT)
            for part in stops
            if part.last >= first and part.first < last
        ],
        bars=[scale.rect(part, BAR_Y, BAR_HEIGHT) for part in wanted],
        today_x=scale.x(today),
        due_x=scale.x(_day_after(due_on)),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    days: int

    def x(self, day: date) -> float:
        along = (day - self.first).days / self.days * WIDTH
        return round(min(max(along, 0.0), float(WIDTH)), 1)

    def rect(self, part: Part, y: float, height: float) -> Rect:
        left, right = self.x(part.first), self.x(_day_after(part.last))
        width = round(max(right - left, 2.0), 1)
        return Rect(left, y, width, height, part.tone, part.label)


def _months(scale: _Scale, first: date, last: date) -> list[tuple[float, str]]:
    """Every month, or every third, sixth or twelfth where there are many."""
    count = (last.year - first.year) * 12 + last.month - first.month
    step = next(s for s in (1, 3, 6, 12, count) if count / s <= MOST_MONTHS_NAMED or s == count)
    named = []
    day = first
    while day < last:
        if (day.month - 1) % min(step, 12) == 0:
            named.append((scale.x(day), f"{day.year}-{day.month:02}"))
        day = _month_after(day)
    return [(x, name) for x, name in named if x <= WIDTH - NAME_WIDTH]


def _day_after(day: date) -> date:
    """The calendar's last day has none."""
    return min(day, LATEST) + timedelta(days=1)


def _month_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
