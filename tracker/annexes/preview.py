"""An import as it stands: its file read by its columns, against what is on record now."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from plants.models import Permit, Person, Plant
from tracker.annexes.columns import Layout
from tracker.annexes.matching import KnownPlant, Plants
from tracker.annexes.models import AnnexImport
from tracker.annexes.proposals import (
    Effect,
    OnRecord,
    Proposal,
    Slot,
    Standing,
    fingerprint,
    propose,
)
from tracker.annexes.rights import plants_in_reach
from tracker.annexes.rows import Problem, read_rows
from tracker.annexes.sheets import Workbook, read_stored
from tracker.regulations.models import AnnexDate, AnnexPart


@dataclass(frozen=True)
class Preview:
    """The rows with what they would change; ``seen`` tells whether the record moved meanwhile."""

    workbook: Workbook
    layouts: dict[str, Layout]
    proposals: list[Proposal]
    plants: Plants
    plants_by_pk: dict[int, Plant]
    without_day: dict[str, list[int]]
    seen: str

    def counts(self) -> dict[str, int]:
        """The rows by what they come to, and how many of them would be applied."""
        by_effect = Counter(proposal.effect for proposal in self.proposals)
        return {
            "rows": len(self.proposals),
            "chosen": sum(proposal.is_chosen for proposal in self.proposals),
            "problem": by_effect["problem"],
            **{effect.value: by_effect[effect.value] for effect in Effect},
        }

    def problems(self) -> list[Problem]:
        """Every problem in the order of the file, each once."""
        found = (problem for proposal in self.proposals for problem in proposal.problems)
        return list(dict.fromkeys(found))

    def near(self, proposal: Proposal) -> tuple[int, ...]:
        """The plants to choose from for a row that is not sure; worked out where it is shown."""
        return proposal.to_choose or self.plants.near(proposal.row.name)


def read_preview(annex: AnnexImport, person: Person) -> Preview:
    """Read the file and work out what it would change, for this person's plants only.

    ``FileRefused`` for a workbook that can't be read, or not any more.
    """
    workbook = read_stored(annex.stored, annex.original_name)
    layouts = annex.layouts_by_sheet()
    rows = read_rows(workbook, layouts)
    reach = plants_in_reach(person, annex.document)
    plants = Plants(_known(reach))
    record = read_record(reach)
    proposals = propose(
        rows.found,
        plants,
        record,
        Standing(annex.document_id, annex.verification),
        chosen=annex.chosen,
        left_out=frozenset(annex.left_out),
    )
    return Preview(
        workbook=workbook,
        layouts=layouts,
        proposals=proposals,
        plants=plants,
        plants_by_pk={plant.pk: plant for plant in reach},
        without_day=rows.without_day,
        seen=fingerprint(record),
    )


def read_keys(annex: AnnexImport) -> frozenset[str]:
    """The keys of the rows that the file has, by its columns as they stand."""
    workbook = read_stored(annex.stored, annex.original_name)
    return frozenset(row.key for row in read_rows(workbook, annex.layouts_by_sheet()).found)


def read_record(reach: Iterable[Plant]) -> dict[Slot, OnRecord]:
    """The dates on record of these plants, by plant and part."""
    pks = {plant.pk for plant in reach}
    columns = ("plant_id", "part", "document_id", "completion_on", "verification", "source")
    # All of them, and those of other plants let go: thousands of numbers are no condition.
    return {
        (plant, AnnexPart(part)): OnRecord(*rest)
        for plant, part, *rest in AnnexDate.objects.values_list(*columns)
        if plant in pks
    }


def _known(reach: list[Plant]) -> list[KnownPlant]:
    permits: dict[int, list[str]] = {}
    for plant, number in Permit.objects.values_list("plant_id", "number"):
        permits.setdefault(plant, []).append(number)
    return [
        KnownPlant(
            plant.pk,
            plant.name_zh,
            plant.credit_code,
            tuple(permits.get(plant.pk, ())),
            plant.name_en,
        )
        for plant in reach
    ]
