"""Annexes applied at the same moment: written once, and the later one looks again."""

import pytest

from tests.annexes.conftest import Receive
from tests.factories import NOW, TODAY, Cast, cast
from tests.flows.test_races import at_once
from tracker.annexes.apply import Outcome, StaleRecord, apply_annex
from tracker.annexes.arrange import AnnexRefused
from tracker.annexes.models import AnnexImport
from tracker.annexes.preview import read_preview
from tracker.annexes.take_back import take_back_annex
from tracker.annexes.taking_back import Outcome as TakenBack
from tracker.annexes.taking_back import read_taking_back
from tracker.audit import Actor, Event, broken_links
from tracker.regulations.models import AnnexDate

pytestmark = pytest.mark.django_db(transaction=True)

HEADING: list[object] = ["企业名称", "全流程完成时限"]


@pytest.fixture
def world(transactional_db: None) -> Cast:
    """Threads have connections of their own: what they see is committed."""
    return cast()


def apply(annex: AnnexImport, seen: str, world: Cast) -> Outcome:
    mine = AnnexImport.objects.select_related("document", "stored").get(pk=annex.pk)
    by = Actor(world.region_officer, "tests")
    return apply_annex(annex=mine, seen=seen, by=by, at=NOW, today=TODAY)


def test_one_import_is_applied_once(world: Cast, receive: Receive) -> None:
    annex = receive([HEADING, [world.plant.name_zh, "2026年底"]])
    seen = read_preview(annex, world.region_officer).seen

    outcomes = at_once(*[lambda: apply(annex, seen, world)] * 2)

    assert {type(outcome) for outcome in outcomes} == {Outcome, AnnexRefused}
    assert AnnexDate.objects.count() == 1
    assert Event.objects.for_plant(world.plant).filter(verb="loaded").count() == 1
    assert broken_links(f"plant:{world.plant.pk}") == []


def test_of_two_imports_the_later_looks_again(world: Cast, receive: Receive) -> None:
    first = receive([HEADING, [world.plant.name_zh, "2026年底"]])
    second = receive([HEADING, [world.plant.name_zh, "2027年底"]])
    seen = read_preview(first, world.region_officer).seen

    outcomes = at_once(lambda: apply(first, seen, world), lambda: apply(second, seen, world))

    assert {type(outcome) for outcome in outcomes} == {Outcome, StaleRecord}
    assert AnnexDate.objects.count() == 1


def take_back(annex: AnnexImport, seen: str, world: Cast) -> TakenBack:
    mine = AnnexImport.objects.select_related("document").get(pk=annex.pk)
    by = Actor(world.region_officer, "tests")
    return take_back_annex(annex=mine, reason="读错", seen=seen, by=by, at=NOW, today=TODAY)


def test_one_import_is_taken_back_once(world: Cast, receive: Receive) -> None:
    annex = receive([HEADING, [world.plant.name_zh, "2026年底"]])
    apply(annex, read_preview(annex, world.region_officer).seen, world)
    seen = read_taking_back(annex).seen

    outcomes = at_once(*[lambda: take_back(annex, seen, world)] * 2)

    assert {type(outcome) for outcome in outcomes} == {TakenBack, AnnexRefused}
    assert AnnexDate.objects.count() == 0
    assert Event.objects.for_plant(world.plant).filter(verb="withdrew").count() == 1


def test_taking_back_and_a_later_import_take_turns(world: Cast, receive: Receive) -> None:
    first = receive([HEADING, [world.plant.name_zh, "2026年底"]])
    apply(first, read_preview(first, world.region_officer).seen, world)
    second = receive([HEADING, [world.plant.name_zh, "2027年底"]])
    seen = read_preview(second, world.region_officer).seen, read_taking_back(first).seen

    outcomes = at_once(
        lambda: apply(second, seen[0], world), lambda: take_back(first, seen[1], world)
    )

    # Whoever comes second sees that the record moved.
    assert StaleRecord in {type(outcome) for outcome in outcomes}
    assert len({type(outcome) for outcome in outcomes}) == 2
    assert broken_links(f"plant:{world.plant.pk}") == []
