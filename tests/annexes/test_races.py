"""Annexes applied at the same moment: written once, and the later one looks again."""

import pytest

from tests.annexes.conftest import Receive
from tests.factories import NOW, TODAY, Cast, cast
from tests.flows.test_races import at_once
from tracker.annexes.apply import Outcome, StaleRecord, apply_annex
from tracker.annexes.arrange import AnnexRefused
from tracker.annexes.models import AnnexImport
from tracker.annexes.preview import read_preview
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
