"""Reads when the kilns of a plant stand still: rows into each line's windows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from plants.models import Agreement, Line, Place, StopWindow, Swap, SwapKind
from plants.models.calendar import effective_windows
from plants.text import Text
from plants.windows import Cause, Window, line_windows, season_text, with_projected


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


def read_kilns(
    place: Place, lines: Sequence[Line], *, until: date, instead: StopWindow | None = None
) -> KilnCalendar:
    """The lines, which stand in this place, with issued and, up to ``until``, projected windows.

    ``instead`` is one of the windows as it would read otherwise, and need not be saved.
    """
    windows = StopWindow.objects.for_place(place)
    read = [instead if instead and window.pk == instead.pk else window for window in windows]
    rows = effective_windows(place, read)
    swaps = list(
        Swap.objects.filter(line__in=lines).select_related("line").order_by("starts_on", "pk")
    )
    agreements = list(
        Agreement.objects.of_lines(list(lines))
        .select_related("line__plant", "partner__plant")
        .order_by("starts_on", "pk")
    )
    plan = with_projected([_of_plan(row) for row in rows], until=until)
    kilns = [_kiln(line, plan, swaps, agreements) for line in lines]
    note = rows[-1].note if rows and rows[-1].note_zh else None
    return KilnCalendar(plan, kilns, swaps, agreements, note)


def _kiln(
    line: Line, plan: list[Window], swaps: Iterable[Swap], agreements: Iterable[Agreement]
) -> Kiln:
    mine = [swap for swap in swaps if swap.line_id == line.pk]
    runs = [_of_swap(swap) for swap in mine if swap.kind == SwapKind.RUN]
    stops = [_of_swap(swap) for swap in mine if swap.kind == SwapKind.STOP]
    for agreement in agreements:
        if agreement.line_id == line.pk:
            runs.append(_of_agreement(agreement, agreement.starts_on, agreement.ends_on))
        if agreement.partner_id != line.pk:
            continue
        if agreement.partner_starts_on and agreement.partner_ends_on:
            first, last = agreement.partner_starts_on, agreement.partner_ends_on
            stops.append(_of_agreement(agreement, first, last))
    runs, stops = ([w for w in found if w.starts_on <= w.ends_on] for found in (runs, stops))
    return Kiln(line, line_windows(plan, stops, runs), runs)


def _of_plan(row: StopWindow) -> Window:
    named = season_text(row.season)
    return Window(
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        cause=Cause.PLAN,
        source=Text(f"{named.zh}错峰生产方案", f"peak-shifting plan of {named.en}"),
        season=row.season,
        verification=row.verification,
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
