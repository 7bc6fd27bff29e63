"""What becomes of each obligation of the demo. Pure, from one source of chance."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from random import Random

from plants.models import Part
from tracker.demo.stories import RING, Diligence, Story

USUAL_WINDOW_DAYS = 14


class Fate(Enum):
    """Where the walk ends."""

    OPEN = "open"
    DRAFT = "draft"  # files lie there, not handed in
    WAITING = "waiting"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    LATE = "late"
    MENDED = "mended"  # returned once, handed in again, accepted
    ASKED = "asked"  # more time was asked for, nobody has decided
    AGREED = "agreed"  # so much of it that the authority above has to agree, too
    EXTENDED = "extended"
    REFUSED = "refused"
    WAIVED = "waived"


PLEAS = (Fate.ASKED, Fate.AGREED, Fate.EXTENDED, Fate.REFUSED, Fate.WAIVED)


@dataclass(frozen=True)
class Task:
    """An obligation as far as its fate hangs on it."""

    pk: int
    due_on: date
    is_recurring: bool
    window_days: int  # the last days before due_on on which it can be answered
    part: str
    completes: str
    levels: int = 1  # of review

    @property
    def opens_on(self) -> date:
        return self.due_on - timedelta(days=self.window_days - 1)


# Of a hundred duties whose day has passed.
CHANCES: dict[Diligence, dict[Fate, int]] = {
    Diligence.DILIGENT: {Fate.ACCEPTED: 94, Fate.MENDED: 4, Fate.LATE: 2},
    Diligence.USUAL: {Fate.ACCEPTED: 86, Fate.MENDED: 7, Fate.LATE: 7},
    Diligence.LAGGING: {Fate.ACCEPTED: 74, Fate.MENDED: 12, Fate.LATE: 14},
}


def first_fate(task: Task, story: Story, *, today: date, rng: Random) -> Fate:
    """The fate that the plant's story gives; ``spread`` then picks what is still unsettled."""
    if task.due_on < today and (task.is_recurring or not task.completes):
        chances = CHANCES[story.diligence]
        return rng.choices(list(chances), list(chances.values()))[0]
    if task.is_recurring:
        return Fate.ACCEPTED if rng.random() < 0.3 else Fate.OPEN
    if task.completes:
        return Fate.ACCEPTED if task.completes in story.done else Fate.OPEN
    return Fate.ACCEPTED if rng.random() < _chance_of_early(task, story) else Fate.OPEN


def _chance_of_early(task: Task, story: Story) -> float:
    """Of a single duty whose day is still far away."""
    if task.part in RING:
        return 1.0 if task.part in story.done else 0.15
    if task.part == Part.ASSESSMENT:
        return 0.6 if story.is_complete else 0.0
    return 0.9 if story.is_complete else 0.2


def has_begun(task: Task, story: Story) -> bool:
    """The assessment, a single duty, is only begun by who has all parts done."""
    return task.is_recurring or task.part != Part.ASSESSMENT or story.is_complete


@dataclass(frozen=True)
class Unsettled:
    """How many of a plant's obligations still wait, were returned, are overdue or lie in draft.

    ``pleas`` are the fates of those for which an extension or a waiver is asked.
    """

    waiting: int = 0
    returned: int = 0
    overdue: int = 0
    drafts: int = 0
    pleas: tuple[Fate, ...] = ()


ON_SHOW = Unsettled(waiting=2, returned=3, overdue=3, drafts=2, pleas=PLEAS)


def unsettled_of(story: Story, *, in_view: bool, rng: Random) -> Unsettled:
    """``in_view`` are the plants of the demo's first officer: her review queue is never empty."""
    if story.on_show:
        return ON_SHOW
    if story.diligence == Diligence.LAGGING:
        pleas = (rng.choice(PLEAS),)
        return Unsettled(rng.randrange(1, 3), returned=1, overdue=rng.randrange(1, 4), pleas=pleas)
    returned = int(rng.random() < 0.15)
    asked = (Fate.ASKED,) if in_view and rng.random() < 0.3 else ()
    return Unsettled(rng.choice((1, 2) if in_view else (0, 1)), returned, pleas=asked)


def spread(
    tasks: list[Task],
    fates: dict[int, Fate],
    unsettled: Unsettled,
    *,
    today: date,
    rng: Random,
) -> None:
    """Give some of a plant's obligations a fate that is not settled, in place.

    What completes a part keeps the fate of the plant's story. Overdue is what was due in the last
    weeks; what is in work can be answered now, or is a single duty that the plant answers early.
    """
    free = [task for task in tasks if not task.completes]

    def pick(count: int, fate: Fate, choices: list[Task]) -> int:
        """Give so many of them the fate; say how many there were to be had."""
        picked = rng.sample(choices, min(count, len(choices)))
        for task in picked:
            free.remove(task)
            fates[task.pk] = fate
        return len(picked)

    def in_work() -> list[Task]:
        return [
            task
            for task in free
            if task.due_on >= today and (task.opens_on < today or not task.is_recurring)
        ]

    def far_away() -> list[Task]:
        there = [task for task in free if fates[task.pk] == Fate.OPEN and task.due_on > today]
        return [task for task in there if not task.is_recurring] or there

    def just_missed(days: int) -> list[Task]:
        return [task for task in free if today - timedelta(days=days) <= task.due_on < today]

    pick(unsettled.overdue, Fate.OPEN, just_missed(45))
    # Who lets a day pass also had something returned whose day has passed meanwhile.
    missed = pick(min(unsettled.returned, unsettled.overdue, 1), Fate.RETURNED, just_missed(25))
    pick(unsettled.returned - missed, Fate.RETURNED, in_work())
    pick(unsettled.waiting, Fate.WAITING, just_missed(25) + in_work())
    pick(unsettled.drafts, Fate.DRAFT, in_work())
    for fate in unsettled.pleas:
        pick(1, fate, far_away())
