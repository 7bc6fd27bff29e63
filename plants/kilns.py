"""Reads when kilns stand still: rows into the windows of places, and of each line."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Q

from plants.models import Agreement, Line, Place, RunStatus, StopWindow, Swap, SwapKind
from plants.models.calendar import StopWindowQuerySet, effective_windows
from plants.models.site import LineQuerySet, PlantQuerySet
from plants.text import Text
from plants.windows import Cause, Window, line_windows, season_text, with_projected

# Farther than any window reaches that shares a day with what is asked for.
AROUND = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Kiln:
    """One line: when its kiln stands still, and when it may run although its place stops."""

    line: Line
    windows: list[Window]
    runs: list[Window]


@dataclass(frozen=True, slots=True)
class KilnCalendar:
    """A plant's kilns with the rows behind them. ``plan`` are the place's windows."""

    plan: list[Window]
    kilns: list[Kiln]
    swaps: list[Swap]
    agreements: list[Agreement]
    note: Text | None  # what the last issued plan says besides, such as whether drying counts


@dataclass(frozen=True, slots=True)
class PlaceKilns:
    """A place where plants stand, with its windows, and the lines there that approvals touch.

    ``line_count`` is that of all lines there but the closed ones; 0 where no approval touches any.
    """

    place: Place
    plan: list[Window]
    kilns: list[Kiln]
    line_count: int


@dataclass(slots=True)
class _Approved:
    """What approvals add to a line's stops, and when they let it run."""

    stops: list[Window] = field(default_factory=list)
    runs: list[Window] = field(default_factory=list)


def read_kilns(
    place: Place, lines: Sequence[Line], *, until: date, instead: StopWindow | None = None
) -> KilnCalendar:
    """The lines, which stand in this place, with issued and, up to ``until``, projected windows.

    ``instead`` is one of the windows as it would read otherwise, and need not be saved.
    """
    rows = _counting(place, _read_rows(StopWindow.objects.for_places([place]), instead))
    plan = with_projected([_of_plan(row) for row in rows], until=until)
    swaps, agreements = _read_approvals(lines)
    approved = _by_line(swaps, agreements)
    kilns = [_kiln(line, plan, approved) for line in lines]
    note = rows[-1].note if rows and rows[-1].note_zh else None
    return KilnCalendar(plan, kilns, swaps, agreements, note)


def read_place_kilns(plants: PlantQuerySet, *, first: date, last: date) -> list[PlaceKilns]:
    """The places where the plants stand, in at most six queries for any number of plants.

    Only lines that an approval touches from first to last are worked out, with all approvals that
    they have; all others stop as their place does. Windows reach a year beyond both ends, so that
    each that shares a day with the span is whole.
    """
    places = list(Place.objects.filter(pk__in=plants.order_by().values("place")).order_by("pk"))
    plans = _read_plans(places, first=first, last=last)
    lines = list(_touched(plants, first, last))
    approved = _by_line(*_read_approvals(lines))
    kilns: dict[int, list[Kiln]] = defaultdict(list)
    for line in lines:
        place_id = line.plant.place_id
        kilns[place_id].append(_kiln(line, plans[place_id], approved))
    counts = _count_lines(plants, kilns)
    return [
        PlaceKilns(place, plans[place.pk], kilns.get(place.pk, []), counts.get(place.pk, 0))
        for place in places
    ]


def _count_lines(plants: PlantQuerySet, places: Collection[int]) -> dict[int, int]:
    """How many lines stand in each of the places, without the closed ones."""
    there = Line.objects.filter(plant__in=plants.order_by(), plant__place__in=places)
    counted = (
        there.exclude(status=RunStatus.CLOSED)
        .values_list("plant__place")
        .annotate(number=Count("*"))
    )
    return dict(counted.order_by())


def _read_plans(places: Sequence[Place], *, first: date, last: date) -> dict[int, list[Window]]:
    """Each place's windows; those that have none of their own share their parent's."""
    since, until = first - AROUND, last + AROUND
    rows = _read_rows(StopWindow.objects.for_places(places))
    worked_out: dict[int, list[Window]] = {}
    found = {}
    for place in places:
        whose = place.parent_id if place.parent_id and place.pk not in rows else place.pk
        if whose not in worked_out:
            plan = [_of_plan(row) for row in _counting(place, rows)]
            projected = with_projected(plan, until=until, since=since)
            worked_out[whose] = [window for window in projected if window.touches(since, until)]
        found[place.pk] = worked_out[whose]
    return found


