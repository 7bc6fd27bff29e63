"""The small cast, the Opinion's rows on transport, and a round that somebody was let in to."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from plants.models import Person, Plant
from tests.factories import NOW, Cast, DocumentFactory, LimitFactory, RequirementFactory, cast
from tests.rounds.transport.law import LAW
from tracker.rounds.models import Body, Round, Seat


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def world(db: None) -> Cast:
    return cast()


@pytest.fixture
def opinion(db: None) -> None:
    """The rows of the law that tests/rounds/transport/law.py has, in the database."""
    requirement = RequirementFactory.create(
        code="opinion-transport",
        document=DocumentFactory.create(code="opinion-2024", number="环大气〔2024〕5号"),
        applies="always",
        part="clean_transport",
        subject_kind="plant",
    )
    for each in LAW:
        LimitFactory.create(
            requirement=requirement,
            pollutant=each.pollutant,
            comparison="at_least",
            value=each.percent,
            unit="%",
            averaging="",
            effective_from=each.effective_from,
            effective_to=each.effective_to,
        )


def open_round(plant: Plant, by: Person, **fields: object) -> Round:
    """A round that begins, as a plain row."""
    number = Round.objects.filter(plant=plant).count() + 1
    values: dict[str, object] = {"stage_since_at": NOW, "opened_by": by, "opened_at": NOW}
    return Round.objects.create(plant=plant, number=number, **{**values, **fields})


def seat_in(found: Round, person: Person, body: Body = Body.TECHNICAL) -> Seat:
    return Seat.objects.create(
        round=found,
        person=person,
        body=body,
        organisation="示例技术机构",
        given_by=found.opened_by,
        given_at=NOW,
    )
