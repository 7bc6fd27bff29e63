"""Reads regulation files: their shapes, and whether everything in them fits together. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from plants.geography import Geography
from plants.seedfile import Fault, SeedFile
from plants.seedshape import C, Entry, check_shape, entries, twice
from tracker.regulations.anchors import DatedRule, anchor_faults
from tracker.regulations.faults import document_faults, requirement_faults, target_faults
from tracker.regulations.shape import (
    DocumentShape,
    RegulationShape,
    RequirementShape,
    TargetShape,
)

KEYS = ("document", "requirements", "targets")


@dataclass(frozen=True)
class KnownRegulations:
    """What stands in the database already: documents, and the document of each code.

    ``dues`` are the due rules of the requirements in force, from which others may count.
    """

    documents: frozenset[str] = frozenset()
    requirements: Mapping[str, str] = field(default_factory=dict)
    targets: Mapping[str, str] = field(default_factory=dict)
    dues: Mapping[str, DatedRule] = field(default_factory=dict)


@dataclass(frozen=True)
class Regulation:
    """One document's file."""

    seed: SeedFile
    shape: RegulationShape

    @property
    def code(self) -> str:
        return self.shape.document.code

    @property
    def document(self) -> Entry[DocumentShape]:
        return Entry(self.shape.document, self.seed, ("document",))

    @property
    def requirements(self) -> list[Entry[RequirementShape]]:
        return entries(self.seed, "requirements", self.shape.requirements)

    @property
    def targets(self) -> list[Entry[TargetShape]]:
        return entries(self.seed, "targets", self.shape.targets)


def parse_regulations(
    seeds: Sequence[SeedFile],
    *,
    geography: Geography,
    known: KnownRegulations = KnownRegulations(),
    whole: bool = True,
) -> tuple[list[Regulation], list[Fault]]:
    """Check every file's shape, its rules, and the names that it uses.

    `whole` is False when some file could not be read: what it may name is then not missed.
    """
    regulations: list[Regulation] = []
    documents = set(known.documents)
    faults: list[Fault] = []
    for seed in seeds:
        shape, wrong = check_shape(seed, RegulationShape)
        faults += wrong
        documents |= _code_of(seed)
        if shape is not None:
            regulations.append(Regulation(seed, shape))
    for regulation in regulations:
        faults += document_faults(regulation.document, frozenset(documents), whole=whole)
        for requirement in regulation.requirements:
            faults += requirement_faults(requirement, geography, whole=whole)
        for target in regulation.targets:
            faults += target_faults(target, geography, whole=whole)
    whole = whole and len(regulations) == len(seeds)
    faults += _anchor_faults(regulations, known, whole=whole)
    return regulations, faults + _code_faults(regulations, known)


def document_codes(seeds: Iterable[SeedFile]) -> frozenset[str]:
    """The codes of the files' documents, also of files that are faulty elsewhere."""
    return frozenset(code for seed in seeds for code in _code_of(seed))


def _code_of(seed: SeedFile) -> set[str]:
    document = seed.data.get("document") if isinstance(seed.data, dict) else None
    code = document.get("code") if isinstance(document, dict) else None
    return {code} if isinstance(code, str) else set()


def _anchor_faults(
    regulations: Sequence[Regulation], known: KnownRegulations, *, whole: bool
) -> list[Fault]:
    """Faults of what counts from another requirement; what left the files loaded is gone."""
    loading = {regulation.code for regulation in regulations}
    kept = {
        code: rule
        for code, rule in known.dues.items()
        if known.requirements.get(code) not in loading
    }
    entries = [entry for regulation in regulations for entry in regulation.requirements]
    return anchor_faults(entries, kept, whole=whole)


def _code_faults(regulations: Sequence[Regulation], known: KnownRegulations) -> list[Fault]:
    """Codes that are used twice, in these files or by a document that is not among them."""
    loading = {regulation.code for regulation in regulations}
    requirements = [entry for regulation in regulations for entry in regulation.requirements]
    targets = [entry for regulation in regulations for entry in regulation.targets]
    faults = twice([regulation.document for regulation in regulations], "document")
    faults += twice(requirements, "requirement") + twice(targets, "target")
    faults += _taken(requirements, "requirement", known.requirements, loading)
    return faults + _taken(targets, "target", known.targets, loading)


def _taken(
    coded: Sequence[Entry[C]], what: str, homes: Mapping[str, str], loading: set[str]
) -> list[Fault]:
    faults = []
    for entry in coded:
        home = homes.get(entry.shape.code)
        own = entry.seed.data["document"]["code"] if isinstance(entry.seed.data, dict) else None
        if home is not None and home != own and home not in loading:
            message = f"the {what} '{entry.shape.code}' belongs to the document '{home}' already"
            faults.append(entry.fault("code", message))
    return faults
