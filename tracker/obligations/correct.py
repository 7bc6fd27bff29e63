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
from tracker.obligations.schedule import ScheduleReport, schedule_obligations
from tracker.regulations.corrections import (
    LIMIT_COLUMNS,
    REQUIREMENT_COLUMNS,
    Row,
    path_to,
    plain,
    split_path,
    value_of,
)
from tracker.regulations.models import Correction, Document, Limit, Requirement
from tracker.regulations.rules import RuleFault, read_due

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


def may_correct(person: Person, document: Document) -> bool:
    """Whether she is an officer of the issuing authority: on top of the document's tree.

    For a national document, whose issuers don't work here, on top of either.
    """
    return any(
        post.role == Role.OFFICER
        and post.authority is not None
        and post.authority.parent_id is None
        and document.tree in ("", post.authority.tree)
        for post in person.posts()
    )


def read_rule(code: str) -> tuple[Requirement, list[Limit]]:
    """The requirement with its document, and its limits in their order."""
    requirement = Requirement.objects.select_related("document").get(code=code)
    return requirement, list(requirement.limits.order_by("position", "pk"))


def values_now(requirement: Requirement, limits: list[Limit]) -> dict[str, object]:
    """Everything of the rule that can be corrected, by path, as plain JSON."""
    now = {name: plain(getattr(requirement, name)) for name in REQUIREMENT_COLUMNS}
    for limit in limits:
        now |= {path_to(limit, name): plain(getattr(limit, name)) for name in LIMIT_COLUMNS}
    return now


def preview_correction(
    requirement: Requirement, limits: list[Limit], values: Values, *, today: date
) -> Impact:
    """What the correction would do to the obligations. ``CorrectionRefused`` for what can't be."""
    _refuse_wrong(requirement, limits, values)
    changed = copy(requirement)
    for path, value in values.items():
        limit_id, column = split_path(path)
        if limit_id is None:
            setattr(changed, column, value)
    return preview_rules([changed], today=today)


def correct_rule(
    *,
    requirement: Requirement,
    limits: list[Limit],
    values: Values,
    source_note: str,
    by: audit.Actor,
    at: datetime,
    today: date,
) -> Done:
    """Set these values of a rule, keep who did and after which source, and re-date what is owed.

    ``requirement`` and ``limits`` are as the officer saw them: if somebody changed one of the
    values meanwhile, ``StaleRule``. ``CorrectionRefused`` for who may not, without a source, and
    for what contradicts itself. What was submitted or decided is not touched.
    """
    before = values_now(requirement, limits)
    _refuse_wrong(requirement, limits, values)
    differing = {path: v for path, v in values.items() if plain(v) != before[path]}
    if not differing:
        raise CorrectionRefused(_("Nothing differs from what stands there already."))
    return _carry_out(
        requirement,
        differing,
        {path: before[path] for path in differing},
        source_note=source_note,
        undoes=None,
        by=by,
        at=at,
        today=today,
    )


def why_not_undo(person: Person, correction: Correction) -> str | None:
    """Why this person can't take the correction back now; None if she can."""
    if not may_correct(person, correction.requirement.document):
        return _("Only an officer of the issuing authority can correct a rule.")
    if correction.undoes_id is not None or Correction.objects.filter(undoes=correction).exists():
        return _("It was taken back already.")
    requirement, limits = read_rule(correction.requirement.code)
    now = values_now(requirement, limits)
    if any(now.get(path) != value for path, value in correction.after.items()):
        return _("It was corrected again since: take the later correction back first.")
    return None


def undone_values(correction: Correction) -> dict[str, object]:
    """The values that stood before, in their columns' own types."""
    requirement, limits = read_rule(correction.requirement.code)
    rows: dict[int | None, Row] = {None: requirement, **{limit.pk: limit for limit in limits}}
    restored = {}
    for path, kept in correction.before.items():
        limit_id, column = split_path(path)
        restored[path] = value_of(rows[limit_id], column, kept)
    return restored


def undo_correction(
    *, correction: Correction, source_note: str, by: audit.Actor, at: datetime, today: date
) -> Done:
    """Put back what stood before a correction; this is a correction, too, with its own reason."""
    refusal = _("Only a person can correct.")
    if by.person is not None:
        refusal = why_not_undo(by.person, correction) or ""
    if refusal:
        raise CorrectionRefused(refusal)
    return _carry_out(
        correction.requirement,
        undone_values(correction),
        correction.after,
        source_note=source_note,
        undoes=correction,
        by=by,
        at=at,
        today=today,
    )


def _refuse_wrong(requirement: Requirement, limits: list[Limit], values: Values) -> None:
    """Refuse what is no rule, and dates that contradict each other."""
    known = values_now(requirement, limits)
    strange = [path for path in values if path not in known]
    if strange:
        raise CorrectionRefused(_("The rule has no %(path)s.") % {"path": ", ".join(strange)})
    try:
        read_due(values.get("due", requirement.due), subject=requirement.subject_kind)
    except RuleFault as fault:
        raise CorrectionRefused(fault.message) from fault
    first = values.get("effective_from", requirement.effective_from)
    last = values.get("effective_to", requirement.effective_to)
    if isinstance(first, date) and isinstance(last, date) and last < first:
        raise CorrectionRefused(_("It would end before it begins."))


def _carry_out(
    requirement: Requirement,
    values: Values,
    before: Mapping[str, object],
    *,
    source_note: str,
    undoes: Correction | None,
    by: audit.Actor,
    at: datetime,
    today: date,
) -> Done:
    person, source_note = by.person, source_note.strip()
    if person is None or not may_correct(person, requirement.document):
        raise CorrectionRefused(_("Only an officer of the issuing authority can correct a rule."))
    if not source_note:
        raise CorrectionRefused(_("Name the source: the document, the page, who read it."))
    with transaction.atomic():
        rows = _lock(requirement)
        _write(rows, values, before)
        if any(split_path(path)[1] in TEXT_COLUMNS for path in values):
            Requirement.objects.filter(pk=requirement.pk).update(text_changed_at=at)
        correction = Correction.objects.create(
            requirement=requirement,
            before=dict(before),
            after={path: plain(value) for path, value in values.items()},
            source_note=source_note,
            made_by=person,
            made_at=at,
            undoes=undoes,
        )
        # The site's trail comes last, behind the plants and theirs, as a loaded annex writes it.
        report = schedule_obligations(today=today, by=by, at=at, requirements=[requirement.pk])
        audit.record(
            by=by,
            at=at,
            verb=audit.Verb.CORRECTED,
            thing=requirement,
            before=correction.before,
            after=correction.after,
            note=source_note,
        )
    return Done(correction, report)


def _lock(requirement: Requirement) -> dict[int | None, Row]:
    """The rule's rows as they are now; nobody changes them until the transaction ends."""
    locked = Requirement.objects.select_for_update().get(pk=requirement.pk)
    limits = Limit.objects.select_for_update().filter(requirement=locked).order_by("pk")
    return {None: locked, **{limit.pk: limit for limit in limits}}


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
