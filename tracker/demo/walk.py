"""Walks a plant's obligations to their fates: the real use cases, at past dates, in order."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

from plants.models import Person
from tracker.audit import Actor
from tracker.demo.fates import (
    USUAL_WINDOW_DAYS,
    Fate,
    Task,
    first_fate,
    has_begun,
    spread,
    unsettled_of,
)
from tracker.demo.file_pool import FilePool
from tracker.demo.leaving import leaving_scenes, resigning_scenes
from tracker.demo.people import People
from tracker.demo.round_stories import RoundStory, tell_rounds
from tracker.demo.rounds import RoundWalk, answered_by_list
from tracker.demo.scenes import Scene, Stage
from tracker.demo.spot_check import SpotCheckTale
from tracker.demo.timeline import Era, Step, steps_to
from tracker.demo.walker import Walker
from tracker.demo.world import GAVE_UP_CO_PROCESSING, IN_VIEW, DemoPlant
from tracker.obligations.amend import amend
from tracker.obligations.models import Obligation

ON_STAGE = (0, 1)  # one plant in each tree, in sight of the accounts
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at_work(day: date, minutes: int) -> datetime:
    """So many minutes after nine in the morning of a day in Asia/Shanghai."""
    morning = datetime.combine(day, time(9), SHANGHAI)
    return (morning + timedelta(minutes=minutes)).astimezone(UTC)


def tasks_of(obligations: list[Obligation]) -> list[Task]:
    return [
        Task(
            pk=obligation.pk,
            due_on=obligation.due_on,
            is_recurring=obligation.period != "",
            window_days=_window_days(obligation),
            part=obligation.requirement.part,
            completes=obligation.requirement.completes,
            levels=obligation.requirement.review_levels,
        )
        for obligation in obligations
    ]


def _window_days(obligation: Obligation) -> int:
    """A duty for a period is answered after its end, if the rule leaves days for that."""
    return min(obligation.requirement.due.get("days_after") or USUAL_WINDOW_DAYS, USUAL_WINDOW_DAYS)


class Walk:
    """Chance, files and people that all plants of one demo share."""

    def __init__(self, people: People, world: list[DemoPlant], today: date, rng: Random) -> None:
        self.people = people
        self.rounds = _rounds(people, world)
        self.today = today
        self.rng = rng
        self.files = FilePool()

    def walk_plant(self, demo: DemoPlant) -> int:
        """Walk everything that the plant owes; say how many steps that took."""
        obligations = self._obligations_of(demo)
        manager = self.people.manager_of[demo.plant.pk]
        officer = self.people.officer_of[demo.plant.authority_id]
        superior = self.people.superior_of[demo.plant.authority.tree]
        walker = Walker(demo.number, manager, officer, superior, self.files, self.rng)
        staged, scenes = self._staged(demo, list(obligations.values()), walker)
        if demo.number in self.rounds:
            story = self.rounds[demo.number]
            staged = [*staged, *answered_by_list(story, list(obligations.values()))]
            scenes = [*scenes, *RoundWalk(demo, story, walker, self.today).scenes()]
        walked = [each for pk, each in obligations.items() if pk not in staged]
        steps = [
            Scene(step.on, minutes, partial(walker.do, step.deed, obligations[pk]))
            for minutes, pk, step in self._steps(demo, walked)
        ]
        # What happens on the same minute keeps the order in which it was told.
        steps = sorted([*steps, *scenes], key=lambda scene: (scene.on, scene.minutes))
        for on, minutes, play in steps:
            play(at_work(on, minutes))
        if demo.number == GAVE_UP_CO_PROCESSING:
            self._give_up_co_processing(demo, officer)
        return len(steps)

    def _staged(
        self, demo: DemoPlant, obligations: list[Obligation], walker: Walker
    ) -> tuple[list[int], list[Scene]]:
        """What the demo shows at this plant beside its walk, and what of its duties that takes."""
        plant, today = demo.plant, self.today
        manager = self.people.manager_of[plant.pk]
        if demo.number in ON_STAGE:
            stage = Stage(plant, obligations, walker, today)
            spotted = SpotCheckTale(plant, walker, today) if demo.number == ON_STAGE[0] else None
            return stage.staged, [*stage.scenes(), *(spotted.scenes() if spotted else ())]
        if plant.pk == self.people.left_plant:
            return [], list(leaving_scenes(plant, colleague=manager, today=today))
        if plant.pk == self.people.deserted_plant:
            return [], list(resigning_scenes(plant, leaver=manager, today=today))
        return [], []

    def _give_up_co_processing(self, demo: DemoPlant, officer: Person) -> None:
        """A fact that changes takes with it what hung on it: the demo's withdrawn obligations."""
        amend(
            thing=demo.plant,
            values={"co_processing": False},
            by=Actor(officer, "203.0.113.9"),
            at=at_work(self.today - timedelta(days=1), 510),
            today=self.today,
        )

    def _obligations_of(self, demo: DemoPlant) -> dict[int, Obligation]:
        found = Obligation.objects.for_plant(demo.plant).select_related(
            "requirement", "line", "outlet"
        )
        obligations = {obligation.pk: obligation for obligation in found.order_by("pk")}
        for obligation in obligations.values():
            obligation.plant = demo.plant
        return obligations

    def _steps(
        self, demo: DemoPlant, obligations: list[Obligation]
    ) -> Iterator[tuple[int, int, "Step"]]:
        """Every step with its minute and its obligation's id, in no order yet."""
        today, rng = self.today, self.rng
        era = Era(demo.plant.tracked_from_on, today)
        tasks = tasks_of(obligations)
        fates: dict[int, Fate] = {
            task.pk: first_fate(task, demo.story, today=today, rng=rng) for task in tasks
        }
        in_view = demo.plant.authority.code == IN_VIEW
        unsettled = unsettled_of(demo.story, in_view=in_view, rng=rng)
        begun = [task for task in tasks if has_begun(task, demo.story)]
        spread(begun, fates, unsettled, today=today, rng=rng)
        for task in tasks:
            for step in steps_to(task, fates[task.pk], era=era, rng=rng):
                yield rng.randrange(8 * 60), task.pk, step


def _rounds(people: People, world: list[DemoPlant]) -> dict[int, RoundStory]:
    """Of whom the assessment is told; not of plants that have another tale."""
    other = {people.left_plant, people.deserted_plant}
    free = [
        demo
        for demo in world
        if demo.lines and demo.plant.pk not in other and demo.number != GAVE_UP_CO_PROCESSING
    ]
    return tell_rounds(
        [demo.number for demo in free],
        shown=ON_STAGE[0],
        beside=ON_STAGE[1],
        complete=frozenset(demo.number for demo in free if demo.story.is_complete),
    )
