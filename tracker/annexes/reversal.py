"""What taking an import back does to each date that it wrote.

Pure: what every import wrote, and what is on record, come in already read.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracker.annexes.models import Left
from tracker.annexes.proposals import OnRecord, Slot
from tracker.regulations.models import AnnexPart


@dataclass(frozen=True)
class Written:
    """A date as an import wrote it; ``stands``: that import has not been taken back."""

    pk: int
    annex_id: int
    slot: Slot
    after: OnRecord
    before: OnRecord | None
    stands: bool


@dataclass(frozen=True)
class Step:
    """One date of the import: what stands there after it (None: nothing), or why it is left."""

    written: Written
    after: OnRecord | None
    left: Left | None = None

    @property
    def plant_id(self) -> int:
        return self.written.slot[0]

    @property
    def part(self) -> AnnexPart:
        return self.written.slot[1]


def plan_reversal(
    annex_id: int, history: Iterable[Written], on_record: Mapping[Slot, OnRecord]
) -> list[Step]:
    """Each date that the import wrote. ``history`` is of all imports, the oldest first."""
    by_slot: dict[Slot, list[Written]] = defaultdict(list)
    for written in history:
        by_slot[written.slot].append(written)
    return [
        _step(written, written_there[:at], written_there[at + 1 :], on_record.get(slot))
        for slot, written_there in by_slot.items()
        for at, written in enumerate(written_there)
        if written.annex_id == annex_id
    ]


def _step(
    written: Written, earlier: Sequence[Written], later: Sequence[Written], now: OnRecord | None
) -> Step:
    if any(each.stands for each in later):
        return Step(written, now, Left.LATER_IMPORT)
    if now != written.after:
        return Step(written, now, Left.CHANGED)
    return Step(written, _stood_before(written, earlier))


def _stood_before(written: Written, earlier: Sequence[Written]) -> OnRecord | None:
    """What stood before, without what was left of imports that have been taken back since."""
    before = written.before
    for each in reversed(earlier):
        if each.stands:
            break
        if each.after == before:
            before = each.before
    return before


def fingerprint_of(steps: Iterable[Step]) -> str:
    """Tells whether taking back is still what somebody saw when she chose it."""
    facts = sorted((step.written.pk, repr(step.after), str(step.left or "")) for step in steps)
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]
