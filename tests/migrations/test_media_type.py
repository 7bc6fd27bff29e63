"""The media type moves from the stored bytes to the evidence that names them, and back."""

from typing import Any

import pytest

from tests.factories import NOW, PlantFactory, manager_of
from tests.migrations.conftest import MigrateTo
from tracker.evidence.types import EXCEL

BEFORE, AFTER = "0001_the_law", "0004_stored_files_have_no_media_type"


def store(models: Any, number: int, **columns: Any) -> Any:
    stored = models.get_model("tracker", "StoredFile")
    return stored.objects.create(sha256=f"{number:064x}", size_bytes=3, **columns)


def name(models: Any, stored: Any, *names: str, **columns: Any) -> None:
    manager = manager_of(PlantFactory.create())
    for one in names:
        models.get_model("tracker", "Evidence").objects.create(
            plant_id=manager.memberships.get().plant_id,
            uploaded_by_id=manager.pk,
            stored=stored,
            original_name=one,
            uploaded_at=NOW,
            **columns,
        )


@pytest.mark.upgrade(BEFORE)
def test_each_name_gets_its_type(migrate_to: MigrateTo) -> None:
    old = migrate_to(BEFORE)
    name(old, store(old, 1, media_type="application/pdf"), "报告.pdf", "报告（盖章）.PDF")
    name(old, store(old, 2, media_type="image/png"), "现场.png")
    # The second name of the same bytes had got the first one's type.
    name(old, store(old, 3, media_type="text/csv"), "台账.csv", "台账.TXT")
    name(old, store(old, 4, media_type="application/zip"), "台账.zip", "台账.xlsx")
    store(old, 5, media_type="image/png")

    new = migrate_to(AFTER)

    found = new.get_model("tracker", "Evidence").objects.order_by("pk")
    assert list(found.values_list("original_name", "media_type")) == [
        ("报告.pdf", "application/pdf"),
        ("报告（盖章）.PDF", "application/pdf"),
        ("现场.png", "image/png"),
        ("台账.csv", "text/csv"),
        ("台账.TXT", "text/plain"),
        ("台账.zip", "application/zip"),
        ("台账.xlsx", EXCEL),
    ]


@pytest.mark.upgrade(AFTER)
def test_way_back_gives_the_bytes_the_type_of_their_first_name(migrate_to: MigrateTo) -> None:
    new = migrate_to(AFTER)
    text = store(new, 1)
    name(new, text, "台账.csv", media_type="text/csv")
    name(new, text, "台账.txt", media_type="text/plain")
    store(new, 2)

    old = migrate_to(BEFORE)

    found = old.get_model("tracker", "StoredFile").objects.order_by("sha256")
    assert list(found.values_list("media_type", flat=True)) == ["text/csv", ""]
