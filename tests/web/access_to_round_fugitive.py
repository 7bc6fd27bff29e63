"""The part of the access table that is about a round's fugitive emissions on site."""

from collections.abc import Sequence
from uuid import uuid4

from tests.factories import NOW, Cast, DocumentFactory, store_file
from tests.web.access_to_rounds import make_round
from tests.web.personas import REVIEWERS, Statuses, everyone, those_who_answer, those_who_see
from tracker.audit import Actor
from tracker.demo.evidence_files import make_picture
from tracker.rounds.fugitive.check import Seen, record_checks
from tracker.rounds.fugitive.photos import keep_photo
from tracker.rounds.fugitive.sources import add_source
from tracker.rounds.models import (
    CheckResult,
    FugitiveCheck,
    FugitiveGroup,
    FugitiveItem,
    FugitiveSource,
    Round,
)


def _those_who_see_it(status: int) -> Statuses:
    """A membership as assessor shows no rounds: a seat in one does."""
    return those_who_see(status) | {"assessor": 404}


def _those_on_site(status: int) -> Statuses:
    """The plant and its officers; 403 for others who see the round."""
    return those_who_answer(status) | dict.fromkeys(REVIEWERS, status) | {"assessor": 404}


ON_SITE_ROWS: dict[tuple[str, str], Statuses] = {
    ("round-fugitive", "GET"): _those_who_see_it(200),
    ("round-source-add", "POST"): _those_on_site(422),
    ("round-source", "GET"): _those_who_see_it(200),
    ("round-look-add", "POST"): _those_on_site(422),
    ("round-looks-send", "POST"): _those_on_site(400),
    ("round-photo-add", "POST"): _those_on_site(400),
    # The same script for everybody, with nothing of anybody in it.
    ("round-worker", "GET"): everyone(200, anonymous=200),
    ("round-remedy-plan", "POST"): _those_on_site(422),
    ("round-remedy-done", "POST"): _those_on_site(422),
    ("round-photo", "GET"): _those_who_see_it(200),
}


def make_source(found: Round) -> FugitiveSource:
    """A shed in the round, added by who opened it."""
    return add_source(
        found=found,
        group=FugitiveGroup.STORAGE,
        name="石灰石料棚",
        place_in_plant="厂区北侧",
        by=Actor(found.opened_by, "tests"),
        at=NOW,
    )


def make_items() -> tuple[FugitiveItem, FugitiveItem, FugitiveItem]:
    """One that is general, one of storage, one of conveying."""
    document = DocumentFactory.create()
    groups = (FugitiveGroup.GENERAL, FugitiveGroup.STORAGE, FugitiveGroup.CONVEYING)
    first, second, third = (
        FugitiveItem.objects.create(
            code=f"item-{group}",
            group=group,
            position=number,
            text_zh=f"检查项{number}",
            text_en=f"Item {number}",
            document=document,
            clause="附件2",
            verification="to_verify",
        )
        for number, group in enumerate(groups)
    )
    return first, second, third


def make_fault(source: FugitiveSource, item: FugitiveItem) -> FugitiveCheck:
    """A fault with a photograph, seen by who opened the round."""
    found, by = source.round, Actor(source.round.opened_by, "tests")
    file = store_file(make_picture(1), name="料棚.png")
    photo = keep_photo(found=found, file=file, by=by, at=NOW)
    seen = Seen(uuid4(), source, item, CheckResult.FAULT, NOW, "料棚门未关闭", photos=[photo])
    return record_checks(found=found, seen=[seen], by=by, at=NOW).added[0]


def on_site_arguments(world: Cast) -> dict[str, Sequence[object]]:
    """By the name of the address."""
    source = make_source(world.plant.rounds.first() or make_round(world))
    fault = make_fault(source, make_items()[0])
    pk = source.round_id
    return {
        **dict.fromkeys(("round-fugitive", "round-source-add", "round-photo-add"), (pk,)),
        **dict.fromkeys(("round-source", "round-look-add", "round-looks-send"), (pk, source.pk)),
        **dict.fromkeys(("round-remedy-plan", "round-remedy-done"), (pk, fault.pk)),
        "round-photo": (pk, fault.photos.get().pk),
    }
