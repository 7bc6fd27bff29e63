"""The dates that an annex changes, written; and what of the obligations would follow them."""

from datetime import date

from plants.models import Plant
from tracker.annexes.models import AnnexImport
from tracker.annexes.preview import Preview
from tracker.annexes.proposals import Change, Effect, Slot
from tracker.obligations.preview import Impact, what_if
from tracker.regulations.models import AnnexDate

FILE_NAME_LENGTH = 300
AT_ONCE = 500


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
    rows = [
        AnnexDate(
            document=annex.document,
            plant_id=plant,
            part=part,
            completion_on=change.day.day,
            verification=annex.verification,
            source=source_of(annex, change),
        )
        # In one order: two previews that write the same rows never wait for each other.
        for (plant, part), change in sorted(changes.items(), key=lambda item: item[0])
    ]
    AnnexDate.objects.bulk_create(
        rows,
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["plant", "part"],
        update_fields=["document", "completion_on", "verification", "source"],
    )


def source_of(annex: AnnexImport, change: Change) -> str:
    """Where the day was read: file, sheet and cell."""
    return f"{annex.original_name[:FILE_NAME_LENGTH]} · {change.day.place}"
