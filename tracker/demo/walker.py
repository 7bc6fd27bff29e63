"""One plant's people at work: they hand in, ask, review and decide, by the real use cases."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from django.utils import timezone

from plants.models import Person
from tracker.assessments.models import Decision
from tracker.assessments.propose import decide_submission
from tracker.audit import Actor
from tracker.demo.evidence_files import ending_of
from tracker.demo.file_pool import FilePool
from tracker.demo.timeline import Deed
from tracker.evidence.attach import attach_evidence
from tracker.evidence.models import Submission
from tracker.evidence.papers import ask_with_papers
from tracker.evidence.submit import submit_evidence
from tracker.obligations.models import Obligation, Relief, ReliefKind
from tracker.obligations.relief import decide_relief

NOTES = ("", "", "本期材料见附件。", "数据已与台账核对，请审核。", "按要求补充了现场照片和台账。")
REASONS = (
    "附件缺少盖章页，请补充完整后重新提交。",
    "台账与监测报告的日期不一致，请核对。",
    "照片看不清排放口标识，请重新拍摄。",
    "缺少本期的原始数据表，请补充。",
)
USUAL_EVIDENCE = {"kind": "report", "zh": "情况说明"}
EXTRA_DAYS = {Deed.ASK: 60, Deed.ASK_LONG: 150}
PLEAS = {
    Deed.ASK: "设备交货推迟，安装调试需要顺延，采购合同和供货函见附件。",
    Deed.ASK_LONG: "改造与冬季停窑期冲突，须待明年开窑后才能调试，施工计划见附件。",
    Deed.ASK_WAIVER: "所涉设施已停用并拆除，拆除验收单见附件。",
}
REFUSAL = "供货合同已约定交货日期，推迟的理由不充分。"


class Walker:
    """One plant's manager, its officer and the officer above, taking turns."""

    def __init__(
        self,
        number: int,
        manager: Person,
        officer: Person,
        superior: Person,
        files: FilePool,
        rng: Random,
    ) -> None:
        self.rng = rng
        self.files = files
        # Addresses that belong to nobody: kept for documentation (RFC 5737).
        self.manager = Actor(manager, f"192.0.2.{number % 250 + 1}")
        self.officer = Actor(officer, f"198.51.100.{number % 250 + 1}")
        self.superior = Actor(superior, "203.0.113.9")
        self.waiting: dict[int, Submission] = {}
        self.asked: dict[int, Relief] = {}

    def do(self, deed: Deed, obligation: Obligation, at: datetime) -> None:
        match deed:
            case Deed.DRAFT:
                self._attach(obligation, at)
            case Deed.HAND_IN:
                self._attach(obligation, at)
                self.submit(obligation, at)
            case Deed.RETURN:
                self.review(obligation, Decision.RETURN, at, reason=self.rng.choice(REASONS))
            case Deed.ACCEPT | Deed.PROPOSE:
                self.review(obligation, Decision.ACCEPT, at)
            case Deed.CONFIRM:
                self.review(obligation, Decision.ACCEPT, at, by=self.superior)
            case Deed.ASK | Deed.ASK_LONG | Deed.ASK_WAIVER:
                self._ask(obligation, deed, at)
            case Deed.GRANT:
                self._decide(obligation, self.officer, at)
            case Deed.GRANT_ABOVE:
                self._decide(obligation, self.superior, at)
            case Deed.REFUSE:
                self._decide(obligation, self.officer, at, refusal=REFUSAL)

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

    def submit(self, obligation: Obligation, at: datetime) -> None:
        self.waiting[obligation.pk] = submit_evidence(
            obligation=obligation,
            note=self.rng.choice(NOTES),
            token=self.token(),
            by=self.manager,
            at=at,
        )

    def review(
        self,
        obligation: Obligation,
        decision: str,
        at: datetime,
        *,
        reason: str = "",
        by: Actor | None = None,
    ) -> None:
        """Decide on what waits, at the level at which it stands; by the officer if by no other."""
        decide_submission(
            submission=self.waiting[obligation.pk],
            decision=decision,
            reason=reason,
            by=by or self.officer,
            at=at,
        )

    def _ask(self, obligation: Obligation, deed: Deed, at: datetime) -> None:
        days = EXTRA_DAYS.get(deed)
        drawn = self.files.draw(".pdf", self.rng)
        paper = replace(drawn, original_name="情况说明和证明材料.pdf")
        self.asked[obligation.pk] = ask_with_papers(
            obligation=obligation,
            kind=ReliefKind.EXTENSION if days else ReliefKind.WAIVER,
            new_due_on=obligation.due_on + timedelta(days=days) if days else None,
            reason=PLEAS[deed],
            papers=[paper],
            token=self.token(),
            by=self.manager,
            at=at,
            today=timezone.localdate(at),
        )

    def _decide(
        self, obligation: Obligation, by: Actor, at: datetime, *, refusal: str = ""
    ) -> None:
        decide_relief(
            relief=self.asked[obligation.pk],
            granted=not refusal,
            reason=refusal,
            by=by,
            at=at,
            today=timezone.localdate(at),
        )

    def token(self) -> UUID:
        return UUID(int=self.rng.getrandbits(128), version=4)


def _file_name(obligation: Obligation, asked: str, at: datetime) -> str:
    """What a person would call it: what it is, of what, of when."""
    when = obligation.period or f"{at:%Y%m%d}"
    subject = f"_{obligation.outlet.code}" if obligation.outlet else ""
    return f"{asked.replace('/', '、')}{subject}_{when}"
