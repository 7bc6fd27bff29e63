"""Take an annex in, say what its columns hold, choose its rows, or let it go."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tracker import audit
from tracker.annexes.columns import Layout, guess_layout, label_of
from tracker.annexes.models import AnnexImport, ImportState, layout_to
from tracker.annexes.preview import read_keys
from tracker.annexes.rights import documents_for
from tracker.annexes.sheets import read_stored
from tracker.evidence.models import StoredFile
from tracker.regulations.models import Document


class AnnexRefused(Exception):
    """It can't be done; the sentence says why, in the reader's language."""


def receive_annex(
    *,
    document: Document,
    stored: StoredFile,
    original_name: str,
    verification: str,
    by: audit.Actor,
    at: datetime,
) -> AnnexImport:
    """Take a stored workbook as a document's annex and guess what its columns hold.

    ``FileRefused`` for a workbook that can't be read, ``AnnexRefused`` for who may not load it.
    Nothing but the import itself is written.
    """
    person = by.person
    if person is None or document not in documents_for(person):
        raise AnnexRefused(_("Only the office at the top of the plan's authority loads its annex."))
    workbook = read_stored(stored, original_name)
    layouts = [layout_to(sheet.name, guess_layout(sheet)) for sheet in workbook.sheets]
    with transaction.atomic():
        annex = AnnexImport.objects.create(
            document=document,
            stored=stored,
            original_name=original_name,
            verification=verification,
            layouts=layouts,
            uploaded_by=person,
            uploaded_at=at,
        )
        audit.record(
            by=by, at=at, verb=audit.Verb.UPLOADED, thing=annex, after={"sha256": stored.sha256}
        )
    return annex


def arrange_columns(
    *, annex: AnnexImport, layouts: Mapping[str, Layout], by: audit.Actor, at: datetime
) -> None:
    """Say where each sheet's heading stands and what its columns hold.

    ``AnnexRefused`` where two columns of a sheet hold the same; a sheet whose columns name no plant
    or no date is left out.
    """
    for sheet, layout in layouts.items():
        kinds = list(layout.kinds.values())
        twice = next((kind for kind in kinds if kinds.count(kind) > 1), None)
        if twice is not None:
            raise AnnexRefused(
                _("Sheet “%(sheet)s”: two columns are taken for “%(kind)s”.")
                % {"sheet": sheet, "kind": label_of(twice)}
            )
    written = [layout_to(sheet, layout) for sheet, layout in layouts.items()]
    with _changing(annex, by=by, at=at, field="layouts"):
        annex.layouts = written


def choose_rows(
    *,
    annex: AnnexImport,
    shown: Iterable[str],
    taken: Iterable[str],
    plants: Mapping[str, int | None],
    by: audit.Actor,
    at: datetime,
) -> None:
    """Of the rows ``shown`` only those ``taken`` shall be applied; others stay as they were.

    ``plants`` says which plant a row means, by the row's key; None takes a choice back. Keys of no
    row of the file are passed over. ``FileRefused`` for a workbook that can't be read any more.
    """
    given = set(shown)
    known = read_keys(annex) if given or plants else frozenset()
    given &= known
    with _changing(annex, by=by, at=at, field="left_out", beside="chosen"):
        left_out = (set(annex.left_out) - given) | (given - set(taken))
        annex.left_out = sorted(left_out)
        chosen = annex.chosen | {key: plant for key, plant in plants.items() if key in known}
        annex.chosen = {key: plant for key, plant in chosen.items() if plant is not None}


def choose_all(
    *, annex: AnnexImport, left_out: Iterable[str], by: audit.Actor, at: datetime
) -> None:
    """Say of all rows at once which shall not be applied."""
    with _changing(annex, by=by, at=at, field="left_out"):
        annex.left_out = sorted(left_out)


def cancel_annex(*, annex: AnnexImport, by: audit.Actor, at: datetime) -> None:
    """Let an import go; the file and who brought it stay on record."""
    with transaction.atomic():
        lock_open(annex)
        settle(annex, ImportState.CANCELLED, by=by, at=at)
        audit.record(by=by, at=at, verb=audit.Verb.WITHDREW, thing=annex)


def lock_open(annex: AnnexImport) -> None:
    """Lock the import and read it anew; ``AnnexRefused`` if it is settled already."""
    locked = AnnexImport.objects.select_for_update().get(pk=annex.pk)
    annex.state, annex.layouts = locked.state, locked.layouts
    annex.chosen, annex.left_out, annex.outcome = locked.chosen, locked.left_out, locked.outcome
    if annex.state == ImportState.APPLIED:
        raise AnnexRefused(_("This import has been applied already; nothing was changed again."))
    if annex.state == ImportState.CANCELLED:
        raise AnnexRefused(_("This import was cancelled; upload the file anew."))
    if annex.state == ImportState.TAKEN_BACK:
        raise AnnexRefused(_("This import was taken back; upload the file anew."))


def settle(annex: AnnexImport, state: ImportState, *, by: audit.Actor, at: datetime) -> None:
    """Bring the locked import to its end."""
    annex.state, annex.settled_by, annex.settled_at = state, by.person, at
    annex.save(update_fields=["state", "settled_by", "settled_at", "outcome"])


@contextmanager
def _changing(
    annex: AnnexImport, *, by: audit.Actor, at: datetime, field: str, beside: str | None = None
) -> Iterator[None]:
    """Lock, let change, write and audit what differs; nothing if nothing does."""
    fields = [field, *([beside] if beside else [])]
    with transaction.atomic():
        lock_open(annex)
        before = {name: getattr(annex, name) for name in fields}
        yield
        after = {name: getattr(annex, name) for name in fields}
        if after != before:
            annex.save(update_fields=fields)
            verb = audit.Verb.CHANGED
            audit.record(by=by, at=at, verb=verb, thing=annex, before=before, after=after)
