"""Apply an annex: write the chosen rows' dates, say so in each plant's history, re-date."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from plants.models import Plant
from tracker import audit
from tracker.annexes.arrange import AnnexRefused, lock_open, settle
from tracker.annexes.models import AnnexImport, ImportState
from tracker.annexes.preview import Preview, read_preview
from tracker.annexes.proposals import Change, Effect, Slot
from tracker.annexes.writing import (
    chosen_changes,
    keep_before,
    plants_changed,
    re_date,
    write_dates,
)
from tracker.evidence.quarantine import awaits_scan


class StaleRecord(Exception):
    """The dates on record moved since somebody looked; nothing was written."""


@dataclass(frozen=True)
class Outcome:
    """What was written: dates by effect, the plants they belong to, obligations that moved."""

    new: int
    moved: int
    checked: int
    plants: int
    re_dated: int

    @property
    def changed_anything(self) -> bool:
        return bool(self.new or self.moved or self.checked)


def apply_annex(
    *, annex: AnnexImport, seen: str, by: audit.Actor, at: datetime, today: date
) -> Outcome:
    """Write the dates of the chosen rows, all or none, and re-date what is still owed.

    ``seen`` is the preview's mark of the record that was looked at: ``StaleRecord`` if it moved.
    Rows with a problem are never written. ``AnnexRefused`` for an import that is settled, while its
    file is being scanned for viruses, and where no row is chosen that could be; ``FileRefused`` for
    a workbook that can't be read any more. Where every date is on record already nothing is
    written, and the import ends with that outcome.
    """
    person = by.person
    if person is None:
        raise AnnexRefused(_("Only a person can apply an annex."))
    with transaction.atomic():
        lock_open(annex)
        _refuse_unscanned(annex)
        # Two imports take turns at the plants, as scheduling does.
        hers = Plant.objects.visible_to(person).values("pk")
        turn = Plant.objects.select_for_update(no_key=True).filter(pk__in=hers).order_by("pk")
        list(turn.values_list("pk"))
        preview = read_preview(annex, person)
        if preview.seen != seen:
            raise StaleRecord
        changes = chosen_changes(preview)
        _refuse_nothing(preview, changes)
        write_dates(annex, changes)
        keep_before(annex, changes)
        plants = plants_changed(preview, changes)
        # Obligations are locked before the trail, as an upload locks them.
        report = re_date(plants, today=today, by=by, at=at) if plants else None
        _record_plants(annex, changes, plants, by=by, at=at)
        outcome = _outcome(changes, len(plants), report.re_dated if report else 0)
        annex.outcome = vars(outcome)
        settle(annex, ImportState.APPLIED, by=by, at=at)
        audit.record(by=by, at=at, verb=audit.Verb.LOADED, thing=annex, after=annex.outcome)
    return outcome


def _refuse_unscanned(annex: AnnexImport) -> None:
    """The file's scan as it stands now, not when the page was asked for."""
    annex.stored.refresh_from_db()
    if awaits_scan(annex.stored):
        raise AnnexRefused(
            _(
                "“%(name)s” is still being scanned for viruses, so it can't be applied yet. "
                "Try again in a minute; if it lasts, tell the administrator."
            )
            % {"name": annex.original_name}
        )


def _refuse_nothing(preview: Preview, changes: dict[Slot, Change]) -> None:
    """Nothing to write is an end only where dates are on record already."""
    if changes:
        return
    if any(proposal.can_be_chosen for proposal in preview.proposals):
        raise AnnexRefused(_("No row is ticked. Tick at least one, or cancel the import."))
    if not any(proposal.effect == Effect.SAME for proposal in preview.proposals):
        raise AnnexRefused(_("No row can be applied as it stands: settle its problems first."))


def _record_plants(
    annex: AnnexImport,
    changes: dict[Slot, Change],
    plants: list[Plant],
    *,
    by: audit.Actor,
    at: datetime,
) -> None:
    """One event for each plant: its days before and after, by part, and the cells as a note."""
    cells: dict[int, list[str]] = defaultdict(list)
    before: dict[int, dict[str, object]] = defaultdict(dict)
    after: dict[int, dict[str, object]] = defaultdict(dict)
    for (plant, part), change in changes.items():
        old = change.before
        before[plant][part.value] = old.completion_on if old else None
        after[plant][part.value] = change.day.day
        cells[plant].append(change.day.place)
    audit.record_all(
        by=by,
        at=at,
        deeds=[
            audit.Deed(
                verb=audit.Verb.LOADED,
                thing=annex,
                plant=plant,
                before=before[plant.pk],
                after=after[plant.pk],
                note=" · ".join(cells[plant.pk]),
            )
            for plant in plants
        ],
    )


def _outcome(changes: dict[Slot, Change], plants: int, re_dated: int) -> Outcome:
    effects = [change.effect for change in changes.values()]
    return Outcome(
        new=effects.count(Effect.NEW),
        moved=effects.count(Effect.MOVED),
        checked=effects.count(Effect.CHECKED),
        plants=plants,
        re_dated=re_dated,
    )
