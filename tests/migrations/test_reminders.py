"""Older reminders know what they are about, and are not new in anybody's inbox."""

from typing import Any

import pytest

from tests.factories import NOW, TODAY, PlantFactory, manager_of
from tests.migrations.conftest import MigrateTo
from tests.migrations.older import make_older_obligation
from tracker.audit import Verb

BEFORE = "0080_signatures_are_remembered"


@pytest.mark.upgrade(BEFORE)
@pytest.mark.parametrize(("verb", "letter"), [(Verb.REFUSED, "at_once"), (Verb.RE_DATED, "digest")])
def test_older_reminders_know_their_kind(migrate_to: MigrateTo, verb: Verb, letter: str) -> None:
    plant = PlantFactory.create()
    manager = manager_of(plant)
    models = migrate_to(BEFORE)
    obligation = make_older_obligation(models, plant)
    event = models.get_model("tracker", "Event").objects.create(
        chain=f"plant-{plant.pk}",
        sequence=1,
        at=NOW,
        origin="tests",
        verb=verb,
        thing_kind="obligation",
        thing_id=obligation.pk,
        plant_id=plant.pk,
        digest="0" * 64,
    )
    old = models.get_model("tracker", "Reminder").objects
    given: dict[str, Any] = {
        "obligation_id": obligation.pk,
        "person_id": manager.pk,
        "due_on": TODAY,
        "planned_at": NOW,
        "next_attempt_at": NOW,
    }
    rung, change = old.create(rung=30, **given), old.create(event_id=event.pk, **given)

    new = migrate_to("0093_reminders_of_one_kind").get_model("tracker", "Reminder").objects

    kept = new.in_bulk([rung.pk, change.pk])
    assert [(row.kind, row.letter) for row in (kept[rung.pk], kept[change.pk])] == [
        ("due", "digest"),
        ("change", letter),
    ]
    assert {row.read_at for row in kept.values()} == {NOW}
