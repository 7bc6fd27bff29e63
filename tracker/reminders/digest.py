"""The digest: all that one person must be told of today, by plant, as one readable letter."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from plants.models import Person, Plant
from tracker.assessments.models import Review
from tracker.audit import Verb
from tracker.obligations.models import Obligation, State
from tracker.reminders.agenda import deadlines_file
from tracker.reminders.changes import ChangeLine, changes_context
from tracker.reminders.letters import Letter, language_of, render_letter
from tracker.reminders.models import Kind
from tracker.reminders.notices import decisions_context
from tracker.reminders.rule_news import RuleLine, rules_context

ROWS_FOR_A_PLANT = 50
ROWS_IN_A_LETTER = 200
PLANTS_IN_A_LETTER = 50


class Due(NamedTuple):
    """What the person is reminded of, in as little as can be sorted and counted.

    ``on`` is the obligation's due date; of what waits for review the day on which it came.
    """

    on: date
    obligation_id: int
    plant_id: int
    kind: str = Kind.DUE


@dataclass(frozen=True)
class News:
    """What was decided, said and changed since the last digest."""

    accepted: Sequence[Review] = ()
    changes: Sequence[ChangeLine] = ()
    rules: Sequence[RuleLine] = ()

    def __bool__(self) -> bool:
        return bool(self.accepted or self.changes or self.rules)

    def __len__(self) -> int:
        return len(self.accepted) + len(self.changes) + len(self.rules)

    @property
    def only(self) -> str:
        """The name of the one sort that there is; empty where there are several, or none."""
        sorts = [name for name in ("accepted", "changes", "rules") if getattr(self, name)]
        return sorts[0] if len(sorts) == 1 else ""

    @property
    def plants(self) -> set[int]:
        """Those that it is about, by id."""
        obligations = [each.submission.obligation for each in self.accepted]
        obligations += [line.obligation for line in self.changes]
        named = {plant.pk for line in self.rules for plant in line.plants}
        return named | {obligation.plant_id for obligation in obligations}

    @property
    def is_optional(self) -> bool:
        """Whether some of it may be switched off: what was accepted, and what was said."""
        return bool(self.accepted) or any(line.verb == Verb.COMMENTED for line in self.changes)


@dataclass(frozen=True)
class Count:
    """How many are overdue, how many still to come, how many wait for review."""

    overdue: int
    coming: int
    waiting: int = 0

    @property
    def words(self) -> str:
        """In the active language: 3 overdue, 5 due soon; what is none is left out."""
        found = []
        if self.overdue:
            found.append(ngettext("%d overdue", "%d overdue", self.overdue) % self.overdue)
        if self.coming:
            found.append(ngettext("%d due soon", "%d due soon", self.coming) % self.coming)
        if self.waiting:
            words = ngettext("%d waits for review", "%d wait for review", self.waiting)
            found.append(words % self.waiting)
        return pgettext("between counts", ", ").join(found)


@dataclass(frozen=True)
class Row:
    """An obligation as the letter shows it."""

    obligation: Obligation
    due: Due
    today: date

    @property
    def is_waiting(self) -> bool:
        return self.due.kind == Kind.WAITING

    @property
    def is_late(self) -> bool:
        return not self.is_waiting and self.obligation.due_on < self.today

    @property
    def was_returned(self) -> bool:
        return self.obligation.state == State.RETURNED

    @property
    def words(self) -> str:
        days = (self.due.on - self.today).days
        if self.is_waiting:
            return ngettext("waits for %d day", "waits for %d days", -days) % -days
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


def build_digest(
    *, person: Person, dues: Iterable[Due], today: date, news: News | None = None
) -> Letter:
    """Write the digest of ``dues`` and ``news`` (at least one) in the person's language.

    Plants with the longest overdue or nearest date come first, and so do the rows in each. At most
    200 rows are shown, 50 for a plant; the rest is counted, with a link to the list. What is shown
    and still to come is there as a calendar file, too.
    """
    news = news or News()
    with override(language_of(person)):
        in_order = sorted(set(dues))
        told = _told(in_order, today)
        words = [told.count.words] if told.sections else []
        if news:
            words.append(ngettext("%d piece of news", "%d pieces of news", len(news)) % len(news))
        name = pgettext("between counts", ", ").join(words)
        context = {
            "accepted": decisions_context(person, news.accepted),
            "changes": changes_context(person, news.changes),
            "rules": rules_context(news.rules),
        }
        letter = render_letter(
            "digest",
            person=person,
            subject=_("[ULE] %(count)s%(when)s") % {"count": name, "when": told.when},
            context={**told.context(), **context},
            optional=news.is_optional,
            about=_about(in_order, news, today),
        )
        return replace(letter, calendar=told.calendar(person))


def build_escalation(*, person: Person, dues: Iterable[Due], today: date) -> Letter:
    """Write to an officer that plants are overdue for long, though they were reminded."""
    with override(language_of(person)):
        in_order = sorted(set(dues))
        told = _told(in_order, today)
        subject = ngettext("[ULE] %d overdue for long", "[ULE] %d overdue for long", told.total)
        return render_letter(
            "escalation",
            person=person,
            subject=subject % told.total,
            context=told.context(),
            about=_about(in_order, News(), today),
        )


def _about(dues: Sequence[Due], news: News, today: date) -> dict[str, object]:
    """What an authority's wording is chosen by and filled from."""
    plants = {due.plant_id for due in dues} | news.plants
    return {"plants": plants, "count": len(dues) + len(news), "today": today}


@dataclass(frozen=True)
class _Told:
    """The dues as the letter shows them."""

    sections: list[Section]
    count: Count
    total: int
    more_plants: int
    when: str
    today: date
    for_officer: bool

    def context(self) -> dict[str, object]:
        return {
            "sections": self.sections,
            "count": self.count,
            "total": self.total,
            "more_plants": self.more_plants,
            "today": self.today,
            "for_officer": self.for_officer,
        }

    def calendar(self, person: Person) -> bytes:
        """What is shown, hers, and still to come."""
        coming = [
            row.obligation.pk
            for section in self.sections
            for row in section.rows
            if row.due.kind == Kind.DUE and not row.is_late
        ]
        return deadlines_file(person, coming) if coming else b""


def _told(in_order: Sequence[Due], today: date) -> _Told:
    by_plant: dict[int, list[Due]] = {}
    for due in in_order:
        by_plant.setdefault(due.plant_id, []).append(due)
    return _Told(
        sections=_sections(by_plant, today),
        count=_count(in_order, today),
        total=len(in_order),
        more_plants=max(0, len(by_plant) - PLANTS_IN_A_LETTER),
        when=_when(in_order, today),
        today=today,
        for_officer=all(due.kind != Kind.DUE for due in in_order),
    )


def _count(dues: Sequence[Due], today: date) -> Count:
    waiting = sum(due.kind == Kind.WAITING for due in dues)
    overdue = sum(due.kind != Kind.WAITING and due.on < today for due in dues)
    return Count(overdue=overdue, coming=len(dues) - overdue - waiting, waiting=waiting)


def _when(in_order: Sequence[Due], today: date) -> str:
    """Of the plant's own dues the next, or since when they are over."""
    days = [due.on for due in in_order if due.kind != Kind.WAITING]
    if not days:
        return ""
    coming = next((day for day in days if day >= today), None)
    if coming is not None:
        return _(" (next: %(date)s)") % {"date": coming}
    return _(" (since %(date)s)") % {"date": days[0]}


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
            rows=[Row(obligations[due.obligation_id], due, today) for due in shown[plant_id]],
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
