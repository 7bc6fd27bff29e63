"""Walks a plant's obligations to their fates: the real use cases, at past dates, in order."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from plants.models import Person
from tracker.assessments.models import Decision
from tracker.assessments.review import review_submission
from tracker.audit import Actor
from tracker.demo.evidence_files import ending_of
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
from tracker.demo.people import People
from tracker.demo.timeline import Deed, Era, Step, steps_to
from tracker.demo.world import IN_VIEW, DemoPlant
from tracker.evidence.attach import attach_evidence
from tracker.evidence.models import Submission
from tracker.evidence.submit import submit_evidence
from tracker.obligations.models import Obligation

SHANGHAI = ZoneInfo("Asia/Shanghai")

NOTES = ("", "", "本期材料见附件。", "数据已与台账核对，请审核。", "按要求补充了现场照片和台账。")
REASONS = (
    "附件缺少盖章页，请补充完整后重新提交。",
    "台账与监测报告的日期不一致，请核对。",
    "照片看不清排放口标识，请重新拍摄。",
    "缺少本期的原始数据表，请补充。",
)
USUAL_EVIDENCE = {"kind": "report", "zh": "情况说明"}


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
        )
        for obligation in obligations
    ]


def _window_days(obligation: Obligation) -> int:
    """A duty for a period is answered after its end, if the rule leaves days for that."""
    return min(obligation.requirement.due.get("days_after") or USUAL_WINDOW_DAYS, USUAL_WINDOW_DAYS)


class Walk:
    """Chance, files and people that all plants of one demo share."""

    def __init__(self, people: People, today: date, rng: Random) -> None:
        self.people = people
        self.today = today
        self.rng = rng
        self.files = FilePool()

    def walk_plant(self, demo: DemoPlant) -> int:
        """Walk everything that the plant owes; say how many steps that took."""
        obligations = self._obligations_of(demo)
        steps = sorted(self._steps(demo, list(obligations.values())), key=lambda step: step[:3])
        manager = self.people.manager_of[demo.plant.pk]
        officer = self.people.officer_of[demo.plant.authority_id]
        walker = _Walker(self, demo.number, manager, officer)
        for _on, minutes, pk, step in steps:
            walker.take(step, obligations[pk], at_work(step.on, minutes))
        return len(steps)

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
    ) -> Iterator[tuple[date, int, int, "Step"]]:
        """Every step with its day and minute, in no order yet."""
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
                yield step.on, rng.randrange(8 * 60), task.pk, step


class _Walker:
    """One plant's manager and officer, taking turns."""

    def __init__(self, walk: Walk, number: int, manager: Person, officer: Person) -> None:
        self.rng = walk.rng
        self.files = walk.files
        # Addresses that belong to nobody: kept for documentation (RFC 5737).
        self.manager = Actor(manager, f"192.0.2.{number % 250 + 1}")
        self.officer = Actor(officer, f"198.51.100.{number % 250 + 1}")
        self.waiting: dict[int, Submission] = {}

    def take(self, step: Step, obligation: Obligation, at: datetime) -> None:
        match step.deed:
            case Deed.DRAFT:
                self._attach(obligation, at)
            case Deed.HAND_IN:
                self._attach(obligation, at)
                self._submit(obligation, at)
            case Deed.RETURN:
                self._review(obligation, Decision.RETURN, self.rng.choice(REASONS), at)
            case Deed.ACCEPT:
                self._review(obligation, Decision.ACCEPT, "", at)

    def _attach(self, obligation: Obligation, at: datetime) -> None:
        asked = obligation.requirement.evidence_asked or [USUAL_EVIDENCE]
        # What completes a part brings everything that was asked for, the rest mostly one file.
        few = not obligation.requirement.completes and self.rng.random() < 0.85
        for wanted in asked[:1] if few else asked:
            ending = ending_of(wanted["kind"])
            name = _file_name(obligation, wanted["zh"], at) + ending
            attach_evidence(
                obligation=obligation,
                file=replace(self.files.draw(ending, self.rng), original_name=name),
                document_on=at.date() - timedelta(days=self.rng.randrange(10)),
                by=self.manager,
                at=at,
            )

    def _submit(self, obligation: Obligation, at: datetime) -> None:
        self.waiting[obligation.pk] = submit_evidence(
            obligation=obligation,
            note=self.rng.choice(NOTES),
            token=UUID(int=self.rng.getrandbits(128), version=4),
            by=self.manager,
            at=at,
        )

    def _review(self, obligation: Obligation, decision: str, reason: str, at: datetime) -> None:
        review_submission(
            submission=self.waiting.pop(obligation.pk),
            decision=decision,
            reason=reason,
            by=self.officer,
            at=at,
        )


def _file_name(obligation: Obligation, asked: str, at: datetime) -> str:
    """What a person would call it: what it is, of what, of when."""
    when = obligation.period or f"{at:%Y%m%d}"
    subject = f"_{obligation.outlet.code}" if obligation.outlet else ""
    return f"{asked.replace('/', '、')}{subject}_{when}"
