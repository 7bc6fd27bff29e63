"""Older reviews get what newer ones keep."""

from typing import Any
from uuid import uuid4

import pytest

from tests.factories import NOW, PlantFactory, manager_of, officer_of
from tests.migrations.conftest import MigrateTo
from tests.migrations.older import make_older_obligation
from tracker.assessments.seen import digest_of_files

BEFORE = "0014_corrections_know_the_newer_file"


def make_review(models: Any, obligation_pk: int, manager_pk: int, officer_pk: int) -> Any:
    """A decision on a submission with two files, as the older schema had it."""
    submission = models.get_model("tracker", "Submission").objects.create(
        obligation_id=obligation_pk,
        number=1,
        token=uuid4(),
        submitted_by_id=manager_pk,
        submitted_at=NOW,
    )
    plant_pk = models.get_model("tracker", "Obligation").objects.get(pk=obligation_pk).plant_id
    for number in (2, 1):
        stored = models.get_model("tracker", "StoredFile").objects.create(
            sha256=f"{number:064x}", size_bytes=3
        )
        evidence = models.get_model("tracker", "Evidence").objects.create(
            plant_id=plant_pk,
            stored=stored,
            original_name="报告.pdf",
            media_type="application/pdf",
            uploaded_by_id=manager_pk,
            uploaded_at=NOW,
        )
        submission.evidence.add(evidence)
    return models.get_model("tracker", "Review").objects.create(
        submission=submission,
        decision="return",
        reason="缺页。",
        reviewed_by_id=officer_pk,
        reviewed_at=NOW,
    )


@pytest.mark.upgrade(BEFORE)
def test_older_reviews_know_what_was_seen(migrate_to: MigrateTo) -> None:
    plant = PlantFactory.create()
    manager, officer = manager_of(plant), officer_of(plant.authority)
    old = migrate_to(BEFORE)
    obligation = make_older_obligation(old, plant)
    made = make_review(old, obligation.pk, manager.pk, officer.pk)

    new = migrate_to("0020_reviews_know_what_was_seen")

    kept = new.get_model("tracker", "Review").objects.get(pk=made.pk)
    files = kept.submission.evidence.values_list("pk", "stored__sha256")
    assert kept.seen_digest == digest_of_files(kept.submission_id, files)
