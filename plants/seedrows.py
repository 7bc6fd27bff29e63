"""Brings rows into line with a seed file, and remembers what that changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from django.db import models

Values = Mapping[str, object]
M = TypeVar("M", bound=models.Model)
Deed = Literal["created", "changed", "removed", "withdrew", "restored"]


@dataclass(frozen=True)
class Change:
    """What happened to one row; `before` and `after` hold only what differs."""

    deed: Deed
    thing: models.Model
    before: Values | None = None
    after: Values | None = None


@dataclass
class SeedReport:
    """The changes of a load in their order, and how many rows were right already."""

    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0

    def count(self, deed: Deed) -> int:
        return sum(change.deed == deed for change in self.changes)

    def add(self, other: "SeedReport") -> None:
        self.changes += other.changes
        self.unchanged += other.unchanged

    def sync(self, model: type[M], existing: M | None, key: Values, values: Values) -> M:
        """Create the row, or change the columns that differ, or leave it alone."""
        if existing is None:
            row = model(**key, **values)
            row.save(force_insert=True)
            self.changes.append(Change("created", row, None, _plain({**key, **values})))
            return row
        differing = [name for name in values if getattr(existing, name) != values[name]]
        if not differing:
            self.unchanged += 1
            return existing
        before = {name: getattr(existing, name) for name in differing}
        for name in differing:
            setattr(existing, name, values[name])
        existing.save(update_fields=differing)
        after = {name: values[name] for name in differing}
        self.changes.append(Change("changed", existing, before, after))
        return existing

    def remove(self, row: models.Model, before: Values) -> None:
        """Delete a row that the file no longer has; the change keeps what it said and its key."""
        pk = row.pk
        row.delete()
        row.pk = pk
        self.changes.append(Change("removed", row, before))


def _plain(values: Values) -> Values:
    """The values with rows named, as an audit trail can keep them."""
    return {
        name: str(value) if isinstance(value, models.Model) else value
        for name, value in values.items()
    }
