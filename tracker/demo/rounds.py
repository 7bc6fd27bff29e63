"""A demo plant's round of the assessment: walked by its people through the real use cases."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial

from django.utils import timezone

from plants.kilns import read_kilns
from plants.models import Person
from tracker.audit import Actor
from tracker.demo.accounts import DOMAIN
from tracker.demo.round_rooms import fill_rooms
from tracker.demo.round_stories import (
    NOTICE_DAYS,
    OPENED_BEFORE_DAYS,
    STEADY_DAYS,
    RoundStory,
    days_of,
    steady_day,
)
from tracker.demo.scenes import Scene
from tracker.demo.walker import Walker
from tracker.demo.world import DemoPlant
from tracker.obligations.models import Obligation
from tracker.rounds.answering import answer_condition, override_condition, set_step
from tracker.rounds.findings import Outcome
from tracker.rounds.models import Answer, Body, Round, Stage
from tracker.rounds.seating import give_seat
from tracker.rounds.standings import read_standings
from tracker.rounds.walk import move_round, open_round, reassess

MONITORING, TECHNICAL = f"monitoring@{DOMAIN}", f"technical@{DOMAIN}"
BODIES = (
    (MONITORING, Body.MONITORING, "新疆示例环境检测有限公司"),
    (TECHNICAL, Body.TECHNICAL, "示例环境工程评估中心"),
)
_MINUTES = {stage: 60 + 23 * nth for nth, stage in enumerate(Stage)}
_BY_PLANT = frozenset({Stage.STABLE_RUNNING, Stage.DOCUMENT_REVIEW, Stage.FILED})
_BY_TECHNICAL = frozenset(
    {
        *(Stage.SITE_SURVEY, Stage.MONITORING, Stage.REPORT),
        *(Stage.DOCUMENT_RECTIFICATION, Stage.SITE_RECTIFICATION),
    }
)
_HELD_BY_PLANT = _BY_PLANT | _BY_TECHNICAL | {Stage.PLANNED}
NOTES = {
    Stage.DOCUMENT_RECTIFICATION: "氨水采购台账缺少8月，脱硝剂检测报告未盖章，请补齐。",
    Stage.SITE_RECTIFICATION: "石灰石2号转载点密闭罩破损，熟料库侧门未能自动关闭，整改后重新勘查。",
    Stage.SUSPENDED: "在线监测显示窑尾氮氧化物连续三日超标，整改期间暂停。",
    Stage.REMOVED: "双随机抽查发现料棚长期敞开、抑尘设施未运行，不能稳定达到超低排放，移出名单。",
}
_LASTS = {Stage.STABLE_RUNNING: STEADY_DAYS, Stage.MONITORING: 7, Stage.PUBLIC_NOTICE: NOTICE_DAYS}
STILL_RUNS_DAYS = 3
OVERRIDDEN = "已现场核实，企业承诺在公示前补齐，先行进入下一步。"


def answered_by_list(story: RoundStory, obligations: list[Obligation]) -> list[int]:
    """The ids of what the list answers at a plant that was on it: nobody hands that in."""
    if not story.is_listed:
        return []
    return [
        each.pk
        for each in obligations
        if each.requirement.completes or each.requirement.answered_by_listing
    ]


class RoundWalk:
    """One plant's round; the scenes are played by date, among the plant's other ones."""

    round: Round

    def __init__(self, demo: DemoPlant, story: RoundStory, walker: Walker, today: date) -> None:
        self.demo, self.story, self.walker, self.today = demo, story, walker, today
        people = Person.objects.in_bulk([MONITORING, TECHNICAL], field_name="email")
        self.monitoring = Actor(people[MONITORING], "192.0.2.251")
        self.technical = Actor(people[TECHNICAL], "192.0.2.252")

    def scenes(self) -> Iterator[Scene]:
        """From its opening to the stage where it stands."""
        earliest = self.demo.plant.tracked_from_on + timedelta(days=OPENED_BEFORE_DAYS + 1)
        latest = self.today - timedelta(days=self.story.steady_days_ago)
        kilns = read_kilns(self.demo.plant.place, self.demo.lines, until=self.today).kilns
        windows = [window for kiln in kilns for window in kiln.windows]
        steady_on = steady_day(windows, earliest=earliest, latest=latest) or latest
        opened_on = steady_on - timedelta(days=OPENED_BEFORE_DAYS)
        if not self.story.way:
            opened_on = latest  # just planned: it has not run steadily yet
        yield Scene(opened_on, _MINUTES[Stage.PLANNED], self._open)
        for stage, on in days_of(self.story, steady_on):
            yield Scene(on, _MINUTES[stage], partial(self._move, stage))
        if self.story.stage == Stage.REMOVED:
            yield Scene(self.today - timedelta(days=1), _MINUTES[Stage.REMOVED], self._assess_anew)

    def _open(self, at: datetime) -> None:
        by = self.walker.manager
        self.round = open_round(plant=self.demo.plant, by=by, at=at)
        for email, body, organisation in BODIES:
            person = self.monitoring.person if email == MONITORING else self.technical.person
            assert person is not None  # noqa: S101 (made with the other accounts)
            give_seat(self.round, person=person, body=body, organisation=organisation, by=by, at=at)

    def _assess_anew(self, at: datetime) -> None:
        reassess(self.round, by=self.walker.manager, at=at)

    def _move(self, to: Stage, at: datetime) -> None:
        """Settle what is asked of the stage that is left, move, and write down what comes next."""
        today = timezone.localdate(at)
        leads_on = to not in NOTES
        if leads_on:
            self._settle(at, today)
        move_round(
            self.round, to=to, note=NOTES.get(to, ""), by=self._mover(to), at=at, today=today
        )
        self._date_step(to, at, today)
        if to == Stage.MONITORING and self.demo.story.on_show:
            fill_rooms(self.round, self.walker, self.monitoring, at + timedelta(hours=1))

    def _mover(self, to: Stage) -> Actor:
        if to == Stage.DOCUMENT_REVIEW or to in _BY_PLANT:
            return self.walker.manager
        if to in _BY_TECHNICAL:
            return self.technical
        return self.walker.officer if to == Stage.REVIEW else self.walker.superior

    def _settle(self, at: datetime, today: date) -> None:
        """People say what the app does not know; what it finds not met, an officer overrides."""
        for standing in read_standings(self.round, today=today):
            if not standing.is_in_the_way:
                continue
            finding = standing.finding
            if finding is None or finding.outcome == Outcome.UNKNOWN:
                answer_condition(
                    self.round,
                    condition=standing.condition,
                    answer=Answer.MET,
                    by=self._answerer(),
                    at=at,
                    today=today,
                )
            else:
                override_condition(
                    self.round,
                    condition=standing.condition,
                    reason=OVERRIDDEN,
                    by=self.walker.officer,
                    at=at,
                    today=today,
                )

    def _answerer(self) -> Actor:
        stage = Stage(self.round.stage)
        if stage == Stage.FILED:
            return self.walker.officer
        return self.walker.manager if stage in _HELD_BY_PLANT else self.walker.superior

    def _date_step(self, stage: Stage, at: datetime, today: date) -> None:
        """The days of the stages that have some; a notice that runs just now ends in a few days."""
        last = today + timedelta(days=_LASTS.get(stage, 0) - 1)
        if stage == Stage.STABLE_RUNNING:
            by = self.walker.manager
        elif stage == Stage.MONITORING:
            by = self.technical
        elif stage == Stage.PUBLIC_NOTICE:
            by = self.walker.superior
            if self.story.stage == stage:
                last = max(last, self.today + timedelta(days=STILL_RUNS_DAYS))
        else:
            return
        set_step(self.round, starts_on=today, ends_on=last, responsible=by.person, by=by, at=at)
