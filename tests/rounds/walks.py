"""Rounds in any stage, reached by walking the real use cases."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count

from plants.models import Person, Plant
from tests.factories import (
    NOW,
    TODAY,
    Cast,
    DocumentFactory,
    PersonFactory,
    cast,
)
from tracker.audit import Actor
from tracker.regulations.models import Document
from tracker.rounds.answering import answer_condition, override_condition
from tracker.rounds.models import (
    Answer,
    Body,
    Condition,
    ConditionAnswer,
    Override,
    Round,
    RoundStep,
    Seat,
)
from tracker.rounds.seating import give_seat
from tracker.rounds.walk import move_round, open_round

# The shortest way to the list, and whose move each is.
WAY = {
    "stable_running": "manager",
    "document_review": "manager",
    "site_survey": "assessor",
    "monitoring": "assessor",
    "report": "assessor",
    "filed": "manager",
    "review": "officer",
    "public_notice": "upper",
    "listed": "upper",
}
ORIGIN = "192.0.2.1"


@dataclass
class Scene:
    """A plant's round with one person of each kind; each deed is a minute after the last."""

    world: Cast
    round: Round
    people: dict[str, Person]
    today: date = TODAY
    minutes: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def plant(self) -> Plant:
        return self.world.plant

    def at(self) -> datetime:
        return NOW + timedelta(minutes=next(self.minutes))

    def actor(self, who: str) -> Actor:
        return Actor(self.people[who], ORIGIN)

    def move(self, to: str, who: str = "", note: str = "") -> RoundStep:
        return move_round(
            self.round,
            to=to,
            note=note,
            by=self.actor(who or WAY[to]),
            at=self.at(),
            today=self.today,
        )

    def walk(self, to: str) -> None:
        """Onwards by the shortest way, from the present stage to this one."""
        way = ["planned", *WAY]
        for stage in way[way.index(self.round.stage) + 1 : way.index(to) + 1]:
            self.move(stage)

    def answer(
        self, condition: Condition, answer: str = Answer.MET, who: str = "manager", note: str = ""
    ) -> ConditionAnswer:
        return answer_condition(
            self.round,
            condition=condition,
            answer=answer,
            note=note,
            by=self.actor(who),
            at=self.at(),
            today=self.today,
        )

    def override(
        self, condition: Condition, who: str = "officer", reason: str = "已现场核实。"
    ) -> Override:
        return override_condition(
            self.round,
            condition=condition,
            reason=reason,
            by=self.actor(who),
            at=self.at(),
            today=self.today,
        )

    def seat(self, person: Person, body: str = Body.MONITORING, who: str = "manager") -> Seat:
        return give_seat(
            self.round,
            person=person,
            body=body,
            organisation="示例检测公司",
            by=self.actor(who),
            at=self.at(),
        )


def scene() -> Scene:
    """The Changji plant's first round, just planned, with a monitoring body in its seat."""
    world = cast()
    people = {
        "manager": world.manager,
        "group": world.group_manager,
        "assessor": PersonFactory.create(),
        "officer": world.changji_officer,
        "upper": world.region_officer,
        "stranger": world.other_manager,
        "corps": world.corps_officer,
        "auditor": world.auditor,
    }
    manager = Actor(world.manager, ORIGIN)
    made = Scene(world, open_round(plant=world.plant, by=manager, at=NOW), people)
    made.seat(people["assessor"])
    return made


def condition(code: str, stage: str, **fields: object) -> Condition:
    """A condition that blocks, unless told otherwise."""
    document = Document.objects.first() or DocumentFactory.create()
    values: dict[str, object] = {
        "title_zh": code,
        "title_en": code,
        "text_zh": code,
        "text_en": code,
        "is_blocking": True,
        "document": document,
        "verification": "verified",
        **fields,
    }
    return Condition.objects.create(code=code, stage=stage, **values)
