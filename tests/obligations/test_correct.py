"""Rules confirmed and corrected in the app: who may, what it does, how it is taken back."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from plants.models import Authority, Person
from tests.factories import (
    NOW,
    TODAY,
    Cast,
    DocumentFactory,
    LimitFactory,
    RequirementFactory,
    cast,
    officer_of,
    submit,
)
from tracker.audit import Actor, Event, Verb
from tracker.obligations.correct import (
    CorrectionRefused,
    Done,
    StaleRule,
    correct_rule,
    may_correct,
    preview_correction,
    undo_correction,
    why_not_undo,
)
from tracker.obligations.models import Obligation
from tracker.obligations.schedule import schedule_obligations
from tracker.regulations.correctable import Correctable, read_correctable
from tracker.regulations.models import Correction, Limit, Requirement

pytestmark = pytest.mark.django_db
SOURCE = "正式文本第5页"
OLD, NEW = {"on": "2028-12-31"}, {"on": "2027-06-30"}


@pytest.fixture
def world() -> Cast:
    return cast()


@pytest.fixture
def rule(world: Cast) -> Requirement:
    document = DocumentFactory.create(tree="region")
    rule = RequirementFactory.create(document=document, due=OLD, verification="to_verify")
    LimitFactory.create(requirement=rule, value=10, verification="to_verify")
    schedule_obligations(today=TODAY, by=Actor(None, "tests"), at=NOW)
    return rule


def read(rule: Requirement) -> Correctable:
    found = read_correctable("requirement", rule.code)
    assert found is not None
    return found


def correct(rule: Requirement, person: Person, source: str = SOURCE, **values: object) -> Done:
    return correct_rule(
        correctable=read(rule),
        values={path.replace("__", "."): value for path, value in values.items()},
        source_note=source,
        by=Actor(person, "198.51.100.7"),
        at=NOW,
        today=TODAY,
    )


def undo(correction: Correction, person: Person, source: str = "误读") -> Done:
    return undo_correction(
        correction=correction,
        source_note=source,
        by=Actor(person, "198.51.100.7"),
        at=NOW,
        today=TODAY,
    )


def dues() -> set[date]:
    return set(Obligation.objects.values_list("due_on", flat=True))


def test_corrected_date_re_dates_what_is_open_and_is_in_the_trail(
    world: Cast, rule: Requirement
) -> None:
    submitted = Obligation.objects.select_related("plant").get(plant=world.other_plant)
    submit(submitted, world.other_manager)

    done = correct(rule, world.region_officer, due=NEW, verification="verified")

    assert done.report.re_dated == 2
    assert Obligation.objects.get(pk=submitted.pk).due_on == date(2028, 12, 31)
    assert dues() == {date(2027, 6, 30), date(2028, 12, 31)}
    event = Event.objects.get(verb=Verb.CORRECTED)
    assert (event.before, event.after, event.note) == (
        {"due": OLD, "verification": "to_verify"},
        {"due": NEW, "verification": "verified"},
        SOURCE,
    )


def test_preview_says_what_the_correction_then_does(world: Cast, rule: Requirement) -> None:
    impact = preview_correction(read(rule), {"due": NEW}, today=TODAY)

    assert len(impact.moves) == correct(rule, world.region_officer, due=NEW).report.re_dated == 3


def test_undone_the_same_way_everything_is_as_before(world: Cast, rule: Requirement) -> None:
    before = read(rule).values
    values: dict[str, object] = {f"limit:{Limit.objects.get().pk}__value": Decimal("8.5")}
    done = correct(rule, world.region_officer, SOURCE, due=NEW, **values)
    assert Limit.objects.get().value == Decimal("8.5")

    back = undo(done.correction, world.region_officer)

    assert read(rule).values == before
    assert back.report.re_dated == 3
    assert dues() == {date(2028, 12, 31)}
    assert not Correction.objects.standing().exists()
    assert why_not_undo(world.region_officer, done.correction) is not None


def test_earlier_correction_is_undone_after_the_later_one(world: Cast, rule: Requirement) -> None:
    first = correct(rule, world.region_officer, due=NEW).correction
    second = correct(rule, world.region_officer, due={"on": "2027-12-31"}).correction

    with override("en"), pytest.raises(CorrectionRefused, match="corrected again since"):
        undo(first, world.region_officer)

    undo(second, world.region_officer)
    undo(first, world.region_officer)
    assert dues() == {date(2028, 12, 31)}


def test_who_may_correct(world: Cast, rule: Requirement) -> None:
    corps = officer_of(Authority.objects.get(code="corps"))
    people = {**world.people, "corps_top": corps}

    for_region = {name for name, who in people.items() if may_correct(who, rule.document.tree)}
    for_all = {name for name, who in people.items() if may_correct(who, "")}

    assert for_region == {"region_officer"}
    assert for_all == {"region_officer", "corps_top"}
    with override("en"), pytest.raises(CorrectionRefused, match="issuing authority"):
        correct(rule, world.changji_officer, due=NEW)
    assert dues() == {date(2028, 12, 31)}


@pytest.mark.parametrize(
    ("values", "source", "says"),
    [
        ({"due": NEW}, "  ", "Name the source"),
        ({"due": {"on": "2027-02-30"}}, "第5页", "2027-02-30"),
        ({"due": {"zone": {"wu-chang-shi": "2027-06-30"}}}, "第5页", "other"),
        ({"effective_to": date(2020, 1, 1)}, "第5页", "end before it begins"),
        ({"verification": "to_verify"}, "第5页", "Nothing differs"),
        ({"title_zh": "别的"}, "第5页", "has no title_zh"),
    ],
)
def test_what_is_no_correction_is_refused(
    world: Cast, rule: Requirement, values: dict[str, object], source: str, says: str
) -> None:
    with override("en"), pytest.raises(CorrectionRefused, match=says):
        correct(rule, world.region_officer, source, **values)

    assert Correction.objects.count() == 0
    assert dues() == {date(2028, 12, 31)}


def test_correction_of_what_changed_meanwhile_is_stale(world: Cast, rule: Requirement) -> None:
    seen = read(rule)
    correct(rule, world.region_officer, due=NEW)

    with pytest.raises(StaleRule):
        correct_rule(
            correctable=seen,
            values={"due": {"on": "2029-12-31"}},
            source_note="第6页",
            by=Actor(world.region_officer, "198.51.100.7"),
            at=NOW,
            today=TODAY,
        )

    assert Requirement.objects.get(pk=rule.pk).due == NEW


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"due": {"on": "0001-01-01"}}, "0001-01-01"),
        ({"due": {"on": "9999-12-31"}}, "9999-12-31"),
        ({"due": {"on": "2024-01-01"}}, "before the requirement is in force"),
        ({"effective_to": date(2027, 1, 1)}, "after the requirement has ended"),
        ({"effective_to": date(9999, 12, 31)}, "9999-12-31"),
        ({"effective_from": date(2029, 1, 1)}, "before the requirement is in force"),
    ],
)
def test_days_that_cannot_be_are_refused(
    world: Cast, rule: Requirement, values: dict[str, object], says: str
) -> None:
    Requirement.objects.filter(pk=rule.pk).update(effective_from=date(2024, 6, 1))
    before = Requirement.objects.values().get(pk=rule.pk)

    with override("en"), pytest.raises(CorrectionRefused, match=says):
        correct(rule, world.region_officer, SOURCE, **values)

    assert Requirement.objects.values().get(pk=rule.pk) == before
