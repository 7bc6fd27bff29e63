"""What applying an annex would do to the obligations, looked at before: nothing of it stays."""

from datetime import date

import pytest

from tests.annexes.conftest import Receive
from tests.factories import NOW, TODAY, Cast
from tracker.annexes.arrange import choose_rows
from tracker.annexes.models import AnnexImport
from tracker.annexes.preview import read_preview
from tracker.annexes.writing import preview_impact
from tracker.audit import Actor, Event
from tracker.obligations.models import Obligation
from tracker.obligations.preview import Impact, Move
from tracker.obligations.schedule import schedule_obligations
from tracker.regulations.models import AnnexDate

pytestmark = pytest.mark.django_db

HEADING: list[object] = ["企业名称", "有组织完成时限", "全流程完成时限"]
BACKSTOP, LONG_AGO = date(2028, 12, 31), date(2025, 6, 30)


@pytest.fixture
def annex(world: Cast, receive: Receive) -> AnnexImport:
    """Two plants' dates, of which one has passed long ago, and a row that stays out."""
    schedule_obligations(today=TODAY, by=Actor(None, "tests"), at=NOW)
    return receive(
        [
            HEADING,
            [world.plant.name_zh, "2025年6月底", "2027年底"],
            [world.other_plant.name_zh, None, "2027年底"],
            ["别处的水泥厂", "2027年底", None],
        ]
    )


def impact_of(annex: AnnexImport, world: Cast) -> Impact:
    preview = read_preview(annex, world.region_officer)
    return preview_impact(annex, preview, today=TODAY)


def test_impact_is_what_applying_would_do(world: Cast, annex: AnnexImport) -> None:
    impact = impact_of(annex, world)

    assert impact.plants == {world.plant.pk, world.other_plant.pk}
    assert (len(impact.moves), impact.overdue) == (4, 1)
    [late] = [move for move in impact.moves if move.after < TODAY]
    owed = Obligation.objects.get(plant=world.plant, requirement__due__annex="organised")
    assert late == Move(owed.pk, world.plant.pk, BACKSTOP, LONG_AGO)


def test_nothing_of_it_stays(world: Cast, annex: AnnexImport) -> None:
    events = Event.objects.count()

    impact_of(annex, world)

    assert AnnexDate.objects.count() == 0
    assert set(Obligation.objects.values_list("due_on", flat=True)) == {BACKSTOP}
    assert Event.objects.count() == events


def test_rows_that_are_left_out_have_no_impact(world: Cast, annex: AnnexImport) -> None:
    by = Actor(world.region_officer, "tests")
    choose_rows(annex=annex, shown=["0-2", "0-3"], taken=["0-3"], plants={}, by=by, at=NOW)

    impact = impact_of(annex, world)

    # The day of the whole plant counts for its parts that have none.
    moved = (world.other_plant.pk, date(2027, 12, 31))
    assert [(move.plant_id, move.after) for move in impact.moves] == [moved] * 2
