"""The dates that an annex changes, written; and what of the obligations would follow them."""

from collections.abc import Iterable
from datetime import date, datetime

from plants.bulk import insert_many, put_many
from plants.models import Plant
from tracker import audit
from tracker.annexes.models import AnnexImport, WrittenDate
from tracker.annexes.preview import Preview
from tracker.annexes.proposals import Change, Effect, Slot
from tracker.obligations.preview import Impact, what_if
from tracker.obligations.schedule import ScheduleReport, schedule_obligations
from tracker.regulations.models import AnnexDate

FILE_NAME_LENGTH = 300
PLANTS_AT_ONCE = 500


def chosen_changes(preview: Preview) -> dict[Slot, Change]:
    """What the chosen rows change, once for each plant and part."""
    return {
        (proposal.plant_id, change.day.part): change
        for proposal in preview.proposals
        if proposal.is_chosen and proposal.plant_id is not None
        for change in proposal.changes
        if change.effect != Effect.SAME
    }


def plants_changed(preview: Preview, changes: dict[Slot, Change]) -> list[Plant]:
    return [preview.plants_by_pk[pk] for pk in sorted({pk for pk, _part in changes})]


def preview_impact(annex: AnnexImport, preview: Preview, *, today: date) -> Impact:
    """What applying the chosen rows would do to the obligations; nothing of it stays."""
    changes = chosen_changes(preview)
    plants = plants_changed(preview, changes)
    return what_if(lambda: write_dates(annex, changes), plants, today=today)


def write_dates(annex: AnnexImport, changes: dict[Slot, Change]) -> None:
    """New rows, or the new day in the plant's one row for the part."""
    put_dates(
        AnnexDate(
            document=annex.document,
            plant_id=plant,
            part=part,
            completion_on=change.day.day,
            verification=annex.verification,
            source=source_of(annex, change),
        )
        for (plant, part), change in changes.items()
    )


def put_dates(dates: Iterable[AnnexDate]) -> None:
    """Each plant's one row for a part becomes this one."""
    # In one order: two previews that write the same rows never wait for each other.
    rows = sorted(dates, key=lambda each: (each.plant_id, each.part))
    put_many(rows, ["plant", "part"])


def keep_before(annex: AnnexImport, changes: dict[Slot, Change]) -> None:
    """Keep with the import what it wrote and what stood there before."""
    insert_many([_written(annex, slot, change) for slot, change in changes.items()])


def _written(annex: AnnexImport, slot: Slot, change: Change) -> WrittenDate:
    plant, part = slot
    written = WrittenDate(
        annex=annex,
        plant_id=plant,
        part=part,
        completion_on=change.day.day,
        source=source_of(annex, change),
    )
    before = change.before
    if before is not None:
        written.before_document_id = before.document_id
        written.before_completion_on = before.completion_on
        written.before_verification = before.verification
        written.before_source = before.source
    return written


def source_of(annex: AnnexImport, change: Change) -> str:
    """Where the day was read: file, sheet and cell."""
    return f"{annex.original_name[:FILE_NAME_LENGTH]} · {change.day.place}"


def re_date(plants: list[Plant], *, today: date, by: audit.Actor, at: datetime) -> ScheduleReport:
    """Bring the obligations in line with the dates, at plants whose turn is held already."""
    return schedule_obligations(
        today=today, by=by, at=at, plants=plants, plants_at_once=PLANTS_AT_ONCE
    )
