"""What an annex would change: each row with its plant, its days beside those on record, its faults.

Pure: rows, plants, what is on record and what was chosen come in already read.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.annexes.days import looks_like_day
from tracker.annexes.matching import Plants
from tracker.annexes.rows import Day, Problem, Row
from tracker.regulations.models import AnnexPart

Slot = tuple[int, AnnexPart]


class Effect(models.TextChoices):
    NEW = "new", gettext_lazy("new date")
    MOVED = "moved", gettext_lazy("moved date")
    CHECKED = "checked", gettext_lazy("same date, other standing")
    SAME = "same", gettext_lazy("same as on record")


@dataclass(frozen=True)
class OnRecord:
    """A plant's day for a part as it stands in the database."""

    document_id: int
    completion_on: date
    verification: str
    source: str = ""


@dataclass(frozen=True)
class Change:
    """One day of a row against the one on record."""

    day: Day
    before: OnRecord | None
    effect: Effect


@dataclass
class Proposal:
    """One row: the plant that it means and what it would change; none with a problem is applied."""

    row: Row
    plant_id: int | None
    to_choose: tuple[int, ...] = ()
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    is_left_out: bool = False

    @property
    def effect(self) -> str:
        """What the row comes to: problem, or the first of its changes' effects in their order."""
        if self.problems:
            return "problem"
        effects = {change.effect for change in self.changes}
        return next(effect for effect in Effect if effect in effects).value

    @property
    def can_be_chosen(self) -> bool:
        return self.effect not in ("problem", Effect.SAME)

    @property
    def is_chosen(self) -> bool:
        return self.can_be_chosen and not self.is_left_out


@dataclass(frozen=True)
class Standing:
    """The document that the annex belongs to, and how sure its dates are."""

    document_id: int
    verification: str


def propose(
    rows: Iterable[Row],
    plants: Plants,
    on_record: Mapping[Slot, OnRecord],
    standing: Standing,
    *,
    chosen: Mapping[str, int],
    left_out: frozenset[str],
) -> list[Proposal]:
    """Each row as a proposal. Two different days for one plant and part are a problem of both."""
    proposals = []
    said: dict[Slot, list[tuple[Proposal, Day]]] = defaultdict(list)
    for row in rows:
        proposal = _matched(row, plants, chosen.get(row.key))
        proposal.is_left_out = row.key in left_out
        proposals.append(proposal)
        if proposal.plant_id is not None:
            for day in row.days:
                said[proposal.plant_id, day.part].append((proposal, day))
                before = on_record.get((proposal.plant_id, day.part))
                change = Change(day, before, _effect(day, before, standing))
                proposal.changes.append(change)
    for contradictions in said.values():
        if len({day.day for _proposal, day in contradictions}) > 1:
            _name_contradiction(contradictions)
    return proposals


def fingerprint(on_record: Mapping[Slot, OnRecord]) -> str:
    """Tells whether the record is still what somebody saw when she chose."""
    facts = sorted(
        (
            plant,
            str(part),
            record.document_id,
            record.completion_on.isoformat(),
            record.verification,
        )
        for (plant, part), record in on_record.items()
    )
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


def _matched(row: Row, plants: Plants, chosen: int | None) -> Proposal:
    """The row with its plant, chosen by somebody or sure by itself, and its own problems."""
    problems = list(row.problems)
    if chosen in plants.by_pk:
        return Proposal(row, chosen, problems=problems)
    match = plants.match(row)
    if match.is_sure:
        return Proposal(row, match.plants[0], problems=problems)
    problems.append(Problem(row.place, _why_not_sure(row, match.plants)))
    return Proposal(row, None, to_choose=match.plants, problems=problems)


def _why_not_sure(row: Row, found: tuple[int, ...]) -> str:
    if len(found) > 1:
        return _("The row's name and numbers fit several plants: choose one.")
    if found:
        return _("No plant has this credit code; the row's name or permit number fits one: choose.")
    if all(not text or looks_like_day(text) for text in (row.name, row.credit_code, row.permit)):
        return _("The row has a date but names no plant.")
    return _("No plant under this plan and your authority is called so.")


def _effect(day: Day, before: OnRecord | None, standing: Standing) -> Effect:
    if before is None:
        return Effect.NEW
    if before.completion_on != day.day:
        return Effect.MOVED
    if (before.document_id, before.verification) != (standing.document_id, standing.verification):
        return Effect.CHECKED
    return Effect.SAME


def _name_contradiction(said: list[tuple[Proposal, Day]]) -> None:
    """Each row of them names the first cell that says another day."""
    for proposal, day in said:
        other = next(each for _proposal, each in said if each.day != day.day)
        sentence = _("Two dates for one plant (%(part)s): %(day)s here, %(other)s in %(place)s.")
        words = {
            "part": day.part.label,
            "day": day.day.isoformat(),
            "other": other.day.isoformat(),
            "place": other.place,
        }
        proposal.problems.append(Problem(day.place, sentence % words))
