"""Bring a ledger's rows in: all or nothing, one event; a correction keeps what was there before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from plants.models import Person, Plant
from tracker import audit
from tracker.rounds.models.transport import SOURCE_LENGTH, LedgerRow, TransportMonth
from tracker.rounds.transport.parse import Key, LedgerLine

ROWS_AT_ONCE = 500
FILE_NAME_LENGTH = 300


class LedgerRefused(Exception):
    """The rows can't be taken; the sentence says why, in the reader's language."""


@dataclass(frozen=True)
class LoadReport:
    """How many rows are new, how many replace another, and how many were there just so."""

    added: int
    replaced: int
    unchanged: int


def why_not_load(person: Person | None, plant: Plant) -> str | None:
    """Why this person can't enter the plant's ledger; None if she can."""
    if person is None or not person.answers_for(plant):
        return _("Only the plant's manager or its group's manager can enter its transport.")
    return None


def load_months(
    *,
    plant: Plant,
    lines: Sequence[LedgerLine],
    file_name: str = "",
    by: audit.Actor,
    at: datetime,
    today: date,
) -> LoadReport:
    """Enter a ledger's rows; ``LedgerRefused`` leaves everything as it was.

    A row that stands with other tonnes is replaced and kept, one with the same is left alone, one
    that the ledger does not name stays. The same ledger again writes nothing.
    """
    person = entering(by, plant)
    refusal = _why_not_lines(lines, today)
    if refusal is not None:
        raise LedgerRefused(refusal)
    with transaction.atomic():
        take_turn(plant)
        there = _standing(plant, lines)
        changed = [each for each in lines if _differs(there.get(each.key), each)]
        replaced = [there[each.key] for each in changed if each.key in there]
        report = LoadReport(len(changed) - len(replaced), len(replaced), len(lines) - len(changed))
        if not changed:
            return report
        end_rows(replaced, at)
        TransportMonth.objects.bulk_create(
            [_row(plant, each, there.get(each.key), file_name, person, at) for each in changed],
            batch_size=ROWS_AT_ONCE,
        )
        months = sorted({each.haul.month for each in changed})
        audit.record(
            by=by,
            at=at,
            verb=audit.Verb.LOADED,
            thing=plant,
            plant=plant,
            after={
                "transport_months": [f"{month:%Y-%m}" for month in months],
                "file": file_name,
                **vars(report),
            },
        )
    return report


def entering(by: audit.Actor, plant: Plant) -> Person:
    """Who enters it; ``LedgerRefused`` where she may not."""
    refusal = why_not_load(by.person, plant)
    if by.person is None or refusal is not None:
        raise LedgerRefused(refusal or "")
    return by.person


def take_turn(plant: Plant) -> None:
    """Let who enters something of the plant pass one at a time."""
    Plant.objects.select_for_update(no_key=True).get(pk=plant.pk)


def _why_not_lines(lines: Sequence[LedgerLine], today: date) -> str | None:
    if not lines:
        return _("There are no rows.")
    if len({line.key for line in lines}) < len(lines):
        return _("A row is there twice: keep one of them.")
    late = next((line for line in lines if line.haul.month > today), None)
    if late is not None:
        return _("%(place)s: the month has not begun yet.") % {"place": late.place}
    odd = next((line for line in lines if line.haul.month.day != 1), None)
    return _("A month is given by its first day.") if odd is not None else None


def _standing(plant: Plant, lines: Iterable[LedgerLine]) -> dict[Key, TransportMonth]:
    months = {line.haul.month for line in lines}
    rows = TransportMonth.objects.standing().filter(plant=plant, month__in=months)
    return {(r.month, r.direction, r.goods, r.mode, r.road_class): r for r in rows}


def _differs(there: TransportMonth | None, line: LedgerLine) -> bool:
    return there is None or there.tonnes != line.haul.tonnes


def end_rows(rows: Iterable[LedgerRow], at: datetime) -> None:
    """Mark what a correction replaces, before the new row takes its place under the unique key."""
    by_model: dict[type[LedgerRow], list[int]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(row.pk)
    for model, ids in by_model.items():
        for start in range(0, len(ids), ROWS_AT_ONCE):
            chunk = model._default_manager.filter(pk__in=ids[start : start + ROWS_AT_ONCE])
            chunk.update(replaced_at=at)


def _row(
    plant: Plant,
    line: LedgerLine,
    replaces: TransportMonth | None,
    file_name: str,
    person: Person,
    at: datetime,
) -> TransportMonth:
    haul = line.haul
    source = f"{file_name[:FILE_NAME_LENGTH]} · {line.place}" if file_name else line.place
    return TransportMonth(
        plant=plant,
        month=haul.month,
        direction=haul.direction,
        goods=haul.goods,
        mode=haul.mode,
        road_class=haul.road_class or "",
        tonnes=haul.tonnes,
        source=source[:SOURCE_LENGTH],
        entered_by=person,
        entered_at=at,
        replaces=replaces,
    )
