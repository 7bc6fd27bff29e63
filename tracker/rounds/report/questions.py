"""What the report asks of people: the list of seeds/report.yaml, with who answers it where."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from plants.seedfile import Fault, read_seed
from plants.seedshape import Both, Coded, Shape, Words, check_shape, entries, one_of, twice
from plants.text import Text
from tracker.regulations.seeds import SHIPPED
from tracker.rounds.stages import Mover, Movers

SHIPPED_QUESTIONS = SHIPPED / "report.yaml"
TELLERS: dict[str, Movers] = {
    "plant": frozenset({Mover.PLANT}),
    "assessors": frozenset({Mover.PLANT, Mover.BODY}),
}


class Question(Coded):
    """``point`` is the place in the report at which the answer stands, such as 2.1."""

    point: Words
    by: Annotated[str, one_of(TELLERS)]
    title: Both

    @property
    def name(self) -> Text:
        return Text(self.title.zh, self.title.en)


class QuestionsShape(Shape):
    report_questions: Annotated[list[Question], Field(min_length=1)]


def parse_questions(name: str, content: bytes) -> tuple[tuple[Question, ...], list[Fault]]:
    """Check the file's shape and that no code is twice. Pure."""
    seed, faults = read_seed(name, content)
    if seed is None:
        return (), faults
    shape, wrong = check_shape(seed, QuestionsShape)
    faults += wrong
    if shape is None:
        return (), sorted(faults)
    faults += twice(entries(seed, "report_questions", shape.report_questions), "question")
    return tuple(shape.report_questions), sorted(faults)


@lru_cache(maxsize=1)
def read_questions(path: Path = SHIPPED_QUESTIONS) -> tuple[Question, ...]:
    """Those that come with the product, in their order."""
    questions, faults = parse_questions(f"seeds/{path.name}", path.read_bytes())
    if faults:
        raise ValueError("; ".join(str(fault) for fault in faults))
    return questions


def question_of(code: str) -> Question | None:
    return next((each for each in read_questions() if each.code == code), None)
