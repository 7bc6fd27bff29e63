"""The digest: all that one person must be told of today, by plant, as one readable letter."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from plants.models import Person, Plant
from tracker.obligations.models import Obligation, State
from tracker.reminders.letters import Letter, language_of, render_letter

ROWS_FOR_A_PLANT = 50
ROWS_IN_A_LETTER = 200
PLANTS_IN_A_LETTER = 50


class Due(NamedTuple):
    """An obligation that the person is reminded of, in as little as can be sorted and counted."""

    due_on: date
    obligation_id: int
    plant_id: int


@dataclass(frozen=True)
class Count:
    """How many are overdue and how many are still to come."""

    overdue: int
    coming: int

    @property
    def words(self) -> str:
        """In the active language: 3 overdue, 5 due soon; what is none is left out."""
        overdue = ngettext("%d overdue", "%d overdue", self.overdue) % self.overdue
        coming = ngettext("%d due soon", "%d due soon", self.coming) % self.coming
        if not self.coming:
            return overdue
        if not self.overdue:
            return coming
        return _("%(overdue)s, %(coming)s") % {"overdue": overdue, "coming": coming}


@dataclass(frozen=True)
class Row:
    """An obligation as the letter shows it."""

    obligation: Obligation
    today: date

    @property
    def is_late(self) -> bool:
        return self.obligation.due_on < self.today

    @property
    def was_returned(self) -> bool:
        return self.obligation.state == State.RETURNED

    @property
    def words(self) -> str:
        days = (self.obligation.due_on - self.today).days
        if days < 0:
            return ngettext("%d day overdue", "%d days overdue", -days) % -days
        if days == 0:
            return _("due today")
        return ngettext("%d day left", "%d days left", days) % days


@dataclass(frozen=True)
class Section:
    """One plant's part of the letter; ``more`` of its rows did not fit in."""

    plant: Plant
    rows: list[Row]
    count: Count
    more: int


def build_digest(*, person: Person, dues: Iterable[Due], today: date) -> Letter:
    """Write the digest of ``dues`` (at least one) in the person's language.

    Plants with the longest overdue or nearest date come first, and so do the rows in each. At most
    200 rows are shown, 50 for a plant; the rest is counted, with a link to the list.
    """
    in_order = sorted(set(dues))
    by_plant: dict[int, list[Due]] = {}
    for due in in_order:
        by_plant.setdefault(due.plant_id, []).append(due)
    count = _count(in_order, today)
    with override(language_of(person)):
        return render_letter(
            "digest",
            person=person,
            subject=_subject(in_order, count, today),
            context={
                "sections": _sections(by_plant, today),
                "count": count,
                "more_plants": max(0, len(by_plant) - PLANTS_IN_A_LETTER),
                "today": today,
            },
        )


def _count(dues: Sequence[Due], today: date) -> Count:
    overdue = sum(due.due_on < today for due in dues)
    return Count(overdue=overdue, coming=len(dues) - overdue)


def _subject(in_order: Sequence[Due], count: Count, today: date) -> str:
    coming = next((due.due_on for due in in_order if due.due_on >= today), None)
    if coming is not None:
        return _("[ULE] %(count)s (next: %(date)s)") % {"count": count.words, "date": coming}
    oldest = in_order[0].due_on
    return _("[ULE] %(count)s (since %(date)s)") % {"count": count.words, "date": oldest}


def _sections(by_plant: dict[int, list[Due]], today: date) -> list[Section]:
    plants = list(by_plant)[:PLANTS_IN_A_LETTER]
    shown = _choose(by_plant, plants)
    obligations = (
        Obligation.objects.with_subject()
        # The letter says why, so that nothing may be left in the database for later.
        .defer(None)
        .in_bulk([due.obligation_id for dues in shown.values() for due in dues])
    )
    names = Plant.objects.in_bulk(plants)
    return [
        Section(
            plant=names[plant_id],
            rows=[Row(obligations[due.obligation_id], today) for due in shown[plant_id]],
            count=_count(by_plant[plant_id], today),
            more=len(by_plant[plant_id]) - len(shown[plant_id]),
        )
        for plant_id in plants
    ]


def _choose(by_plant: dict[int, list[Due]], plants: Sequence[int]) -> dict[int, list[Due]]:
    """The rows to show for each plant, as long as the letter has room."""
    shown: dict[int, list[Due]] = {}
    room = ROWS_IN_A_LETTER
    for plant_id in plants:
        shown[plant_id] = by_plant[plant_id][: min(ROWS_FOR_A_PLANT, room)]
        room -= len(shown[plant_id])
    return shown