def _read_rows(
    windows: StopWindowQuerySet, instead: StopWindow | None = None
) -> dict[int, list[StopWindow]]:
    """By place; ``instead`` takes the place of the row with its id."""
    rows: dict[int, list[StopWindow]] = {}
    for row in windows.select_related("place"):
        read = instead if instead and instead.pk == row.pk else row
        rows.setdefault(row.place_id, []).append(read)
    return rows


def _counting(place: Place, rows: dict[int, list[StopWindow]]) -> list[StopWindow]:
    return effective_windows(place, [row for pk in place.lineage for row in rows.get(pk, [])])


def _touched(plants: PlantQuerySet, first: date, last: date) -> LineQuerySet:
    """The plants' lines, but the closed ones, that an approval concerns on a day of the span."""
    swaps = Swap.objects.touching(first, last)
    agreements = Agreement.objects.touching(first, last)
    return (
        Line.objects.filter(plant__in=plants.order_by())
        .exclude(status=RunStatus.CLOSED)
        .filter(
            Q(pk__in=swaps.values("line"))
            | Q(pk__in=agreements.values("line"))
            | Q(pk__in=agreements.values("partner"))
        )
        .select_related("plant")
        .order_by("plant__name_zh", "plant_id", "number")
    )


def _read_approvals(lines: Sequence[Line]) -> tuple[list[Swap], list[Agreement]]:
    swaps = Swap.objects.filter(line__in=lines).select_related("line")
    agreements = Agreement.objects.of_lines(lines).select_related("line__plant", "partner__plant")
    return list(swaps.order_by("starts_on", "pk")), list(agreements.order_by("starts_on", "pk"))


def _by_line(swaps: Iterable[Swap], agreements: Iterable[Agreement]) -> dict[int, _Approved]:
    """By the line's number in the database; what ended before it began is left out."""
    found: dict[int, _Approved] = defaultdict(_Approved)
    for swap in swaps:
        mine = found[swap.line_id]
        (mine.runs if swap.kind == SwapKind.RUN else mine.stops).append(_of_swap(swap))
    for agreement in agreements:
        run = _of_agreement(agreement, agreement.starts_on, agreement.ends_on)
        found[agreement.line_id].runs.append(run)
        first, last = agreement.partner_starts_on, agreement.partner_ends_on
        if agreement.partner_id and first and last:
            found[agreement.partner_id].stops.append(_of_agreement(agreement, first, last))
    return {
        line: _Approved(_that_held(approved.stops), _that_held(approved.runs))
        for line, approved in found.items()
    }


def _that_held(windows: Iterable[Window]) -> list[Window]:
    return [window for window in windows if window.starts_on <= window.ends_on]


def _kiln(line: Line, plan: list[Window], approved: dict[int, _Approved]) -> Kiln:
    mine = approved.get(line.pk) or _Approved()
    return Kiln(line, line_windows(plan, mine.stops, mine.runs), mine.runs)


def _of_plan(row: StopWindow) -> Window:
    named = season_text(row.season)
    return Window(
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        cause=Cause.PLAN,
        source=Text(f"{named.zh}错峰生产方案", f"peak-shifting plan of {named.en}"),
        season=row.season,
        verification=row.verification,
        place=row.place.name,
    )


def _of_swap(swap: Swap) -> Window:
    return Window(
        starts_on=swap.starts_on,
        ends_on=swap.holds_until,
        cause=Cause.SWAP,
        source=Text(f"错峰调整：{swap.document}", f"swap: {swap.document}"),
        verification=swap.verification,
    )


def _of_agreement(agreement: Agreement, first: date, last: date) -> Window:
    document = agreement.document
    return Window(
        starts_on=first,
        ends_on=agreement.last_of(last),
        cause=Cause.AGREEMENT,
        source=Text(f"错峰置换协议：{document}", f"replacement agreement: {document}"),
        season=agreement.season,
        verification=agreement.verification,
    )
