"""What of a rule was put right in the app: the columns, and their values as plain JSON."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import cast

from django.db import models

from tracker.regulations.models import Correction, Limit, Requirement

Row = Requirement | Limit
Corrected = Mapping[tuple[type[models.Model], int], frozenset[str]]
"""The columns that stand corrected, by the kind and id of their row."""

LIMIT = "limit:"
REQUIREMENT_COLUMNS = (
    "clause",
    "text_zh",
    "text_en",
    "due",
    "effective_from",
    "effective_to",
    "verification",
    "note_zh",
    "note_en",
)
LIMIT_COLUMNS = ("value", "verification")


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


def corrected_columns() -> Corrected:
    """Every column that a standing correction has set."""
    found: dict[tuple[type[models.Model], int], set[str]] = defaultdict(set)
    for requirement_id, after in Correction.objects.standing().values_list(
        "requirement_id", "after"
    ):
        for path in after:
            limit_id, column = split_path(path)
            row = (Requirement, requirement_id) if limit_id is None else (Limit, limit_id)
            found[row].add(column)
    return {row: frozenset(columns) for row, columns in found.items()}
