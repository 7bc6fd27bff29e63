"""Take an applied import back: each date that is still its own becomes what stood there before."""

from collections import defaultdict
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from plants.bulk import update_many
from tracker import audit
from tracker.annexes.apply import StaleRecord
from tracker.annexes.arrange import AnnexRefused
from tracker.annexes.models import AnnexImport, ImportState, WrittenDate
from tracker.annexes.taking_back import (
    Outcome,
    TakingBack,
    put_back,
    read_taking_back,
    why_not_take_back,
)
from tracker.annexes.writing import re_date
from tracker.obligations.schedule import take_turn


def take_back_annex(
    *,
    annex: AnnexImport,
    reason: str,
    seen: str,
    by: audit.Actor,
    at: datetime,
    today: date,
) -> Outcome:
    """Put back what stood before, all or nothing, and re-date what is still owed.

    What a later import or change came over is left, and the import keeps why. ``seen`` is the mark
    of what was looked at: ``StaleRecord`` if it moved. ``AnnexRefused`` without a reason, for who
    may not, and where every date would be left.
    """
    reason = reason.strip()
    if not reason:
        raise AnnexRefused(_("Say why the import is taken back."))
    with transaction.atomic():
        _lock(annex, by)
        taking_back = read_taking_back(annex)
        if taking_back.seen != seen:
            raise StaleRecord
        if not taking_back.undone:
            raise AnnexRefused(_("Each of its dates was changed since: none can be taken back."))
        put_back(taking_back.undone)
        _keep_left(taking_back)
        # Obligations are locked before the trail, as an upload locks them.
        report = re_date(taking_back.plants, today=today, by=by, at=at)
        _record_plants(annex, taking_back, reason, by=by, at=at)
        outcome = taking_back.outcome(report.re_dated)
        _settle(annex, outcome, reason, by=by, at=at)
    return outcome


def _lock(annex: AnnexImport, by: audit.Actor) -> None:
    """Lock the import, then its plants; ``AnnexRefused`` if it can't be taken back any more."""
    locked = AnnexImport.objects.select_for_update().get(pk=annex.pk)
    annex.state, annex.outcome = locked.state, locked.outcome
    if by.person is None:
        raise AnnexRefused(_("Only a person can take an import back."))
    refusal = why_not_take_back(by.person, annex)
    if refusal is not None:
        raise AnnexRefused(refusal)
    take_turn(sorted(set(annex.written_dates.values_list("plant", flat=True))))


def _keep_left(taking_back: TakingBack) -> None:
    left = [WrittenDate(pk=step.written.pk, left=step.left or "") for step in taking_back.left]
    update_many(left, ["left"])


def _record_plants(
    annex: AnnexImport, taking_back: TakingBack, reason: str, *, by: audit.Actor, at: datetime
) -> None:
    """One event for each plant: its days before and after, by part, with the reason."""
    before: dict[int, dict[str, object]] = defaultdict(dict)
    after: dict[int, dict[str, object]] = defaultdict(dict)
    for step in taking_back.undone:
        before[step.plant_id][step.part.value] = step.written.after.completion_on
        after[step.plant_id][step.part.value] = step.after.completion_on if step.after else None
    audit.record_all(
        by=by,
        at=at,
        deeds=[
            audit.Deed(
                verb=audit.Verb.WITHDREW,
                thing=annex,
                plant=plant,
                before=before[plant.pk],
                after=after[plant.pk],
                note=reason,
            )
            for plant in taking_back.plants
        ],
    )


def _settle(
    annex: AnnexImport, outcome: Outcome, reason: str, *, by: audit.Actor, at: datetime
) -> None:
    annex.state = ImportState.TAKEN_BACK
    annex.taken_back_by, annex.taken_back_at, annex.taken_back_reason = by.person, at, reason
    annex.outcome = {**annex.outcome, "taken_back": vars(outcome)}
    annex.save(
        update_fields=["state", "taken_back_by", "taken_back_at", "taken_back_reason", "outcome"]
    )
    verb = audit.Verb.WITHDREW
    audit.record(by=by, at=at, verb=verb, thing=annex, after=vars(outcome), note=reason)
