"""One thing that can be confirmed or corrected in the app, as somebody read it."""

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from plants.models import StopWindow
from tracker.regulations.corrections import COLUMNS, THINGS, Row, Thing, path_to, plain, split_path
from tracker.regulations.models import Correction, Document, Limit, Requirement, Target


@dataclass(frozen=True)
class Correctable:
    """A requirement with its limits, a target, a document or a stop window.

    ``kind`` is its column in a correction. ``document`` is whose issuers set it; None where a
    window names one that is not here.
    """

    kind: str
    thing: Thing
    document: Document | None
    limits: tuple[Limit, ...] = ()

    @property
    def key(self) -> str:
        """What an address names it by."""
        return str(self.thing.pk) if isinstance(self.thing, StopWindow) else self.thing.code

    @property
    def tree(self) -> str:
        """Whose authority issued it; empty for a national one, and for both trees' together."""
        return self.document.tree if self.document else ""

    @property
    def rows(self) -> dict[int | None, Row]:
        """Its own row under None, its limits under their ids."""
        return {None: self.thing, **{limit.pk: limit for limit in self.limits}}

    @property
    def values(self) -> dict[str, object]:
        """Everything of it that can be corrected, by path, as plain JSON."""
        return {
            path_to(row, name): plain(getattr(row, name))
            for row in self.rows.values()
            for name in COLUMNS[type(row)]
        }

    def changed(self, values: Mapping[str, object]) -> "Correctable":
        """The same as it would read with these values, by path; nothing is saved."""
        limits = [copy(limit) for limit in self.limits]
        changed = replace(self, thing=copy(self.thing), limits=tuple(limits))
        rows = changed.rows
        for path, value in values.items():
            limit_id, column = split_path(path)
            setattr(rows[limit_id], column, value)
        return changed

    @property
    def corrections(self) -> QuerySet[Correction]:
        """What was put right of it, the newest first."""
        made = Correction.objects.filter(**{self.kind: self.thing.pk})
        return made.order_by("-made_at", "-pk")

    def lock(self) -> dict[int | None, Row]:
        """Its rows as they are now; nobody changes them until the transaction ends."""
        # Not the key: obligations that point at a requirement may come in meanwhile.
        things = THINGS[self.kind]._default_manager.select_for_update(no_key=True)
        thing: Thing = things.get(pk=self.thing.pk)
        limits = Limit.objects.select_for_update().filter(
            pk__in=[limit.pk for limit in self.limits]
        )
        return {None: thing, **{limit.pk: limit for limit in limits.order_by("pk")}}


def read_correctable(kind: str, key: str) -> Correctable | None:
    """The thing that an address names; None where there is none, or it was withdrawn."""
    found = READERS[kind](pk=key) if kind == "stop_window" else READERS[kind](code=key)
    if found is None or getattr(found.thing, "withdrawn_on", None) is not None:
        return None
    return found


def corrected_thing(correction: Correction) -> Correctable | None:
    """What a correction is about, as it stands now; None for a window that left the calendar."""
    ids = ((kind, getattr(correction, f"{kind}_id")) for kind in THINGS)
    return next((READERS[kind](pk=pk) for kind, pk in ids if pk is not None), None)


def _read_requirement(**named: object) -> Correctable | None:
    found = Requirement.objects.select_related("document").filter(**named).first()
    if found is None:
        return None
    limits = tuple(found.limits.order_by("position", "pk"))
    return Correctable("requirement", found, found.document, limits)


def _read_target(**named: object) -> Correctable | None:
    found = Target.objects.select_related("document", "zone").filter(**named).first()
    return Correctable("target", found, found.document) if found else None


def _read_document(**named: object) -> Correctable | None:
    found = Document.objects.filter(**named).first()
    return Correctable("document", found, found) if found else None


def _read_window(**named: object) -> Correctable | None:
    found = StopWindow.objects.select_related("place").filter(**named).first()
    if found is None:
        return None
    document = Document.objects.filter(code=found.document_code).first()
    return Correctable("stop_window", found, document)


READERS: Mapping[str, Callable[..., Correctable | None]] = {
    "requirement": _read_requirement,
    "target": _read_target,
    "document": _read_document,
    "stop_window": _read_window,
}
