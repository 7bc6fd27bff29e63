"""Corrections of requirements stay what they are when other rules can be corrected, too."""

from tests.factories import NOW, PersonFactory, RequirementFactory
from tests.migrations.conftest import MigrateTo
from tracker.regulations.models import Correction


def test_corrections_of_requirements_are_kept(migrate_to: MigrateTo) -> None:
    rule, officer = RequirementFactory.create(), PersonFactory.create()
    old = migrate_to("0012_annex_imports")
    old.get_model("tracker", "Correction").objects.create(
        requirement_id=rule.pk,
        before={"clause": ""},
        after={"clause": "第五条"},
        source_note="第5页",
        made_by_id=officer.pk,
        made_at=NOW,
    )

    migrate_to("0014_corrections_know_the_newer_file")

    [kept] = Correction.objects.standing()
    assert (kept.requirement_id, kept.after, kept.filed) == (rule.pk, {"clause": "第五条"}, {})
    assert (kept.target_id, kept.document_id, kept.stop_window_id) == (None, None, None)
