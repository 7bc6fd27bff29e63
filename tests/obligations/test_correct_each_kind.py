"""A target, a document's head and a stop window: corrected, stale, refused, taken back."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, models, transaction
from django.utils.translation import override

from plants.models import Person, StopWindow
from tests.factories import (
    NOW,
    TODAY,
    Cast,
    DocumentFactory,
    RequirementFactory,
    StopWindowFactory,
    TargetFactory,
    cast,
)
from tracker.audit import Actor, Event, Verb
from tracker.obligations.correct import (
    CorrectionRefused,
    Done,
    StaleRule,
    correct_rule,
    preview_correction,
    undo_correction,
    why_not_undo,
)
from tracker.obligations.models import Obligation
from tracker.obligations.schedule import schedule_obligations
from tracker.regulations.correctable import Correctable, corrected_thing, read_correctable
from tracker.regulations.models import Correction

pytestmark = pytest.mark.django_db
BY_NAME = {"zh": "自治区生态环境厅", "en": "Department of Ecology"}
# What each is corrected to, and the same as the trail keeps it.
TO: Mapping[str, dict[str, object]] = {
    "target": {"share_percent": Decimal("75"), "by_on": date(2027, 12, 31)},
    "document": {"number": "新环〔2026〕9号", "issuers": [BY_NAME], "issued_on": date(2024, 5, 1)},
    "stop_window": {"starts_on": date(2025, 11, 5), "verification": "secondary"},
}
KEPT: Mapping[str, dict[str, object]] = {
    "target": {"share_percent": "75", "by_on": "2027-12-31"},
    "document": {"number": "新环〔2026〕9号", "issuers": [BY_NAME], "issued_on": "2024-05-01"},
    "stop_window": {"starts_on": "2025-11-05", "verification": "secondary"},
}
KINDS = pytest.mark.parametrize("kind", TO)


@pytest.fixture
def world() -> Cast:
    return cast()


@pytest.fixture
def read(world: Cast) -> Callable[[str], Correctable]:
    """The region's plan with a target, and a stop window that it sets, each as it stands now."""
    plan = DocumentFactory.create(code="plan", tree="region")
    TargetFactory.create(code="target", document=plan)
    window = StopWindowFactory.create(document_code="plan")
    keys = {"target": "target", "document": "plan", "stop_window": str(window.pk)}

    def read_it(kind: str) -> Correctable:
        found = read_correctable(kind, keys[kind])
        assert found is not None
        return found

    return read_it


def correct(correctable: Correctable, values: Mapping[str, object], person: Person | None) -> Done:
    return correct_rule(
        correctable=correctable,
        values=values,
        source_note="正式文本第5页",
        by=Actor(person, "198.51.100.7"),
        at=NOW,
        today=TODAY,
    )


def undo(correction: Correction, person: Person) -> Done:
    return undo_correction(
        correction=correction,
        source_note="误读",
        by=Actor(person, "198.51.100.7"),
        at=NOW,
        today=TODAY,
    )


@KINDS
def test_corrected_it_reads_so_and_is_in_the_trail(
    world: Cast, read: Callable[[str], Correctable], kind: str
) -> None:
    before = read(kind)

    correct(before, TO[kind], world.region_officer)

    assert read(kind).values == {**before.values, **KEPT[kind]}
    event = Event.objects.get(verb=Verb.CORRECTED)
    assert event.before == {path: before.values[path] for path in KEPT[kind]}
    assert (event.after, event.thing_id) == (KEPT[kind], before.thing.pk)


@KINDS
def test_taken_back_it_reads_as_before(
    world: Cast, read: Callable[[str], Correctable], kind: str
) -> None:
    before = read(kind).values
    done = correct(read(kind), TO[kind], world.region_officer)

    undo(done.correction, world.region_officer)

    assert read(kind).values == before
    assert not Correction.objects.standing().exists()
    assert why_not_undo(world.region_officer, done.correction) is not None


