"""An import's sheets and rows, made ready for the page: only what is shown is worked out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plants.models import Plant
from tracker.annexes.cells import shown
from tracker.annexes.columns import Layout, heading_texts
from tracker.annexes.models import AnnexImport
from tracker.annexes.places import letters_of
from tracker.annexes.preview import Preview
from tracker.annexes.proposals import Change, Proposal
from tracker.annexes.rows import Day, Problem
from tracker.annexes.sheets import Sheet

EXAMPLES = 2
EXAMPLE_LENGTH = 24
# The page's filters: what a row comes to, in the order of the tabs.
FILTERS: dict[str, str | Promise] = {
    "all": gettext_lazy("all rows"),
    "problem": gettext_lazy("with a problem"),
    "change": gettext_lazy("would change something"),
    "same": gettext_lazy("as on record"),
}


@dataclass(frozen=True)
class ColumnView:
    number: int
    letters: str
    heading: str
    examples: str
    kind: str


@dataclass(frozen=True)
class SheetView:
    """A sheet with its heading's rows as people count them, and its columns."""

    number: int
    name: str
    first: int | None
    last: int | None
    is_table: bool
    columns: list[ColumnView]
    without_day: str


@dataclass(frozen=True)
class DayView:
    """One part's day; ``text`` is what stands in the cell where that says it otherwise."""

    part: str
    day: date
    text: str
    place: str
    effect: str
    before: date | None
    shows_month: bool


@dataclass(frozen=True)
class RowView:
    key: str
    proposal: Proposal
    plant: Plant | None
    options: list[tuple[int, str]]
    days: list[DayView]
    problems: list[Problem]


def sheet_views(preview: Preview) -> list[SheetView]:
    return [_sheet(number, sheet, preview) for number, sheet in enumerate(preview.workbook.sheets)]


def row_views(preview: Preview, proposals: Iterable[Proposal], annex: AnnexImport) -> list[RowView]:
    """The rows of one page; near misses are looked for here, for these rows only."""
    return [_row(preview, proposal, annex.chosen) for proposal in proposals]


def filtered(preview: Preview, chosen: str) -> list[Proposal]:
    """The rows under one of the page's filters."""
    if chosen == "change":
        return [each for each in preview.proposals if each.can_be_chosen]
    if chosen in ("problem", "same"):
        return [each for each in preview.proposals if each.effect == chosen]
    return preview.proposals


def _sheet(number: int, sheet: Sheet, preview: Preview) -> SheetView:
    layout = preview.layouts.get(sheet.name, Layout())
    missing = preview.without_day.get(sheet.name, [])
    return SheetView(
        number=number,
        name=sheet.name,
        first=None if layout.first is None else layout.first + 1,
        last=None if layout.last is None else layout.last + 1,
        is_table=layout.is_table,
        columns=_columns(sheet, layout),
        without_day=_(", ").join(map(str, missing[:20])) + ("…" if len(missing) > 20 else ""),
    )


def _columns(sheet: Sheet, layout: Layout) -> list[ColumnView]:
    """Each column that has a heading, with the first values under it."""
    if layout.first is None or layout.last is None:
        return []
    texts = heading_texts(sheet, layout.first, layout.last)
    below = sheet.rows[layout.last + 1 : layout.last + 21]
    return [
        ColumnView(
            number=column,
            letters=letters_of(column),
            heading=text,
            examples=_examples([row[column] for row in below if row[column] != ""]),
            kind=layout.kinds.get(column, ""),
        )
        for column, text in enumerate(texts)
        if text or column in layout.kinds
    ]


def _examples(values: list[object]) -> str:
    texts = dict.fromkeys(shown(value)[:EXAMPLE_LENGTH] for value in values)  # type: ignore[arg-type]
    return _(", ").join(list(texts)[:EXAMPLES])


def _row(preview: Preview, proposal: Proposal, chosen: dict[str, int]) -> RowView:
    key = proposal.row.key
    options: list[tuple[int, str]] = []
    if proposal.plant_id is None or key in chosen:
        pks = dict.fromkeys([*preview.near(proposal), *filter(None, [proposal.plant_id])])
        options = [(pk, _plant_name(preview.plants_by_pk[pk])) for pk in pks]
    changes = {change.day: change for change in proposal.changes}
    return RowView(
        key=key,
        proposal=proposal,
        plant=preview.plants_by_pk.get(proposal.plant_id or 0),
        options=options,
        days=[_day(day, changes.get(day)) for day in proposal.row.days],
        problems=proposal.problems,
    )


def _plant_name(plant: Plant) -> str:
    return f"{plant.name} · {plant.place.name} · {plant.credit_code}"


def _day(day: Day, change: Change | None) -> DayView:
    before = change.before if change else None
    return DayView(
        part=str(day.part.label),
        day=day.day,
        text="" if day.text == day.day.isoformat() else day.text,
        place=day.place,
        effect=change.effect.value if change else "",
        before=before.completion_on if before and before.completion_on != day.day else None,
        shows_month=day.shows_month,
    )
