"""A plan of the region, its plants, and an annex on its way in."""

from collections.abc import Callable, Iterator

import pytest
from django.utils import translation

from plants.models import Person
from tests.annexes.books import book
from tests.factories import NOW, Cast, DocumentFactory, RequirementFactory, cast, store_file
from tracker.annexes.arrange import receive_annex
from tracker.annexes.models import AnnexImport
from tracker.audit import Actor
from tracker.regulations.models import Document

NAME = "附表1.xlsx"
Receive = Callable[..., AnnexImport]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def world(db: None) -> Cast:
    return cast()


@pytest.fixture
def plan(world: Cast) -> Document:
    """A plan for the region's plants, whose annex dates one part and the whole plant."""
    document = DocumentFactory.create(code="region-plan", number="示例〔2024〕1号")
    for part in ("organised", "whole"):
        RequirementFactory.create(
            document=document,
            applies={"plant.tree": "region"},
            due={"annex": part, "backstop": "2028-12-31"},
        )
    return document


@pytest.fixture
def receive(world: Cast, plan: Document) -> Receive:
    """`receive(rows)`: a list as an annex of the plan, by the region's officer."""

    def received(
        rows: list[list[object]], *, by: Person | None = None, name: str = NAME
    ) -> AnnexImport:
        return receive_annex(
            document=plan,
            stored=store_file(book(("附表", rows)), name=name).stored,
            original_name=name,
            verification="verified",
            by=Actor(by or world.region_officer, "192.0.2.1"),
            at=NOW,
        )

    return received
