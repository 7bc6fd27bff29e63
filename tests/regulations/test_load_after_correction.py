"""Loading the files again leaves what was corrected in the app, until that is undone there."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from plants.models import Person
from tests.factories import AuthorityFactory, officer_of
from tests.regulations.sample import RULE, parse
from tracker.audit import Actor
from tracker.obligations.correct import Done, correct_rule, read_rule, undo_correction
from tracker.regulations.load import load_seeds, read_known
from tracker.regulations.models import Limit, Requirement

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 1)
AT = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
BY = Actor(None, "tests")
LATER = {"zone": {"wu-chang-shi": "2027-12-31", "other": "2028-12-31"}}


def load(rule: str = RULE) -> tuple[int, int]:
    """How many rows changed, and how many were removed."""
    seeds, faults = parse(rule, known=read_known())
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
    requirement, limits = read_rule("opinion-kiln")
    return correct_rule(
        requirement=requirement,
        limits=limits,
        values={"due": LATER, f"limit:{limits[0].pk}.value": Decimal("8")},
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
