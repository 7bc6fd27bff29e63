"""What a plant on show has beyond its walk: two levels, comments, corrections, holds, a virus."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import NamedTuple

from django.conf import settings

from plants.models import Plant
from tracker.assessments.comments import write_comment
from tracker.assessments.correct import correct_decision, read_standing
from tracker.assessments.models import Decision
from tracker.assessments.propose import SEND_BACK
from tracker.assessments.seen import digest_of
from tracker.audit import Actor
from tracker.demo.timeline import Deed
from tracker.demo.walker import Walker
from tracker.evidence.attach import OwnDates, attach_evidence
from tracker.evidence.holds import lift_hold, set_hold
from tracker.evidence.models import LegalHold
from tracker.evidence.partial import add_part, begin_upload
from tracker.evidence.scanner import Answer, Found
from tracker.evidence.scanning import claim_file, keep_answer
from tracker.evidence.store import IncomingFile
from tracker.obligations.models import Obligation

RULES = {"region": "r117", "corps": "c16"}  # how the codes of the tree's own plan begin
TWO_LEVELS = ("storage", "conveying")
STAGED = (*TWO_LEVELS, "process-site", "gate")
VEHICLES = "opinion-in-plant-vehicles"
RUNS_OUT_IN_DAYS = 12
FOUND = "Demo.Harmless.NotAVirus"
ENGINE = "演示记录，未经真实扫描"
HARMLESS = (
    "演示材料，非真实数据。\n本文件不含病毒：系统演示时人为记录了一条“发现病毒”的结果，"
    "用来展示隔离后的页面。\n{plant} 门禁系统运行记录\n"
)
VIDEO_BYTES, SENT_BYTES = 1_800_000, 1_100_000

PROPOSED = "现场核查料棚已封闭、喷雾抑尘正常运行，材料齐全，建议通过，请上级复核。"
SENT_BACK = "2号转载点只有改造前的照片，看不出是否密闭。请企业补拍改造后照片，初审核对后再报。"
WRONG = "昨日现场检查发现石灰石破碎机密闭罩破损、未及时修复，与已通过的材料不符，经请示予以纠正。"
TALK_STORAGE = (
    ("officer", 12, "熟料库东侧卸料口的软帘照片没有找到，是哪一张？"),
    ("manager", 11, "是附件里的第二张照片，拍摄时软帘已放下。需要的话可以再补拍一张近景。"),
    ("officer", 10, "看到了，不用补拍。本周报上级复核。"),
    ("superior", 2, "复核中。请企业把料棚竣工验收单的原件留好，复核时可能要看。"),
)
TALK_GATE = (
    ("officer", 4, "附件“门禁系统运行记录.txt”被查出病毒，打不开。请在干净的电脑上重新导出。"),
    ("manager", 3, "收到，门禁厂家明天来厂里重装系统，装好后重新导出并提交。"),
)
HOLD = "破碎机密闭罩破损线索正在核查，核查结束前有关材料不得销毁。"
EARLIER_HOLD = "信访件涉及厂界扬尘问题，办理期间企业全部材料不得销毁。"
LIFTED = "信访件已办结并答复，解除保留。"


class Scene(NamedTuple):
    """A deed, and the day and minute on which it is done."""

    on: date
    minutes: int
    play: Callable[[datetime], object]


class Stage:
    """The scenes of one plant, by its own people; ``obligations`` are all that it owes."""

    def __init__(
        self, plant: Plant, obligations: list[Obligation], walker: Walker, today: date
    ) -> None:
        self.plant = plant
        self.walker = walker
        self.today = today
        self.by_code = {each.requirement.code: each for each in obligations}
        self.prefix = RULES[plant.authority.tree]

    @property
    def staged(self) -> list[int]:
        """The ids of what goes its own way here, and has no other fate."""
        return [self._of(name).pk for name in STAGED] + [self.by_code[VEHICLES].pk]

    def scenes(self) -> Iterator[Scene]:
        yield from self._two_levels()
        yield from self._put_right()
        yield from self._virus()
        yield from self._runs_out()
        yield from self._talk("storage", TALK_STORAGE)
        yield from self._talk("gate", TALK_GATE)

    def _of(self, name: str) -> Obligation:
        return self.by_code[f"{self.prefix}-{name}"]

    def _ago(self, days: int, minutes: int, play: Callable[[datetime], object]) -> Scene:
        return Scene(self.today - timedelta(days=days), minutes, play)

    def _taken(self, deed: Deed, obligation: Obligation) -> Callable[[datetime], object]:
        return partial(self.walker.do, deed, obligation)

    def _two_levels(self) -> Iterator[Scene]:
        """One waits for the second level; one came back from there."""
        walker, storage, conveying = self.walker, self._of("storage"), self._of("conveying")
        accept = partial(walker.review, storage, Decision.ACCEPT, reason=PROPOSED)
        back = partial(walker.review, conveying, SEND_BACK, reason=SENT_BACK, by=walker.superior)
        yield self._ago(16, 95, self._taken(Deed.HAND_IN, storage))
        yield self._ago(9, 410, accept)
        yield self._ago(20, 140, self._taken(Deed.HAND_IN, conveying))
        yield self._ago(15, 65, self._taken(Deed.PROPOSE, conveying))
        yield self._ago(6, 350, back)

    def _put_right(self) -> Iterator[Scene]:
        """What was accepted is returned; then a hold, and a video whose upload broke off."""
        site = self._of("process-site")
        yield self._ago(29, 75, self._taken(Deed.HAND_IN, site))
        yield self._ago(25, 200, self._taken(Deed.ACCEPT, site))
        yield self._ago(10, 300, partial(self._correct, site))
        yield self._ago(9, 30, partial(self._hold, site, HOLD))
        yield self._ago(27, 40, partial(self._hold, None, EARLIER_HOLD))
        yield self._ago(13, 460, self._lift)
        yield self._ago(1, 470, partial(self._break_off, site))

    def _virus(self) -> Iterator[Scene]:
        gate = self._of("gate")
        yield self._ago(5, 120, partial(self._attach_harmless, gate))
        yield self._ago(5, 121, self._taken(Deed.HAND_IN, gate))
        yield self._ago(5, 123, self._find_virus)

    def _runs_out(self) -> Iterator[Scene]:
        """Accepted long ago, by a contract that ends in some days."""
        vehicles = self.by_code[VEHICLES]
        entered = self.plant.tracked_from_on
        yield Scene(entered + timedelta(days=20), 60, partial(self._answer_until, vehicles))
        yield Scene(entered + timedelta(days=24), 90, self._taken(Deed.ACCEPT, vehicles))

    def _talk(self, name: str, lines: tuple[tuple[str, int, str], ...]) -> Iterator[Scene]:
        for number, (who, days, text) in enumerate(lines):
            by: Actor = getattr(self.walker, who)
            say = partial(self._say, self._of(name), text, by)
            yield self._ago(days, 430 + number, say)

    def _say(self, obligation: Obligation, text: str, by: Actor, at: datetime) -> None:
        token = self.walker.token()
        write_comment(obligation=obligation, text=text, token=token, by=by, at=at)

    def _correct(self, obligation: Obligation, at: datetime) -> None:
        standing = read_standing(obligation)
        superior = self.walker.superior.person
        assert standing is not None and superior is not None  # noqa: S101, PT018 (seeded before)
        correct_decision(
            obligation=obligation,
            review_pk=standing.review.pk,
            corrections=0,
            superior_pk=superior.pk,
            reason=WRONG,
            seen=digest_of(standing.submission),
            by=self.walker.officer,
            at=at,
        )

    def _hold(self, obligation: Obligation | None, reason: str, at: datetime) -> None:
        by = self.walker.officer
        set_hold(plant=self.plant, obligation=obligation, reason=reason, by=by, at=at)

    def _lift(self, at: datetime) -> None:
        hold = LegalHold.objects.standing().get(plant=self.plant, obligation=None)
        lift_hold(hold=hold, reason=LIFTED, by=self.walker.officer, at=at)

    def _attach_harmless(self, obligation: Obligation, at: datetime) -> None:
        incoming = IncomingFile("门禁系统运行记录.txt", limit_bytes=settings.UPLOAD_LIMIT_BYTES)
        incoming.write(HARMLESS.format(plant=self.plant.name_zh).encode())
        file = incoming.keep()
        attach_evidence(
            obligation=obligation, file=file, document_on=at.date(), by=self.walker.manager, at=at
        )
        self.harmless = file.stored

    def _find_virus(self, at: datetime) -> None:
        """No virus is shipped: the finding is written as the scanner's would be."""
        claim = claim_file(self.harmless.pk, now=at)
        assert claim is not None  # noqa: S101 (nobody else scans while the demo is built)
        keep_answer(claim, Answer(Found.VIRUS, FOUND), ENGINE, at)

    def _answer_until(self, obligation: Obligation, at: datetime) -> None:
        drawn = self.walker.files.draw(".pdf", self.walker.rng)
        attach_evidence(
            obligation=obligation,
            file=replace(drawn, original_name="厂内新能源车辆租赁合同.pdf"),
            document_on=at.date(),
            dates=OwnDates(at.date(), expires_on=self.today + timedelta(days=RUNS_OUT_IN_DAYS)),
            by=self.walker.manager,
            at=at,
        )
        self.walker.submit(obligation, at)

    def _break_off(self, obligation: Obligation, at: datetime) -> None:
        upload = begin_upload(
            obligation=obligation,
            name="破碎机密闭罩修复视频.mp4",
            size_bytes=VIDEO_BYTES,
            dates=OwnDates(at.date()),
            by=self.walker.manager,
            at=at,
        )
        add_part(upload=upload, offset=0, chunks=[bytes(SENT_BYTES)], at=at)
