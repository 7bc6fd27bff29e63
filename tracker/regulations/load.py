"""Brings the database into line with parsed seed files, all or nothing."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import models, transaction

from plants.calendar_seeds import load_calendar
from plants.geography import known_geography, load_geography
from plants.models import StopWindow, Zone
from plants.seedrows import Change, SeedReport
from tracker import audit
from tracker.audit import Actor, Verb
from tracker.regulations.anchors import read_dated
from tracker.regulations.corrections import (
    Corrected,
    corrected_windows,
    read_corrected,
)
from tracker.regulations.models import Document, Limit, Requirement, Target
from tracker.regulations.parse import KnownRegulations, Regulation
from tracker.regulations.rows import (
    document_values,
    limit_values,
    requirement_values,
    target_values,
)
from tracker.regulations.seeds import Known, Seeds
from tracker.regulations.shape import DocumentShape, LimitShape
from tracker.regulations.versions import keep_version

TEXT_COLUMNS = frozenset({"text_zh", "text_en", "evidence_asked"})
NOTES = frozenset({"note_zh", "note_en"})
VERBS = {
    "created": Verb.CREATED,
    "changed": Verb.CHANGED,
    "removed": Verb.REMOVED,
    "withdrew": Verb.WITHDREW,
    "restored": Verb.RESTORED,
}


def load_seeds(*, seeds: Seeds, today: date, by: Actor, at: datetime) -> SeedReport:
    """Create and change what differs; loading the same files again changes nothing.

    `seeds` must have been parsed without a fault. A requirement or target that left the file of
    its document is withdrawn as of `today`, never deleted, and restored if it comes back. Limits
    and stop windows that left their file are removed. Documents whose file is not given are left
    alone, and so is what was corrected in the app. Each change is audited in the same transaction;
    a new document is one event, not one for each of its rows.
    """
    with transaction.atomic():
        report = load_geography(seeds.geography)
        report.add(_load_regulations(seeds.regulations, today, at))
        report.add(load_calendar(seeds.seasons, corrected_windows()))
        _audit(report, seeds.regulations, by=by, at=at)
    return report


def read_known() -> Known:
    """The codes in the database, for files that are loaded by themselves."""
    documents = Document.objects.values_list("code", flat=True)
    requirements = Requirement.objects.values_list("code", "document__code")
    targets = Target.objects.values_list("code", "document__code")
    in_force = Requirement.objects.in_force().values_list("code", "subject_kind", "due")
    read = {code: read_dated(kind, due) for code, kind, due in in_force}
    dues = {code: rule for code, rule in read.items() if rule is not None}
    regulations = KnownRegulations(frozenset(documents), dict(requirements), dict(targets), dues)
    return Known(known_geography(), regulations)


def _load_regulations(regulations: Sequence[Regulation], today: date, at: datetime) -> SeedReport:
    report, corrected = SeedReport(), read_corrected()
    documents = {document.code: document for document in Document.objects.all()}
    for regulation in regulations:
        shape = regulation.shape.document
        old, key = documents.get(shape.code), {"code": shape.code}
        values = corrected.left_to_file(document_values(shape), old)
        documents[shape.code] = report.sync(Document, old, key, values)
    new = {change.thing for change in report.changes if change.deed == "created"}
    for regulation in regulations:
        change = _load_relations(regulation.shape.document, documents)
        if change is not None and change.thing not in new:
            report.changes.append(change)
    _load_requirements(regulations, documents, corrected, report, today, at)
    _load_targets(regulations, documents, corrected, report, today)
    corrected.keep_filed()
    for regulation in regulations:
        keep_version(documents[regulation.code], regulation.shape, at)
    return report


def _load_relations(shape: DocumentShape, documents: Mapping[str, Document]) -> Change | None:
    document = documents[shape.code]
    before, after = {}, {}
    for name, codes in {"implements": shape.implements, "supersedes": shape.supersedes}.items():
        relation = getattr(document, name)
        was = sorted(relation.values_list("code", flat=True))
        if was != sorted(set(codes)):
            relation.set([documents[code] for code in codes])
            before[name], after[name] = was, sorted(set(codes))
    return Change("changed", document, before, after) if after else None


def _load_requirements(
    regulations: Sequence[Regulation],
    documents: Mapping[str, Document],
    corrected: Corrected,
    report: SeedReport,
    today: date,
    at: datetime,
) -> None:
    existing = {r.code: r for r in Requirement.objects.prefetch_related("limits")}
    for regulation in regulations:
        document = documents[regulation.code]
        for position, shape in enumerate(regulation.shape.requirements):
            old = existing.get(shape.code)
            values = requirement_values(shape, document, position)
            values = corrected.left_to_file(values, old)
            before = len(report.changes)
            requirement = report.sync(Requirement, old, {"code": shape.code}, values)
            _restore(requirement, report)
            _load_limits(requirement, shape.limits, corrected, report)
            if old is not None and _changes_the_text(report.changes[before:]):
                requirement.text_changed_at = at
                requirement.save(update_fields=["text_changed_at"])
    loaded = [r.code for regulation in regulations for r in regulation.shape.requirements]
    gone = Requirement.objects.filter(document__in=_loaded(regulations, documents))
    for requirement in gone.filter(withdrawn_on=None).exclude(code__in=loaded):
        _withdraw(requirement, today, report)


def _changes_the_text(changes: Sequence[Change]) -> bool:
    """Whether an answer that was given before may no longer answer what is asked now."""
    for change in changes:
        differing = set(change.after or change.before or {})
        if isinstance(change.thing, Limit) and differing - {"position", *NOTES, "verification"}:
            return True
        if isinstance(change.thing, Requirement) and differing & TEXT_COLUMNS:
            return True
    return False


def _load_limits(
    requirement: Requirement,
    shapes: Sequence[LimitShape],
    corrected: Corrected,
    report: SeedReport,
) -> None:
    existing = {
        (*_series(limit), limit.effective_from): limit for limit in requirement.limits.all()
    }
    for position, shape in enumerate(shapes):
        old = existing.pop((*shape.series, shape.effective_from), None)
        key = {
            "requirement": requirement,
            "pollutant": shape.pollutant,
            "averaging": shape.averaging,
            "comparison": shape.comparison,
            "effective_from": shape.effective_from,
        }
        values = corrected.left_to_file(limit_values(shape, position), old)
        report.sync(Limit, old, key, values)
    for limit in existing.values():
        if (Limit, limit.pk) in corrected.owners:
            continue  # somebody answers for it with a source; only she takes it back
        report.remove(limit, {"limit": str(limit), "effective_from": limit.effective_from})


def _load_targets(
    regulations: Sequence[Regulation],
    documents: Mapping[str, Document],
    corrected: Corrected,
    report: SeedReport,
    today: date,
) -> None:
    zones = {zone.code: zone for zone in Zone.objects.all()}
    existing = {target.code: target for target in Target.objects.all()}
    for regulation in regulations:
        for shape in regulation.shape.targets:
            old = existing.get(shape.code)
            values = target_values(shape, documents[regulation.code], zones)
            values = corrected.left_to_file(values, old)
            _restore(report.sync(Target, old, {"code": shape.code}, values), report)
    loaded = [t.code for regulation in regulations for t in regulation.shape.targets]
    gone = Target.objects.filter(document__in=_loaded(regulations, documents))
    for target in gone.filter(withdrawn_on=None).exclude(code__in=loaded):
        _withdraw(target, today, report)


def _loaded(regulations: Sequence[Regulation], documents: Mapping[str, Document]) -> list[Document]:
    return [documents[regulation.code] for regulation in regulations]


def _withdraw(thing: Requirement | Target, today: date, report: SeedReport) -> None:
    thing.withdrawn_on = today
    thing.save(update_fields=["withdrawn_on"])
    report.changes.append(Change("withdrew", thing, None, {"withdrawn_on": today}))


def _restore(thing: Requirement | Target, report: SeedReport) -> None:
    if thing.withdrawn_on is None:
        return
    change = Change("restored", thing, {"withdrawn_on": thing.withdrawn_on}, None)
    thing.withdrawn_on = None
    thing.save(update_fields=["withdrawn_on"])
    report.changes.append(change)


def _series(limit: Limit) -> tuple[str, str, str]:
    return limit.pollutant, limit.averaging, limit.comparison


def _audit(
    report: SeedReport, regulations: Sequence[Regulation], *, by: Actor, at: datetime
) -> None:
    """One event for each change of what binds a plant; a new document is a single event."""
    sizes = {r.code: len(r.shape.requirements) for r in regulations}
    things = [change.thing for change in report.changes if change.deed == "created"]
    new = {thing.code for thing in things if isinstance(thing, Document)}
    for change in report.changes:
        if change.deed == "created" and isinstance(change.thing, Document):
            after = {"requirements": sizes[change.thing.code]}
            audit.record(by=by, at=at, verb=Verb.LOADED, thing=change.thing, after=after)
        elif _is_news(change, new):
            audit.record(
                by=by,
                at=at,
                verb=VERBS[change.deed],
                thing=change.thing,
                before=change.before,
                after=change.after,
            )


def _is_news(change: Change, new_documents: set[str]) -> bool:
    """Rows of a new document, new geography and rows that moved within their file are no news."""
    if change.deed == "created":
        home = _home(change.thing)
        return home is not None and home not in new_documents
    return not (change.before is not None and set(change.before) == {"position"})


def _home(thing: models.Model) -> str | None:
    """The code of the document that a row belongs to."""
    if isinstance(thing, StopWindow):
        return thing.document_code
    if isinstance(thing, Limit):
        return thing.requirement.document.code
    return thing.document.code if isinstance(thing, (Requirement, Target)) else None
