"""What taking an applied import back would do, read before it is done."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from plants.models import Person, Plant
from tracker.annexes.models import AnnexImport, ImportState, WrittenDate
from tracker.annexes.preview import read_record
from tracker.annexes.proposals import OnRecord
from tracker.annexes.reversal import Step, Written, fingerprint_of, plan_reversal
from tracker.annexes.rights import documents_for, trees_of
from tracker.annexes.writing import put_dates
from tracker.obligations.preview import Impact, what_if
from tracker.regulations.models import AnnexDate, AnnexPart

ROWS_AT_ONCE = 500
_AFTER = ("annex__document_id", "completion_on", "annex__verification", "source")
_BEFORE = ("before_document_id", "before_completion_on", "before_verification", "before_source")


@dataclass(frozen=True)
class Outcome:
    """Dates that became what stood before, that were taken out, that were left; what followed."""

    restored: int
    removed: int
    left: int
    plants: int
    re_dated: int


@dataclass(frozen=True)
class TakingBack:
    """What becomes of each date; ``seen`` tells whether anything of it moved meanwhile."""

    steps: list[Step]
    plants_by_pk: dict[int, Plant]

    @property
    def seen(self) -> str:
        return fingerprint_of(self.steps)

    @property
    def undone(self) -> list[Step]:
        return [step for step in self.steps if step.left is None]

    @property
    def left(self) -> list[Step]:
        return [step for step in self.steps if step.left is not None]

    @property
    def plants(self) -> list[Plant]:
        """The plants of which a date is undone."""
        return [self.plants_by_pk[pk] for pk in sorted({step.plant_id for step in self.undone})]

    def outcome(self, re_dated: int = 0) -> Outcome:
        removed = sum(step.after is None for step in self.undone)
        return Outcome(
            restored=len(self.undone) - removed,
            removed=removed,
            left=len(self.left),
            plants=len(self.plants),
            re_dated=re_dated,
        )


def why_not_take_back(person: Person, annex: AnnexImport) -> str | None:
    """Why this person can't take the import back now; None if she can."""
    if annex.document not in documents_for(person):
        return _("Only the office at the top of the plan's authority loads its annex.")
    if annex.state == ImportState.TAKEN_BACK:
        return _("It was taken back already.")
    if annex.state != ImportState.APPLIED:
        return _("It has written no date: there is nothing to take back.")
    written = set(annex.written_dates.values_list("plant", flat=True))
    if not written:
        return _("Nothing is kept of what stood before it: there is nothing to take back.")
    hers = Plant.objects.visible_to(person).filter(authority__tree__in=trees_of(person))
    if not written <= set(hers.values_list("pk", flat=True)):
        return _("It dates plants of another authority, too: you can't take it back alone.")
    return None


def read_taking_back(annex: AnnexImport) -> TakingBack:
    """Work out what would become of each date that the import wrote."""
    ids = annex.written_dates.values("plant")
    plants = Plant.objects.filter(pk__in=ids).in_bulk()
    history = WrittenDate.objects.filter(plant__in=ids).order_by("pk")
    rows = history.values_list(
        "pk", "annex_id", "annex__state", "plant_id", "part", *_AFTER, *_BEFORE
    )
    steps = plan_reversal(annex.pk, map(_written, rows), read_record(plants.values()))
    return TakingBack(steps, plants)


def _written(row: tuple[Any, ...]) -> Written:
    pk, annex, state, plant, part = row[:5]
    after, before = OnRecord(*row[5:9]), row[9:]
    return Written(
        pk,
        annex,
        (plant, AnnexPart(part)),
        after,
        None if before[0] is None else OnRecord(*before),
        stands=state == ImportState.APPLIED,
    )


def preview_taking_back(taking_back: TakingBack, *, today: date) -> Impact:
    """What it would do to the obligations; nothing of it stays."""
    return what_if(lambda: put_back(taking_back.undone), taking_back.plants, today=today)


def put_back(steps: list[Step]) -> None:
    """Each date becomes what stood before; where nothing did, its row goes."""
    plants = {step.plant_id for step in steps}
    # Locked in the order in which an import writes them, so that the two never wait for each other.
    rows = AnnexDate.objects.select_for_update().filter(plant__in=plants)
    there = {
        (plant, part): pk
        for plant, part, pk in rows.order_by("plant", "part").values_list("plant", "part", "pk")
    }
    put_dates(
        AnnexDate(
            plant_id=step.plant_id,
            part=step.part,
            document_id=step.after.document_id,
            completion_on=step.after.completion_on,
            verification=step.after.verification,
            source=step.after.source,
        )
        for step in steps
        if step.after is not None
    )
    gone = [there[step.written.slot] for step in steps if step.after is None]
    for start in range(0, len(gone), ROWS_AT_ONCE):
        AnnexDate.objects.filter(pk__in=gone[start : start + ROWS_AT_ONCE]).delete()
