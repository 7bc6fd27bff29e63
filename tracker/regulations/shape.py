"""What a regulation file looks like: the keys, their types, and which may be left out."""

from datetime import date
from typing import Annotated, Literal

from plants.models import Part, Tree
from plants.seedshape import (
    Both,
    Code,
    Coded,
    Number,
    Shape,
    Words,
    fits,
    fits_number,
    one_of,
)
from plants.verification import Verification
from tracker.regulations.models import (
    AreaKind,
    Comparison,
    Document,
    DocumentKind,
    Limit,
    Requirement,
    SubjectKind,
    Target,
)

RING = (Part.ORGANISED.value, Part.FUGITIVE.value, Part.CLEAN_TRANSPORT.value)
EVIDENCE_KINDS = (
    "report",
    "photo",
    "ledger",
    "data",
    "certificate",
    "contract",
    "plan",
    "other",
)


Sure = Annotated[str, one_of(Verification.values)]


class DocumentShape(Coded):
    code: Annotated[Code, fits(Document, "code")]
    number: Annotated[str, fits(Document, "number")] = ""
    kind: Annotated[str, one_of(DocumentKind.values)]
    title: Annotated[Both, fits(Document, "title")]
    title_is_name: bool = True
    issuers: list[Both] = []
    issued_on: date | None = None
    effective_on: date | None = None
    implements: list[str] = []
    supersedes: list[str] = []
    tree: Annotated[str, one_of(Tree.values)] | None = None
    verification: Sure
    note: Both | None = None


class EvidenceShape(Both):
    kind: Annotated[str, one_of(EVIDENCE_KINDS)]


class LimitShape(Shape):
    pollutant: Annotated[Words, fits(Limit, "pollutant")]
    value: Annotated[Number, fits_number(Limit, "value")]
    unit: Annotated[Words, fits(Limit, "unit")]
    reference_oxygen_percent: (
        Annotated[Number, fits_number(Limit, "reference_oxygen_percent")] | None
    ) = None
    averaging: Annotated[str, fits(Limit, "averaging")] = ""
    comparison: Annotated[str, one_of(Comparison.values)] = Comparison.AT_MOST.value
    effective_from: date
    effective_to: date | None = None
    verification: Sure
    note: Both | None = None

    @property
    def series(self) -> tuple[str, str, str]:
        """What several dated limits of one requirement have in common."""
        return self.pollutant, self.averaging, self.comparison


class RequirementShape(Coded):
    code: Annotated[Code, fits(Requirement, "code")]
    clause: Annotated[str, fits(Requirement, "clause")] = ""
    part: Annotated[str, one_of(Part.values)]
    subject: Annotated[str, one_of(SubjectKind.values)]
    title: Annotated[Both, fits(Requirement, "title")]
    text: Both
    applies: object
    due: object
    completes: Annotated[str, one_of(RING)] | None = None
    answered_by_listing: bool = False
    evidence: list[EvidenceShape] = []
    limits: list[LimitShape] = []
    review_levels: Literal[1, 2] = 1
    effective_from: date
    effective_to: date | None = None
    verification: Sure
    note: Both | None = None


class TargetShape(Coded):
    code: Annotated[Code, fits(Target, "code")]
    clause: Annotated[str, fits(Target, "clause")] = ""
    area: Annotated[str, one_of(AreaKind.values)]
    zone: str | None = None
    share_percent: Annotated[Number, fits_number(Target, "share_percent")]
    by: date
    verification: Sure
    note: Both | None = None


class RegulationShape(Shape):
    document: DocumentShape
    requirements: list[RequirementShape] = []
    targets: list[TargetShape] = []
