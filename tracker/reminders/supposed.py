"""What a ladder would do before it is set: the days on which it tells, and how many it reaches."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Case, F, Min, SmallIntegerField, Value, When
from django.db.models.functions import TruncDate

from plants.models.people import paths_from
from tracker.obligations.models import Obligation
from tracker.reminders.days import DAY, MailDay
from tracker.reminders.ladder import Rungs
from tracker.reminders.ladders import Kind, LadderBook, rungs_of, usual
from tracker.reminders.models import Ladder, Receiver
from tracker.reminders.set_ladder import ANSWERING, Scope

# No days off in a row are more.
LONGEST_REST = timedelta(days=15)
MOST_AFTER = 6


class Told(NamedTuple):
    """A day on which somebody is told, and the rung that it is for."""

    on: date
    rung: int


def days_told(rungs: Rungs, anchor_on: date, *, receiver: str) -> list[Told]:
    """The days on which nights plan a mail about what is due on (or came on) ``anchor_on``. Pure.

    As the planner does it: on working days, each rung once, the newest only; who answers for the
    plant hears on the day itself, too, be it off. Of what comes again the first six.
    """
    end_on = anchor_on + _last_shown(rungs) * DAY
    day = anchor_on - max(rungs.earliest, 0) * DAY - LONGEST_REST
    told: dict[int, date] = {}
    while day <= end_on + LONGEST_REST:
        rung = _newest(rungs, anchor_on, day, receiver)
        if rung is not None and rung >= -_last_shown(rungs):
            told.setdefault(rung, day)
        day += DAY
    return [Told(on, rung) for rung, on in told.items()]


def _newest(rungs: Rungs, anchor_on: date, on: date, receiver: str) -> int | None:
    day = MailDay(on)
    if day.is_working:
        return rungs.newest(anchor_on, today=on, through=day.through)
    if receiver in ANSWERING and on == anchor_on:
        return rungs.newest(anchor_on, today=on)
    return None


def _last_shown(rungs: Rungs) -> int:
    first = rungs.first_after or 0
    if not rungs.first_after or not rungs.every:
        return first
    last = first + (MOST_AFTER - 1) * rungs.every
    return last if rungs.last_after is None else min(last, rungs.last_after)


class SupposedBook(LadderBook):
    """The ladders for the scope's kinds of requirements, the scope's own perhaps another."""

    def __init__(self, scope: Scope, rungs: Rungs | None = None) -> None:
        super().__init__()
        of_kind: dict[Kind, list[int]] = defaultdict(list)
        for kind, requirements in self._of_kind.items():
            if scope.part in ("", kind.part) and scope.rhythm in ("", kind.rhythm):
                of_kind[kind] = requirements
        self._of_kind = of_kind
        if rungs is not None:
            place = scope.receiver, scope.authority.path
            others = [
                each
                for each in self._set[place]
                if (each.part, each.rhythm) != (scope.part, scope.rhythm)
            ]
            self._set[place] = [*others, scope.ladder(rungs)]

    @property
    def requirements(self) -> list[int]:
        return [pk for found in self._of_kind.values() for pk in found]


class Effect(NamedTuple):
    """A day of the list: what is told on it now, and what would be."""

    on: date
    now: int | None
    then: int | None


@dataclass(frozen=True)
class Supposed:
    """What the preview shows; ``reached`` are numbers of obligations on ``counted_on``."""

    anchor_on: date
    effects: list[Effect]
    counted_on: date
    reached_now: int
    reached_then: int


def suppose(scope: Scope, rungs: Rungs, *, today: date, anchor_on: date | None = None) -> Supposed:
    """What would be otherwise; for the scope's nearest due date where none is given."""
    old, new = SupposedBook(scope), SupposedBook(scope, rungs)
    under = [pk for pk, path in old.authorities.items() if path.startswith(scope.authority.path)]
    day = anchor_on or _nearest(scope, old.requirements, under, today)
    standing = old.holding(scope.receiver, Kind(scope.part, scope.rhythm), scope.authority.path)
    counted_on = MailDay(today).next_on
    return Supposed(
        anchor_on=day,
        effects=_effects(
            days_told(standing, day, receiver=scope.receiver),
            days_told(rungs, day, receiver=scope.receiver),
        ),
        counted_on=counted_on,
        reached_now=count_reached(old, scope.receiver, under, on=counted_on),
        reached_then=count_reached(new, scope.receiver, under, on=counted_on),
    )


def _effects(now: Iterable[Told], then: Iterable[Told]) -> list[Effect]:
    rungs_now, rungs_then = dict(now), dict(then)
    days = sorted(rungs_now.keys() | rungs_then.keys())
    return [Effect(day, rungs_now.get(day), rungs_then.get(day)) for day in days]


def count_reached(
    book: LadderBook, receiver: str, authorities: Collection[int], *, on: date
) -> int:
    """The obligations at these authorities' plants that have reached a rung on this day."""
    waiting = receiver == Receiver.REVIEWER
    found = Obligation.objects.awaiting_review() if waiting else Obligation.objects.owed()
    found = found.annotate(anchor=TruncDate("state_changed_at") if waiting else F("due_on"))
    oldest_on = found.aggregate(oldest_on=Min("anchor"))["oldest_on"]
    if oldest_on is None:
        return 0
    total = 0
    for group in book.groups(receiver, authorities):
        bands = group.rungs.bands(today=on, oldest_on=oldest_on, through=MailDay(on).through)
        whens = [
            When(anchor__range=(band.first_on, band.last_on), then=Value(band.rung))
            for band in bands
        ]
        if whens:
            newest = Case(*whens, output_field=SmallIntegerField())
            reached = found.filter(group.condition()).annotate(newest=newest)
            total += reached.filter(newest__isnull=False).count()
    return total


def _nearest(scope: Scope, requirements: list[int], under: list[int], today: date) -> date:
    """The nearest due date in the scope; of what waits for review, today."""
    if scope.receiver == Receiver.REVIEWER:
        return today
    due = Obligation.objects.owed().filter(
        due_on__gte=today, requirement__in=requirements, plant__authority__in=under
    )
    nearest: date | None = due.aggregate(day=Min("due_on"))["day"]
    return nearest or today + 30 * DAY


class Line(NamedTuple):
    """A ladder that holds somewhere; ``ladder`` is None for ours."""

    receiver: str
    part: str
    rhythm: str
    rungs: Rungs
    ladder: Ladder | None


def lines_at(path: str) -> list[Line]:
    """Every ladder that holds at the authority with this path, of which the first that fits holds.

    Nothing stands behind one that is for any requirement.
    """
    above = paths_from(path)
    found: dict[tuple[str, str], list[Ladder]] = defaultdict(list)
    named = Ladder.objects.filter(authority__path__in=above).select_related("authority")
    for ladder in named.order_by("-part", "-rhythm"):
        found[ladder.receiver, ladder.authority.path].append(ladder)
    lines = []
    for receiver in Receiver:
        nearest = [ladder for each in above for ladder in found[receiver, each]]
        general = next((n for n, each in enumerate(nearest) if not each.part + each.rhythm), None)
        shown = nearest if general is None else nearest[: general + 1]
        lines += [Line(receiver, each.part, each.rhythm, rungs_of(each), each) for each in shown]
        if general is None:
            lines.append(Line(receiver, "", "", usual(receiver, ""), None))
    return lines
