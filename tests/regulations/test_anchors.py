"""Requirements that count from another's date: unknown, dateless and circular ones are refused."""

import pytest

from tests.regulations.sample import RULE, parse
from tracker.regulations.anchors import DatedRule
from tracker.regulations.parse import KnownRegulations
from tracker.regulations.rules import read_due
from tracker.regulations.seeds import Known

LEDGER = "due: {every: quarter, days_after: 15}"
KILN = "due: {zone: {wu-chang-shi: 2026-12-31, other: 2028-12-31}}"


def with_dues(kiln: str, ledger: str) -> str:
    return RULE.replace(KILN, f"due: {kiln}").replace(LEDGER, f"due: {ledger}")


@pytest.mark.parametrize(
    ("kiln", "ledger", "faults"),
    [
        ("{after: opinion-ledger, days: 30}", "{on: 2027-12-31}", []),
        (
            "{after: opinion-ledgr, days: 30}",
            "{on: 2027-12-31}",
            [
                "rule.yaml:17: requirements[1].due.after: no requirement 'opinion-ledgr' is known "
                "(did you mean 'opinion-ledger'?)"
            ],
        ),
        (
            "{before: opinion-ledger, days: 30}",
            "{every: quarter, days_after: 15}",
            [
                "rule.yaml:17: requirements[1].due.before: 'opinion-ledger' has no single date to "
                "count from: it is standing or comes again"
            ],
        ),
        (
            "{on: 2027-12-31}",
            "{after: opinion-kiln, days: 30}",
            [
                "rule.yaml:31: requirements[2].due.after: 'opinion-kiln' is asked of each outlet, "
                "not of the plant"
            ],
        ),
        (
            "{after: opinion-ledger, days: 30}",
            "{earliest: [{on: 2027-12-31}, {before: opinion-kiln, months: 1}]}",
            [
                "rule.yaml:17: requirements[1].due.after: goes round in a circle: "
                "opinion-kiln → opinion-ledger → opinion-kiln",
                "rule.yaml:31: requirements[2].due.earliest[2].before: goes round in a circle: "
                "opinion-ledger → opinion-kiln → opinion-ledger",
            ],
        ),
        (
            "{after: opinion-kiln, days: 30}",
            "{on: 2027-12-31}",
            [
                "rule.yaml:17: requirements[1].due.after: goes round in a circle: "
                "opinion-kiln → opinion-kiln"
            ],
        ),
    ],
)
def test_what_counts_from_another_requirement(kiln: str, ledger: str, faults: list[str]) -> None:
    assert parse(with_dues(kiln, ledger))[1] == faults


def known(code: str, due: object) -> Known:
    """A requirement of a document that is in the database only."""
    rule = DatedRule("plant", read_due(due, subject="plant"))
    return Known(
        regulations=KnownRegulations(
            documents=frozenset({"guide"}), requirements={code: "guide"}, dues={code: rule}
        )
    )


def test_requirement_in_the_database_may_be_counted_from() -> None:
    rule = with_dues("{after: guide-report, days: 30}", "{on: 2027-12-31}")

    assert parse(rule, known("guide-report", {"on": "2028-12-31"}))[1] == []


def test_circle_by_way_of_the_database_is_refused() -> None:
    rule = with_dues("{after: guide-report, days: 30}", "{on: 2027-12-31}")

    assert parse(rule, known("guide-report", {"after": "opinion-kiln", "days": 1}))[1] == [
        "rule.yaml:17: requirements[1].due.after: goes round in a circle: "
        "opinion-kiln → guide-report → opinion-kiln"
    ]


def test_requirement_of_a_faulty_file_is_not_missed() -> None:
    rule = with_dues("{after: notice-report, days: 30}", "{on: 2027-12-31}")
    notice = "document:\n  code: notice\n  kind: nonsense\n"

    faults = parse(rule, notice=notice)[1]

    assert [fault for fault in faults if fault.startswith("rule.yaml")] == []


@pytest.mark.parametrize(
    ("due", "fault"),
    [
        (
            "{authority: {region-hami: 2026-12-31, other: 2028-12-31}}",
            "requirements[2].due.authority.region-hami: no authority 'region-hami' is known: none "
            "is loaded yet",
        ),
        (
            "{earliest: [{on: 2028-12-31}, {zone: {oter: 2026-12-31, other: 2028-12-31}}]}",
            "requirements[2].due.earliest[2].zone.oter: no zone 'oter' is known "
            "(did you mean 'other'?)",
        ),
        (
            "{after: permit.valid_until, days: 3, backstop: 2023-12-31}",
            "requirements[2].due.backstop: 2023-12-31 is before effective_from, 2024-01-19",
        ),
    ],
)
def test_new_form_is_refused_at_its_line(due: str, fault: str) -> None:
    assert parse(RULE.replace(LEDGER, f"due: {due}"))[1] == [f"rule.yaml:31: {fault}"]
