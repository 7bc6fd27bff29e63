"""A spot check at the demo's first plant: drawn, made, and one finding that waits for a remedy."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial

from django.utils import timezone

from plants.models import Part, Plant
from tracker.demo.scenes import Scene
from tracker.demo.walker import Walker
from tracker.rounds.models import SpotCheck, SpotDraw
from tracker.rounds.spot_checks.announce import announce_draw
from tracker.rounds.spot_checks.carry_out import carry_out
from tracker.rounds.spot_checks.checks import write_check
from tracker.rounds.spot_checks.findings import add_finding
from tracker.rounds.spot_checks.rights import plants_under

TITLE = "示例：水泥企业超低排放双随机抽查"
WORD = "示例彩票第135期 03 08 11 19 24 31"
WITNESSES = "示例：法规处、行业协会代表各一名"
SEEN = "现场检查料棚、转载点、在线监测站房和门禁系统，查阅近三个月台账。"
FOUND = "石灰石料棚西侧卷帘门损坏，未能关闭，车辆进出时有可见粉尘外逸。"
DRAWN = 2  # all of the pool: chance would give another demo each time
DRAWN_BEFORE_DAYS, MADE_BEFORE_DAYS, REMEDIED_IN_DAYS = 12, 9, 12


class SpotCheckTale:
    """The draw by the officer on top, the check by her and the plant's own officer."""

    draw: SpotDraw

    def __init__(self, plant: Plant, walker: Walker, today: date) -> None:
        self.plant, self.walker, self.today = plant, walker, today

    def scenes(self) -> Iterator[Scene]:
        drawn_on = self.today - timedelta(days=DRAWN_BEFORE_DAYS)
        yield Scene(drawn_on, 65, self._announce)
        yield Scene(drawn_on, 92, self._carry_out)
        made_on = self.today - timedelta(days=MADE_BEFORE_DAYS)
        yield Scene(made_on, 385, partial(self._write, made_on))

    def _announce(self, at: datetime) -> None:
        people = [self.walker.superior.person, self.walker.officer.person]
        authority = self.plant.authority.parent
        assert authority is not None  # noqa: S101 (a bureau of a prefecture or a division)
        plants = list(plants_under(authority)[:DRAWN])
        self.draw = announce_draw(
            title=TITLE,
            authority=authority,
            plants=plants,
            inspectors=[each for each in people if each is not None],
            plants_asked=len(plants),
            inspectors_asked=len(people),
            by=self.walker.superior,
            at=at,
        )

    def _carry_out(self, at: datetime) -> None:
        carry_out(self.draw, word=WORD, witnesses=WITNESSES, by=self.walker.superior, at=at)

    def _write(self, made_on: date, at: datetime) -> None:
        check = SpotCheck.objects.get(draw=self.draw, plant=self.plant)
        write_check(check, done_on=made_on, seen=SEEN, by=self.walker.superior, at=at)
        add_finding(
            check,
            part=Part.FUGITIVE,
            text=FOUND,
            due_on=timezone.localdate(at) + timedelta(days=MADE_BEFORE_DAYS + REMEDIED_IN_DAYS),
            by=self.walker.superior,
            at=at + timedelta(minutes=6),
        )
