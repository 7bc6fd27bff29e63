"""An officer confirms or corrects a rule after its source: previewed, audited, undone alike."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from plants.models import Person, Role
from tracker import audit
from tracker.obligations.preview import Impact, preview_rules
from tracker.obligations.rulebook import requirements_in_force
from tracker.obligations.schedule import ScheduleReport, schedule_obligations
from tracker.regulations.correctable import Correctable, corrected_thing
from tracker.regulations.correction_faults import why_not_so
from tracker.regulations.corrections import Row, plain, split_path, value_of
from tracker.regulations.models import Correction, Document, Requirement

TEXT_COLUMNS = frozenset({"text_zh", "text_en", "value"})
"""Where these change, an answer given before may no longer answer what is asked."""

Values = Mapping[str, object]
"""New values by path (see ``Correction``), in their columns' own types."""


class CorrectionRefused(Exception):
    """It can't be corrected so; the sentence says why, in the reader's language."""


class StaleRule(Exception):
    """Somebody else changed the rule since it was read; nothing was changed."""


@dataclass(frozen=True)
class Done:
    """A correction, and what it did to the obligations."""

    correction: Correction
    report: ScheduleReport


@dataclass(frozen=True)
class Deed:
    """Who corrects, when, after which source; ``undoes`` is what she takes back."""

    by: audit.Actor
    at: datetime
    today: date
    source_note: str
    undoes: Correction | None = None


def may_correct(person: Person, tree: str) -> bool:
    """Whether she is an officer of the issuing authority: on top of the tree that issued the rule.

    For an empty tree on top of either: a national document, whose issuers don't work here, or a
    plan that both trees issue together, as the kiln stops are.
    """
    return any(
        post.role == Role.OFFICER
        and post.authority is not None
        and post.authority.parent_id is None
        and tree in ("", post.authority.tree)
        for post in person.posts()
    )


def preview_correction(correctable: Correctable, values: Values, *, today: date) -> Impact:
    """What the correction would do to the obligations. ``CorrectionRefused`` for what can't be."""
    _refuse_wrong(correctable, values)
    re_dated = _re_dated(correctable.changed(values))
    return preview_rules(re_dated, today=today) if re_dated else Impact(today)


def correct_rule(
    *,
    correctable: Correctable,
    values: Values,
    source_note: str,
    by: audit.Actor,
    at: datetime,
    today: date,
) -> Done:
    """Set these values of a rule, keep who did and after which source, and re-date what is owed.

    ``correctable`` is as the officer saw it: if somebody changed one of the values meanwhile,
    ``StaleRule``. ``CorrectionRefused`` for who may not, without a source, and for what contradicts
    itself. What was submitted or decided is not touched.
    """
    before = correctable.values
    _refuse_wrong(correctable, values)
    differing = {path: v for path, v in values.items() if plain(v) != before[path]}
    if not differing:
        raise CorrectionRefused(_("Nothing differs from what stands there already."))
    stood = {path: before[path] for path in differing}
    return _carry_out(correctable, differing, stood, Deed(by, at, today, source_note))


def why_not_undo(person: Person, correction: Correction) -> str | None:
    """Why this person can't take the correction back now; None if she can."""
    correctable = corrected_thing(correction)
    if correctable is None:
        return _("It left the calendar.")
    if not may_correct(person, correctable.tree):
        return _("Only an officer of the issuing authority can correct a rule.")
    if correction.undoes_id is not None or Correction.objects.filter(undoes=correction).exists():
        return _("It was taken back already.")
    now = correctable.values
    if any(now.get(path) != value for path, value in correction.after.items()):
        return _("It was corrected again since: take the later correction back first.")
    return why_not_so(correctable, undone_values(correctable, correction))


def undone_values(correctable: Correctable, correction: Correction) -> dict[str, object]:
    """The values that stood before, or that a newer file says since, in their columns' types."""
    rows = correctable.rows
    restored = {}
    for path, kept in (correction.before | correction.filed).items():
        limit_id, column = split_path(path)
        restored[path] = value_of(rows[limit_id], column, kept)
    return restored


def undo_correction(
    *, correction: Correction, source_note: str, by: audit.Actor, at: datetime, today: date
) -> Done:
    """Put back what stood before a correction; this is a correction, too, with its own reason."""
    correctable = corrected_thing(correction)
    if by.person is None:
        raise CorrectionRefused(_("Only a person can correct."))
    refusal = why_not_undo(by.person, correction)
    if refusal or correctable is None:
        raise CorrectionRefused(refusal)
    values = undone_values(correctable, correction)
    deed = Deed(by, at, today, source_note, undoes=correction)
    return _carry_out(correctable, values, correction.after, deed)


def _re_dated(correctable: Correctable) -> list[Requirement]:
    """The requirements whose obligations it dates or words, as they read with it.

    Each obligation's reason names the document. Targets and stop windows date nothing.
    """
    thing = correctable.thing
    if isinstance(thing, Requirement):
        return [thing]
    if not isinstance(thing, Document):
        return []
    named = [copy(each) for each in requirements_in_force() if each.document_id == thing.pk]
    for requirement in named:
        requirement.document = thing
    return named


def _refuse_wrong(correctable: Correctable, values: Values) -> None:
    refusal = why_not_so(correctable, values)
    if refusal is not None:
        raise CorrectionRefused(refusal)


def _carry_out(
    correctable: Correctable, values: Values, before: Mapping[str, object], deed: Deed
) -> Done:
    person, source_note = deed.by.person, deed.source_note.strip()
    if person is None or not may_correct(person, correctable.tree):
        raise CorrectionRefused(_("Only an officer of the issuing authority can correct a rule."))
    if not source_note:
        raise CorrectionRefused(_("Name the source: the document, the page, who read it."))
    with transaction.atomic():
        _write(correctable.lock(), values, before)
        if any(split_path(path)[1] in TEXT_COLUMNS for path in values):
            Requirement.objects.filter(pk=correctable.thing.pk).update(text_changed_at=deed.at)
        correction = Correction.objects.create(
            **{correctable.kind: correctable.thing},
            before=dict(before),
            after={path: plain(value) for path, value in values.items()},
            source_note=source_note,
            made_by=person,
            made_at=deed.at,
            undoes=deed.undoes,
        )
        # The site's trail comes last, behind the plants and theirs, as a loaded annex writes it.
        report = _re_date(correctable, deed)
        audit.record(
            by=deed.by,
            at=deed.at,
            verb=audit.Verb.CORRECTED,
            thing=correctable.thing,
            before=correction.before,
            after=correction.after,
            note=source_note,
        )
    return Done(correction, report)


def _re_date(correctable: Correctable, deed: Deed) -> ScheduleReport:
    ids = [requirement.pk for requirement in _re_dated(correctable)]
    if not ids:
        return ScheduleReport()
    return schedule_obligations(today=deed.today, by=deed.by, at=deed.at, requirements=ids)


def _write(rows: Mapping[int | None, Row], values: Values, before: Mapping[str, object]) -> None:
    """Set the values, each only while it is as it was read."""
    changed: dict[int | None, list[str]] = {}
    for path, value in values.items():
        limit_id, column = split_path(path)
        row = rows.get(limit_id)
        if row is None or plain(getattr(row, column)) != before[path]:
            raise StaleRule
        setattr(row, column, value)
        changed.setdefault(limit_id, []).append(column)
    for limit_id, columns in changed.items():
        rows[limit_id].save(update_fields=columns)
