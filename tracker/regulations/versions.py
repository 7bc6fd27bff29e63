"""Versions of a document as they were loaded, and what differs between two of them."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from plants.text import Text
from tracker.regulations.models import Document, DocumentVersion
from tracker.regulations.shape import RegulationShape

Entry = Mapping[str, Any]
"""A requirement as it stood in a version: the shape of its file, as plain JSON."""


@dataclass(frozen=True)
class FieldChange:
    """One field of a requirement that reads otherwise, old and new as plain JSON."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class RequirementChange:
    """A requirement that both versions have, and what of it differs."""

    code: str
    title: Text
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True)
class Comparison:
    """What is new, what reads otherwise, and what is gone, in the order of the files."""

    added: tuple[Entry, ...]
    changed: tuple[RequirementChange, ...]
    withdrawn: tuple[Entry, ...]
    head: tuple[FieldChange, ...]

    @property
    def is_nothing(self) -> bool:
        return not (self.added or self.changed or self.withdrawn or self.head)

    @property
    def summary(self) -> str:
        """For a terminal: 2 added, 1 changed, 0 withdrawn."""
        added, changed, gone = len(self.added), len(self.changed), len(self.withdrawn)
        return f"{added} added, {changed} changed, {gone} withdrawn"


def content_of(shape: RegulationShape) -> dict[str, Any]:
    """What a version keeps: the whole file in its shape, dates and numbers as text."""
    content: dict[str, Any] = shape.model_dump(mode="json")
    for entry in content["requirements"]:
        # Versions that were kept before a file could say so have no such key.
        if entry["review_levels"] == 1:
            del entry["review_levels"]
    return content


def keep_version(
    document: Document, shape: RegulationShape, at: datetime
) -> DocumentVersion | None:
    """Keep what was loaded as a new version, where it differs from the newest; else None."""
    content = content_of(shape)
    digest = _digest(content)
    newest = document.versions.order_by("-number").first()
    if newest is not None and newest.digest == digest:
        return None
    number = newest.number + 1 if newest else 1
    return DocumentVersion.objects.create(
        document=document, number=number, digest=digest, content=content, loaded_at=at
    )


def compare_versions(old: Mapping[str, Any], new: Mapping[str, Any]) -> Comparison:
    """Requirement by requirement what differs between two contents. Pure."""
    before, after = _by_code(old), _by_code(new)
    changed = [
        RequirementChange(code, Text(entry["title"]["zh"], entry["title"]["en"]), fields)
        for code, entry in after.items()
        if code in before and (fields := _differing(before[code], entry))
    ]
    return Comparison(
        added=tuple(entry for code, entry in after.items() if code not in before),
        changed=tuple(changed),
        withdrawn=tuple(entry for code, entry in before.items() if code not in after),
        head=_differing(old["document"], new["document"]),
    )


def against_newest(regulations: Iterable[RegulationShape]) -> list[tuple[str, Comparison]]:
    """What loading these files would change of what was loaded last; unchanged ones left out."""
    given = {shape.document.code: shape for shape in regulations}
    newest: dict[str, Mapping[str, Any]] = {}
    versions = DocumentVersion.objects.filter(document__code__in=given).order_by("number")
    for code, content in versions.values_list("document__code", "content"):
        newest[code] = content
    compared = [
        (code, compare_versions(newest[code], content_of(shape)))
        for code, shape in given.items()
        if code in newest
    ]
    return [(code, comparison) for code, comparison in compared if not comparison.is_nothing]


def _by_code(content: Mapping[str, Any]) -> dict[str, Entry]:
    entries: Sequence[Entry] = content["requirements"]
    return {entry["code"]: entry for entry in entries}


def _differing(before: Entry, after: Entry) -> tuple[FieldChange, ...]:
    names = list(dict.fromkeys([*before, *after]))
    return tuple(
        FieldChange(name, before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    )


def _digest(content: Mapping[str, Any]) -> str:
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()