@KINDS
def test_what_changed_meanwhile_is_stale(
    world: Cast, read: Callable[[str], Correctable], kind: str
) -> None:
    seen = read(kind)
    correct(seen, TO[kind], world.region_officer)
    stands = read(kind).values

    with pytest.raises(StaleRule):
        correct(seen, TO[kind], world.region_officer)

    assert read(kind).values == stands


@KINDS
def test_only_an_officer_on_top_of_the_tree_corrects(
    world: Cast, read: Callable[[str], Correctable], kind: str
) -> None:
    others = [who for name, who in world.people.items() if name != "region_officer"]
    before = read(kind).values

    for person in (*others, None):
        with override("en"), pytest.raises(CorrectionRefused, match="issuing authority"):
            correct(read(kind), TO[kind], person)

    assert read(kind).values == before


@pytest.mark.parametrize(
    ("kind", "values", "says"),
    [
        ("target", {"share_percent": Decimal("0")}, "more than 0 %"),
        ("target", {"share_percent": Decimal("100.5")}, "at most 100 %"),
        ("target", {"area_kind": "corps"}, "has no area_kind"),
        ("target", {"share_percent": Decimal("80.00")}, "Nothing differs"),
        ("document", {"effective_on": date(2024, 1, 18)}, "before it is issued"),
        ("document", {"tree": "corps"}, "has no tree"),
        ("stop_window", {"ends_on": date(2025, 10, 31)}, "end before it begins"),
        ("stop_window", {"ends_on": date(2027, 1, 1)}, "outside the season 2025-26"),
        ("stop_window", {"ends_on": date(2026, 6, 5)}, "overlap the stop from 2026-06-01"),
    ],
)
def test_what_contradicts_itself_is_refused(
    world: Cast,
    read: Callable[[str], Correctable],
    kind: str,
    values: dict[str, object],
    says: str,
) -> None:
    StopWindowFactory.create(starts_on=date(2026, 6, 1), ends_on=date(2026, 6, 30))

    with override("en"), pytest.raises(CorrectionRefused, match=says):
        correct(read(kind), values, world.region_officer)

    assert Correction.objects.count() == 0


def test_reasons_name_the_document_as_it_was_corrected(
    world: Cast, read: Callable[[str], Correctable]
) -> None:
    plan = read("document").document
    RequirementFactory.create(document=plan)
    schedule_obligations(today=TODAY, by=Actor(None, "tests"), at=NOW)
    values = {"number": "新环〔2026〕9号"}

    impact = preview_correction(read("document"), values, today=TODAY)
    assert not Obligation.objects.filter(due_basis_zh__contains="新环").exists()
    report = correct(read("document"), values, world.region_officer).report

    assert (len(impact.moves), impact.re_worded) == (0, 3)
    assert (report.re_dated, report.re_worded) == (0, 3)
    assert Obligation.objects.filter(due_basis_zh__contains="新环〔2026〕9号").count() == 3


def test_window_of_a_document_that_is_not_here_is_for_either_top(world: Cast) -> None:
    window = StopWindowFactory.create(document_code="nowhere")
    correctable = read_correctable("stop_window", str(window.pk))
    assert correctable is not None

    correct(correctable, TO["stop_window"], world.region_officer)

    assert StopWindow.objects.get().starts_on == date(2025, 11, 5)


def test_history_outlives_a_window_that_left_the_calendar(
    world: Cast, read: Callable[[str], Correctable]
) -> None:
    first = correct(read("stop_window"), TO["stop_window"], world.region_officer).correction
    last = undo(first, world.region_officer).correction

    StopWindow.objects.all().delete()

    kept = Correction.objects.get(pk=last.pk)
    assert corrected_thing(kept) is None
    with override("en"), pytest.raises(CorrectionRefused, match="left the calendar"):
        undo(kept, world.region_officer)


@pytest.mark.parametrize("kinds", [(), ("target", "document"), tuple(TO)])
def test_correction_is_about_one_thing(
    world: Cast, read: Callable[[str], Correctable], kinds: tuple[str, ...]
) -> None:
    things: dict[str, models.Model] = {kind: read(kind).thing for kind in kinds}

    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.create(
            **things,
            before={},
            after={},
            source_note="第5页",
            made_by=world.region_officer,
            made_at=NOW,
        )
