"""Corrections of requirements stay what they are when other rules can be corrected, too."""

import pytest

from tests.factories import NOW, PersonFactory
from tests.migrations.conftest import MigrateTo
from tests.migrations.older import make_older_requirement

BEFORE = "0012_annex_imports"


@pytest.mark.upgrade(BEFORE)
def test_corrections_of_requirements_are_kept(migrate_to: MigrateTo) -> None:
    old = migrate_to(BEFORE)
    rule, officer = make_older_requirement(old), PersonFactory.create()
    old.get_model("tracker", "Correction").objects.create(
        requirement_id=rule.pk,
        before={"clause": ""},
        after={"clause": "第五条"},
        source_note="第5页",
        made_by_id=officer.pk,
        made_at=NOW,
    )

    new = migrate_to("0014_corrections_know_the_newer_file")

    [kept] = new.get_model("tracker", "Correction").objects.all()
    assert (kept.requirement_id, kept.after, kept.filed) == (rule.pk, {"clause": "第五条"}, {})
    assert (kept.target_id, kept.document_id, kept.stop_window_id) == (None, None, None)
