"""What another reading of a stop window would change: whose kilns stop on other days, and when."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

from django.db.models import Max, Q, QuerySet

from plants.kilns import Kiln, read_kilns
from plants.models import Line, Plant, RunStatus, StopWindow
from plants.text import Text
from tracker.obligations.models import Obligation
from tracker.reporting.plant_planner import plan_lines, read_asked, read_deadlines


class AnswerMove(NamedTuple):
    """By when a line has to begin for one deadline, as the planner answers now and would then."""

    plant_id: int
    plant: Text
    line: Text
    deadline: date
    before: date
    after: date


@dataclass(frozen=True, slots=True)
class StopImpact:
    """How many lines of how many plants would stop on other days, and each answer that moves."""

    lines: int
    plants: int
    moves: list[AnswerMove]


class Pair(NamedTuple):
    """One line's kiln as it stops now, and as it would."""

    now: Kiln
    then: Kiln


def read_stop_impact(changed: StopWindow, *, today: date) -> StopImpact:
    """What would become of the lines in its place if the window read as it is given here."""
    pairs = list(_changed_kilns(changed, today))
    moves = [
        move
        for _plant_id, of_plant in groupby(pairs, key=lambda pair: pair.now.line.plant_id)
        for move in _moves(list(of_plant), today)
    ]
    return StopImpact(len(pairs), len({pair.now.line.plant_id for pair in pairs}), moves)


def _changed_kilns(changed: StopWindow, today: date) -> Iterator[Pair]:
    """The lines whose windows differ, by plant."""
    place = changed.place_id
    there = Line.objects.filter(Q(plant__place=place) | Q(plant__place__parent=place))
    lines = there.exclude(status=RunStatus.CLOSED).exclude(plant__status=RunStatus.CLOSED)
    read = lines.select_related("plant__place").order_by("plant__place_id", "plant_id", "number")
    until = _last_deadline(lines, today)
    for _place_id, in_place in groupby(read, key=lambda line: line.plant.place_id):
        standing = list(in_place)
        stands_in = standing[0].plant.place
        now = read_kilns(stands_in, standing, until=until).kilns
        then = read_kilns(stands_in, standing, until=until, instead=changed).kilns
        for pair in map(Pair, now, then):
            if _days(pair.now) != _days(pair.then):
                yield pair


def _last_deadline(lines: QuerySet[Line], today: date) -> date:
    """As far as the windows have to be known."""
    owed = Obligation.objects.filter(plant_id__in=lines.order_by().values("plant_id")).owed()
    last: date | None = owed.aggregate(last=Max("due_on"))["last"]
    return max(today, last) if last else today


def _days(kiln: Kiln) -> list[tuple[date, date]]:
    return [(window.starts_on, window.ends_on) for window in kiln.windows]


def _moves(pairs: list[Pair], today: date) -> Iterable[AnswerMove]:
    """The answers of one plant that move."""
    plant: Plant = pairs[0].now.line.plant
    owed = read_deadlines(plant)
    need = read_asked({}, owed=owed, projects=plant.projects.all(), today=today).need
    if need is None:
        return
    for pair in pairs:
        now, then = plan_lines(pair, owed, need=need, today=today)
        for before, after in zip(now.deadlines, then.deadlines, strict=True):
            if before.answer.retrofit_from != after.answer.retrofit_from:
                yield AnswerMove(
                    plant_id=plant.pk,
                    plant=plant.name,
                    line=now.kiln.line.name,
                    deadline=before.answer.deadline,
                    before=before.answer.retrofit_from,
                    after=after.answer.retrofit_from,
                )
