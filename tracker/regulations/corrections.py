"""What of the rules was put right in the app: the columns, and their values as plain JSON."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import cast

from django.db import models

from plants.calendar_seeds import CorrectedWindow
from plants.models import StopWindow
from tracker.regulations.models import Correction, Document, Limit, Requirement, Target

Thing = Requirement | Target | Document | StopWindow
Row = Thing | Limit
Key = tuple[type[models.Model], int]
"""The kind and id of a row."""

LIMIT = "limit:"
THINGS: Mapping[str, type[Thing]] = {
    "requirement": Requirement,
    "target": Target,
    "document": Document,
    "stop_window": StopWindow,
}
"""What a correction can be about, by its column there."""

ALWAYS = ("verification", "note_zh", "note_en")
COLUMNS: Mapping[type[models.Model], tuple[str, ...]] = {
    Requirement: (
        "clause",
        "text_zh",
        "text_en",
        "due",
        "review_levels",
        "effective_from",
        "effective_to",
        *ALWAYS,
    ),
    Limit: ("value", "verification"),
    Target: ("clause", "share_percent", "by_on", *ALWAYS),
    Document: (
        "number",
        "title_zh",
        "title_en",
        "title_is_name",
        "issuers",
        "issued_on",
        "effective_on",
        *ALWAYS,
    ),
    StopWindow: ("clause", "starts_on", "ends_on", *ALWAYS),
}
"""What of each can be corrected."""

WINDOW_DAYS = frozenset({"starts_on", "ends_on"})


def path_to(row: Row, column: str) -> str:
    """Where a corrected value stands: ``clause``, ``limit:12.value``."""
    return f"{LIMIT}{row.pk}.{column}" if isinstance(row, Limit) else column


def split_path(path: str) -> tuple[int | None, str]:
    """The limit's id (None for the requirement itself) and the column."""
    if not path.startswith(LIMIT):
        return None, path
    pk, column = path.removeprefix(LIMIT).split(".", 1)
    return int(pk), column


def plain(value: object) -> object:
    """A column's value as JSON keeps it: dates and decimals as text."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value


def value_of(row: Row, column: str, kept: object) -> object:
    """A kept value as the column's own type."""
    field = cast("models.Field[object, object]", row._meta.get_field(column))
    return field.to_python(kept)


@dataclass
class Corrected:
    """What stands corrected: ``owners`` are the first correction of each column, by its row.

    ``filed`` gathers what the files say of those columns.
    """

    owners: dict[Key, dict[str, Correction]]
    filed: dict[int, dict[str, object]] = field(default_factory=lambda: defaultdict(dict))

    def left_to_file(self, values: dict[str, object], row: Row | None) -> dict[str, object]:
        """What the file may set: what was put right stays until that is undone in the app."""
        if row is None:
            return values
        owners = self.owners.get((type(row), row.pk), {})
        for column in owners.keys() & values.keys():
            self.filed[owners[column].pk][path_to(row, column)] = plain(values[column])
        return {name: value for name, value in values.items() if name not in owners}

    def keep_filed(self) -> None:
        """Write down what the files say now, for whoever takes a correction back."""
        for owners in self.owners.values():
            for correction in owners.values():
                filed = {**correction.filed, **self.filed.get(correction.pk, {})}
                if filed != correction.filed:
                    correction.filed = filed
                    correction.save(update_fields=["filed"])


def read_corrected() -> Corrected:
    """Every column that a standing correction has set, with the first that did."""
    owners: dict[Key, dict[str, Correction]] = defaultdict(dict)
    for correction in Correction.objects.standing().order_by("pk"):
        ids = {model: getattr(correction, f"{name}_id") for name, model in THINGS.items()}
        [thing] = [(model, pk) for model, pk in ids.items() if pk]
        for path in correction.after:
            limit_id, column = split_path(path)
            owners[thing if limit_id is None else (Limit, limit_id)].setdefault(column, correction)
    return Corrected(owners)


def corrected_windows() -> dict[int, CorrectedWindow]:
    """What standing corrections have set of the stop windows, for the calendar's loader.

    Of two days one is not left to the file: it might end before the other.
    """
    columns: dict[int, set[str]] = defaultdict(set)
    filed_from: dict[int, date] = {}
    standing = Correction.objects.standing().filter(stop_window__isnull=False).order_by("pk")
    for pk, before in standing.values_list("stop_window_id", "before"):
        columns[pk] |= before.keys()
        if "starts_on" in before:
            filed_from.setdefault(pk, date.fromisoformat(before["starts_on"]))
        if WINDOW_DAYS & before.keys():
            columns[pk] |= WINDOW_DAYS
    return {pk: CorrectedWindow(frozenset(columns[pk]), filed_from.get(pk)) for pk in columns}
