"""What is still unverified of targets, documents and windows, and whom of hers it affects."""

from datetime import date

import pytest

from plants.models import Person, PlantKind
from tests.factories import (
    Cast,
    DocumentFactory,
    ObligationFactory,
    PlaceFactory,
    RequirementFactory,
    StopWindowFactory,
    TargetFactory,
    cast,
)
from tracker.regulations.models import AnnexDate
from tracker.reporting.progress import read_capacities
from tracker.reporting.unverified import (
    read_unverified_annexes,
    read_unverified_documents,
    read_unverified_targets,
    read_unverified_windows,
)

pytestmark = pytest.mark.django_db
DOUBTFUL = "to_verify"


@pytest.fixture
def world() -> Cast:
    return cast()


def test_targets_with_the_capacity_measured_against_them(world: Cast) -> None:
    TargetFactory.create(code="nation", verification=DOUBTFUL)
    TargetFactory.create(code="corps", area_kind="corps", verification="secondary")
    TargetFactory.create(code="gone", withdrawn_on=date(2026, 1, 1), verification=DOUBTFUL)
    TargetFactory.create(code="sure")

    of_region = read_unverified_targets(read_capacities(world.region_officer))
    of_group = read_unverified_targets(read_capacities(world.group_manager))

    found = [
        {row.target.code: (row.plants, row.share.whole_tpd) for row in rows}
        for rows in (of_region, of_group)
    ]
    assert found == [
        {"corps": (0, 0), "nation": (2, 5000)},
        {"corps": (1, 2500), "nation": (2, 5000)},
    ]


def test_documents_with_what_is_owed_under_them(world: Cast) -> None:
    doubtful = DocumentFactory.create(code="a", verification=DOUBTFUL)
    DocumentFactory.create(code="b", verification="secondary")
    for document in (doubtful, DocumentFactory.create(code="sure")):
        rule = RequirementFactory.create(document=document)
        for plant in (world.plant, world.other_plant, world.corps_plant):
            ObligationFactory.create(plant=plant, requirement=rule)

    found = read_unverified_documents(world.region_officer)

    assert [(row.document.code, row.owed, row.plants) for row in found] == [
        ("a", 2, 2),
        ("b", 0, 0),
    ]


def test_windows_with_the_lines_that_stop_with_them(world: Cast) -> None:
    """Shihezi stands in Changji, and has a window of its own in the one season."""
    changji, shihezi = (PlaceFactory.create(code=code) for code in ("changji", "shihezi"))
    StopWindowFactory.create(place=changji, verification=DOUBTFUL)
    StopWindowFactory.create(place=shihezi)
    later = {"season": "2026-27", "starts_on": date(2026, 11, 1), "ends_on": date(2027, 4, 30)}
    StopWindowFactory.create(place=changji, verification=DOUBTFUL, **later)
    assert world.plant.kind == PlantKind.CLINKER

    of_group, of_region = (
        [(row.window.season, row.lines, row.plants) for row in read_unverified_windows(person)]
        for person in (world.group_manager, world.region_officer)
    )

    assert of_group == [("2026-27", 2, 2), ("2025-26", 1, 1)]
    assert of_region == [("2026-27", 1, 1), ("2025-26", 1, 1)]


def test_annexes_with_the_dates_that_nobody_checked(world: Cast) -> None:
    plan, other = DocumentFactory.create(code="a"), DocumentFactory.create(code="b")
    for plant, part, document, verification in (
        (world.plant, "organised", plan, DOUBTFUL),
        (world.plant, "fugitive", plan, "secondary"),
        (world.plant, "whole", plan, "verified"),
        (world.other_plant, "whole", plan, DOUBTFUL),
        (world.corps_plant, "whole", other, DOUBTFUL),
    ):
        AnnexDate.objects.create(
            plant=plant,
            part=part,
            document=document,
            completion_on=date(2026, 12, 31),
            verification=verification,
        )

    def counted(person: Person) -> list[tuple[str, int, int]]:
        return [(r.document.code, r.dates, r.plants) for r in read_unverified_annexes(person)]

    assert counted(world.region_officer) == [("a", 3, 2)]
    assert counted(world.manager) == [("a", 2, 1)]
    assert counted(world.corps_officer) == [("b", 1, 1)]
