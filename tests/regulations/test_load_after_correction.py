"""Loading the files again leaves what was corrected in the app, until that is undone there."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from plants.models import Person, StopWindow
from tests.factories import AuthorityFactory, officer_of
from tests.regulations.sample import RULE, parse
from tracker.audit import Actor
from tracker.obligations.correct import Done, correct_rule, undo_correction
from tracker.regulations.correctable import read_correctable
from tracker.regulations.load import load_seeds, read_known
from tracker.regulations.models import Correction, Document, Limit, Requirement, Target

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 1)
AT = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
BY = Actor(None, "tests")
LATER = {"zone": {"wu-chang-shi": "2027-12-31", "other": "2028-12-31"}}


SEASON = """\
season: 2025-26
document: opinion
verification: to_verify
windows:
  - places: [hami]
    stops:
      - {from: 2025-11-11, to: 2026-03-21}
"""


def load(rule: str = RULE, season: str = SEASON) -> tuple[int, int]:
    """How many rows changed, and how many were removed."""
    seeds, faults = parse(rule, known=read_known(), season=season)
    assert faults == []
    report = load_seeds(seeds=seeds, today=TODAY, by=BY, at=AT)
    return report.count("changed"), report.count("removed")


@pytest.fixture
def officer() -> Person:
    AuthorityFactory.create(code="region-changji")
    load()
    region = AuthorityFactory.create(code="region")
    return officer_of(region)


def correct(officer: Person) -> Done:
    """Another day, and another limit for dust, whose columns the files then may not set."""
    kiln = read_correctable("requirement", "opinion-kiln")
    assert kiln is not None
    return correct_rule(
        correctable=kiln,
        values={"due": LATER, f"limit:{kiln.limits[0].pk}.value": Decimal("8")},
        source_note="正式文本第5页",
        by=Actor(officer, "198.51.100.7"),
        at=AT,
        today=TODAY,
    )


def test_corrected_columns_outlive_a_load(officer: Person) -> None:
    correct(officer)

    assert load() == (0, 0)

    assert Requirement.objects.get(code="opinion-kiln").due == LATER
    assert Limit.objects.get(pollutant="PM").value == 8


def test_other_columns_of_a_corrected_rule_follow_the_file(officer: Person) -> None:
    correct(officer)

    assert load(RULE.replace("Kiln limits", "Kiln tail limits")) == (1, 0)

    requirement = Requirement.objects.get(code="opinion-kiln")
    assert (requirement.title_en, requirement.due) == ("Kiln tail limits", LATER)


def test_corrected_limit_that_left_the_file_stays(officer: Person) -> None:
    correct(officer)
    without = "\n".join(line for line in RULE.split("\n") if "pollutant: PM" not in line)

    assert load(without) == (1, 0)  # the other limit moved up

    assert Limit.objects.get(pollutant="PM").value == 8


def test_what_is_taken_back_gives_way_to_the_newest_file(officer: Person) -> None:
    first = correct(officer)
    kiln = read_correctable("requirement", "opinion-kiln")
    assert kiln is not None
    second = correct_rule(
        correctable=kiln,
        values={"due": {**LATER, "zone": {**LATER["zone"], "other": "2029-12-31"}}},
        source_note="正式文本第6页",
        by=Actor(officer, "198.51.100.7"),
        at=AT,
        today=TODAY,
    )
    newer = RULE.replace("2026-12-31", "2027-06-30")
    assert newer != RULE
    load(newer)

    for done in (second, first):
        undo_correction(
            correction=Correction.objects.get(pk=done.correction.pk),
            source_note="误读",
            by=Actor(officer, "198.51.100.7"),
            at=AT,
            today=TODAY,
        )

    assert "2027-06-30" in str(Requirement.objects.get(code="opinion-kiln").due)
    assert Limit.objects.get(pollutant="PM").value == 10
    assert load(newer) == (0, 0)


def test_undone_correction_lets_the_file_rule_again(officer: Person) -> None:
    done = correct(officer)
    undo_correction(
        correction=done.correction,
        source_note="误读",
        by=Actor(officer, "198.51.100.7"),
        at=AT,
        today=TODAY,
    )

    assert load(RULE.replace("2026-12-31, other", "2027-03-31, other")) == (1, 0)

    due = Requirement.objects.get(code="opinion-kiln").due
    assert due == {"zone": {"wu-chang-shi": "2027-03-31", "other": "2028-12-31"}}


def correct_each(officer: Person) -> list[Done]:
    """A target, a document and a stop window, each otherwise than the files have it."""
    window = StopWindow.objects.get()
    things: list[tuple[str, str, dict[str, object]]] = [
        ("target", "opinion-2028", {"share_percent": Decimal("75")}),
        ("document", "notice", {"number": "环办〔2024〕9号", "verification": "verified"}),
        ("stop_window", str(window.pk), {"starts_on": date(2025, 11, 15)}),
    ]
    done = []
    for kind, key, values in things:
        correctable = read_correctable(kind, key)
        assert correctable is not None
        done.append(
            correct_rule(
                correctable=correctable,
                values=values,
                source_note="正式文本第5页",
                by=Actor(officer, "198.51.100.7"),
                at=AT,
                today=TODAY,
            )
        )
    return done


def stands() -> tuple[Decimal, str, date]:
    return (
        Target.objects.get(code="opinion-2028").share_percent,
        Document.objects.get(code="notice").number,
        StopWindow.objects.get().starts_on,
    )


CORRECTED = (Decimal("75"), "环办〔2024〕9号", date(2025, 11, 15))


def test_corrected_target_document_and_window_outlive_a_load(officer: Person) -> None:
    correct_each(officer)

    assert load() == (0, 0)

    assert stands() == CORRECTED


def test_their_other_columns_follow_the_files(officer: Person) -> None:
    correct_each(officer)
    season = SEASON.replace("to_verify", "verified")

    assert load(RULE.replace("by: 2028-12-31", "by: 2029-12-31"), season) == (2, 0)

    assert stands() == CORRECTED
    assert Target.objects.get(code="opinion-2028").by_on == date(2029, 12, 31)
    assert StopWindow.objects.get().verification == "verified"


def test_corrected_window_that_left_its_file_stays(officer: Person) -> None:
    correct_each(officer)
    elsewhen = SEASON.replace("2025-11-11", "2026-06-01").replace("2026-03-21", "2026-06-30")

    assert load(RULE, elsewhen) == (0, 0)

    days = StopWindow.objects.order_by("starts_on").values_list("starts_on", flat=True)
    assert list(days) == [date(2025, 11, 15), date(2026, 6, 1)]


def test_taken_back_the_files_rule_all_of_them_again(officer: Person) -> None:
    for done in correct_each(officer):
        undo_correction(
            correction=done.correction,
            source_note="误读",
            by=Actor(officer, "198.51.100.7"),
            at=AT,
            today=TODAY,
        )
    season = SEASON.replace("2025-11-11", "2025-11-12")

    assert load(RULE.replace("share_percent: 80", "share_percent: 85"), season) == (1, 1)

    assert stands() == (Decimal("85"), "", date(2025, 11, 12))
