"""On which days the steps to a fate happen: handing in, returning, accepting. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from random import Random

from tracker.demo.fates import PLEAS, USUAL_WINDOW_DAYS, Fate, Task


class Deed(Enum):
    DRAFT = "draft"
    HAND_IN = "hand_in"
    RETURN = "return"
    ACCEPT = "accept"
    ASK = "ask"  # for two months more
    ASK_LONG = "ask_long"  # for five
    ASK_WAIVER = "ask_waiver"
    GRANT = "grant"  # or agree, where the authority above has to, too
    GRANT_ABOVE = "grant_above"
    REFUSE = "refuse"
    PROPOSE = "propose"  # to accept it, for the authority above
    CONFIRM = "confirm"  # what was proposed


@dataclass(frozen=True)
class Step:
    on: date
    deed: Deed


@dataclass(frozen=True)
class Era:
    """The days of the demo's past: from its first day to yesterday."""

    begins_on: date
    today: date

    def days_ago(self, days: int) -> date:
        return self.today - timedelta(days=days)


def steps_to(task: Task, fate: Fate, *, era: Era, rng: Random) -> list[Step]:
    """The steps to the fate, oldest first, all before today; none if there is nothing to do yet."""
    match fate:
        case Fate.OPEN:
            return []
        case Fate.DRAFT:
            return [Step(era.days_ago(rng.randrange(1, 4)), Deed.DRAFT)]
        case Fate.WAITING:
            return [Step(_recently(task, era, rng, oldest=20, newest=1), Deed.HAND_IN)]
        case Fate.RETURNED:
            on = _recently(task, era, rng, oldest=18, newest=6)
            return [Step(on, Deed.HAND_IN), Step(_later(on, 5, era, rng), Deed.RETURN)]
    if fate in PLEAS:
        return _plea(fate, era, rng)
    first, last = _when_answered(task, era)
    if first > era.days_ago(2):
        return []
    if fate == Fate.LATE and task.due_on >= era.begins_on:
        first, last = task.due_on + timedelta(days=2), task.due_on + timedelta(days=20)
    on = _between(first, min(last, era.days_ago(2)), rng)
    if task.levels > 1:
        # What came in lately waits for the second level still.
        confirmed = [Deed.CONFIRM] if on <= era.days_ago(12) else []
        return _in_turn([Deed.HAND_IN, Deed.PROPOSE, *confirmed], on, era, rng)
    if fate == Fate.MENDED and on <= era.days_ago(12):
        return _in_turn((Deed.HAND_IN, Deed.RETURN, Deed.HAND_IN, Deed.ACCEPT), on, era, rng)
    return [Step(on, Deed.HAND_IN), Step(_later(on, 6, era, rng), Deed.ACCEPT)]


_PLEAS = {
    Fate.ASKED: (Deed.ASK,),
    Fate.AGREED: (Deed.ASK_LONG, Deed.GRANT),
    Fate.EXTENDED: (Deed.ASK, Deed.GRANT),
    Fate.REFUSED: (Deed.ASK, Deed.REFUSE),
    Fate.WAIVED: (Deed.ASK_WAIVER, Deed.GRANT, Deed.GRANT_ABOVE),
}


def _plea(fate: Fate, era: Era, rng: Random) -> list[Step]:
    """The request, and each decision some days after."""
    deeds = _PLEAS[fate]
    on = era.days_ago(rng.randrange(2, 6) + 7 * (len(deeds) - 1))
    steps = []
    for deed in deeds:
        steps.append(Step(on, deed))
        on = _later(on, 6, era, rng)
    return steps


def _in_turn(deeds: Iterable[Deed], on: date, era: Era, rng: Random) -> list[Step]:
    steps = []
    for deed in deeds:
        steps.append(Step(on, deed))
        on = _later(on, 4, era, rng)
    return steps


def _when_answered(task: Task, era: Era) -> tuple[date, date]:
    """The days on which a punctual plant answers."""
    soonest = era.begins_on + timedelta(days=3)
    if task.due_on < soonest:
        return soonest, soonest + timedelta(days=80)
    near = era.today + timedelta(days=USUAL_WINDOW_DAYS)
    if task.is_recurring or task.due_on <= near:
        return max(task.opens_on, soonest), task.due_on
    return era.begins_on + timedelta(days=30), era.days_ago(12)


def _recently(task: Task, era: Era, rng: Random, *, oldest: int, newest: int) -> date:
    first, last = _when_answered(task, era)
    if last < era.days_ago(oldest) or task.due_on > era.today:
        last = era.days_ago(newest)
    return _between(max(first, era.days_ago(oldest)), min(last, era.days_ago(newest)), rng)


def _later(on: date, days: int, era: Era, rng: Random) -> date:
    """Some days later, at the latest yesterday; never on the same day, but for yesterday itself."""
    return min(on + timedelta(days=rng.randrange(1, days)), era.days_ago(1))


def _between(first: date, last: date, rng: Random) -> date:
    return first + timedelta(days=rng.randrange((last - first).days + 1)) if last > first else last
