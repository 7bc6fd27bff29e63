"""A round with a shed and a checklist, and somebody with a seat in it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.utils import translation

from plants.models import Person
from tests.factories import NOW, Cast, DocumentFactory, PersonFactory, cast
from tests.rounds.transport.conftest import open_round, seat_in
from tracker.audit import Actor
from tracker.rounds.fugitive.sources import add_source
from tracker.rounds.models import FugitiveGroup, FugitiveItem, FugitiveSource, Round


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@dataclass(frozen=True)
class Site:
    """``items`` are a general one, one of storage and one of conveying."""

    world: Cast
    found: Round
    guest: Person
    shed: FugitiveSource
    items: tuple[FugitiveItem, FugitiveItem, FugitiveItem]


@pytest.fixture
def site(db: None) -> Site:
    return make_site(cast())


def make_site(world: Cast) -> Site:
    """A round of the cast's plant, opened by its manager."""
    guest = PersonFactory.create()
    found = open_round(world.plant, world.manager)
    seat_in(found, guest)
    shed = add_source(
        found=found,
        group=FugitiveGroup.STORAGE,
        name="石灰石料棚",
        place_in_plant="厂区北侧",
        by=Actor(guest, "192.0.2.1"),
        at=NOW,
    )
    document = DocumentFactory.create(code="opinion-2024")
    groups = (FugitiveGroup.GENERAL, FugitiveGroup.STORAGE, FugitiveGroup.CONVEYING)
    first, second, third = (
        FugitiveItem.objects.create(
            code=f"item-{group}",
            group=group,
            text_zh="封闭料棚",
            text_en="A closed shed",
            document=document,
            verification="to_verify",
        )
        for group in groups
    )
    return Site(world, found, guest, shed, (first, second, third))
