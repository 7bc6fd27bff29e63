"""What the app answers by itself, as tables. Sections are domain.md's."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from plants.text import Text
from plants.windows import Cause, Window
from tracker.regulations.steady import Steady
from tracker.rounds.checks import CHECKS, OXIDATION, find
from tracker.rounds.findings import (
    Facts,
    Finding,
    LineFact,
    MonthFact,
    ObligationFact,
    OutletFact,
    PartFact,
    PermitFact,
    Reference,
)
from tracker.rounds.models import Check
from tracker.rounds.outcomes import Outcome as PartOutcome

TODAY = date(2026, 9, 1)
MONTH = Steady(1, 0, "to_verify", Text("指南", "Guide"), "guide-stable-month")
STOP = Window(
    date(2026, 7, 10), date(2026, 7, 20), Cause.PLAN, Text("错峰生产方案", "peak-shifting plan")
)
LINE = Reference("line", "1", Text("1号线", "Line 1"))
OTHER = Reference("line", "2", Text("2号线", "Line 2"))
OUTLET = Reference("outlet", "1", Text("DA001", "DA001"))


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def about(finding: Finding) -> set[str]:
    return {row.kind for row in finding.rows}


def test_every_check_has_its_function() -> None:
    assert set(CHECKS) == set(Check)


@pytest.mark.parametrize(
    ("starts", "ends", "outcome", "says"),
    [
        # 2.4 stable operation: continuous stable running for one month before assessment
        ("2026-06-01", "2026-06-30", "met", "is long enough"),
        ("2026-06-02", "2026-07-01", "met", "is long enough"),
        ("2026-06-02", "2026-06-30", "not_met", "had to begin by 2026-06-01"),
        ("2026-01-31", "2026-02-27", "not_met", "too short"),
        ("2026-01-28", "2026-02-27", "met", "is long enough"),
        ("2026-08-01", "2026-08-31", "met", "is long enough"),
        ("2026-08-01", "2026-09-01", "not_met", "is not over"),
        ("", "2026-06-30", "unknown", "not entered"),
        ("2026-06-01", "", "unknown", "not entered"),
        # 9.3: the month cannot lie in a stop window; both ends of it count
        ("2026-06-01", "2026-07-09", "met", "no day with a kiln stop"),
        ("2026-06-01", "2026-07-10", "not_met", "shares days with a kiln stop"),
        ("2026-07-20", "2026-08-20", "not_met", "shares days with a kiln stop"),
        ("2026-07-21", "2026-08-20", "met", "no day with a kiln stop"),
    ],
)
def test_stable_month(starts: str, ends: str, outcome: str, says: str) -> None:
    lines = [LineFact(OTHER), LineFact(LINE, [STOP])]
    facts = Facts(TODAY, day(starts), day(ends), MONTH, lines)

    finding = find("stable_month", facts)

    assert finding.outcome == outcome
    assert says in finding.sentence.en


def test_stable_month_names_the_line_and_the_stop() -> None:
    facts = Facts(
        TODAY,
        date(2026, 7, 1),
        date(2026, 7, 31),
        MONTH,
        [LineFact(OTHER), LineFact(LINE, [STOP])],
    )

    names = [(row.kind, row.name.en) for row in find("stable_month", facts).rows]

    assert names == [
        ("requirement", "Guide"),
        ("line", "Line 1"),
        ("stopwindow", "peak-shifting plan (2026-07-10 to 2026-07-20)"),
    ]


def test_stop_that_is_only_projected_leaves_it_open() -> None:
    """3.4: the plan of that season may still turn out otherwise."""
    projected = replace(STOP, projected_from="2024-25")
    facts = Facts(TODAY, date(2026, 7, 1), date(2026, 7, 31), MONTH, [LineFact(LINE, [projected])])

    assert find("stable_month", facts).outcome == "unknown"


def test_length_comes_from_the_limit() -> None:
    facts = Facts(TODAY, date(2026, 6, 1), date(2026, 6, 14))

    assert find("stable_month", facts).outcome == "unknown"
    fortnight = replace(facts, steady=Steady(0, 14, "to_verify"))
    assert find("stable_month", fortnight).outcome == "met"
    assert find("stable_month", replace(facts, steady=MONTH)).outcome == "not_met"


@pytest.mark.parametrize(
    ("permits", "outcome"),
    [
        ([], "unknown"),
        ([("2023-01-01", "2026-09-01")], "met"),  # its last day is included
        ([("2023-01-01", "2026-08-31")], "not_met"),
        ([("2026-09-01", "2031-08-31")], "met"),
        ([("2026-09-02", "2031-09-01")], "not_met"),
        ([("2026-09-02", "2031-09-01"), ("2021-09-02", "2026-09-01")], "met"),
    ],
)
def test_permit_valid_on_the_day(permits: list[tuple[str, str]], outcome: str) -> None:
    """2.7: what the list rests on is recorded in the permit; the days are the permit's own."""
    facts = Facts(
        TODAY,
        permits=[
            PermitFact(
                Reference("permit", str(n), Text("P", "P")),
                date.fromisoformat(first),
                date.fromisoformat(last),
            )
            for n, (first, last) in enumerate(permits)
        ],
    )

    finding = find("permit_valid", facts)

    assert finding.outcome == outcome
    assert about(finding) == ({"permit"} if permits else set())


@pytest.mark.parametrize(
    ("outlets", "outcome", "named"),
    [
        ([], "unknown", 0),
        ([(True, "65A")], "met", 1),
        ([(True, "65A"), (True, "65B")], "met", 2),
        ([(True, "65A"), (False, "")], "not_met", 1),
        ([(True, "")], "not_met", 1),
        ([(False, "65A")], "not_met", 1),
    ],
)
def test_cems_on_main_outlets(outlets: list[tuple[bool, str]], outcome: str, named: int) -> None:
    """2.5 三、1（2）: CEMS built as the Opinion requires."""
    facts = Facts(TODAY, main_outlets=[OutletFact(OUTLET, *each) for each in outlets])

    finding = find("cems_on_main_outlets", facts)

    assert (finding.outcome, len(finding.rows)) == (outcome, named)


@pytest.mark.parametrize(
    ("states", "outcome"),
    [
        ([], "unknown"),
        (["accepted"], "met"),
        (["open"], "not_met"),
        (["submitted"], "not_met"),
        (["returned"], "not_met"),
        (["waived"], "unknown"),
        (["withdrawn"], "unknown"),
        (["accepted", "open"], "not_met"),
    ],
)
def test_reagent_sample_kept(states: list[str], outcome: str) -> None:
    """2.4 unknown composite reagents: analysed, explained, a sample kept for one year."""
    facts = Facts(TODAY, obligations=[owed("guide-reagent-sample", state) for state in states])

    assert find("reagent_sample", facts).outcome == outcome


@pytest.mark.parametrize(
    ("oxidising", "states", "outcome"),
    [
        ({}, {}, "unknown"),  # no line is recorded
        ({"1": False}, {}, "met"),  # the demand is for oxidation-type denitration only
        ({"1": True}, {}, "unknown"),
        ({"1": True}, {"1": "accepted"}, "met"),
        ({"1": True}, {"1": "open"}, "not_met"),
        ({"1": True}, {"1": "waived"}, "unknown"),
        ({"1": True, "2": False}, {"1": "accepted"}, "met"),
        ({"1": True, "2": True}, {"1": "accepted"}, "unknown"),
        ({"1": True, "2": True}, {"1": "accepted", "2": "returned"}, "not_met"),
        ({"1": True, "2": True}, {"1": "accepted", "2": "accepted"}, "met"),
        ({"1": True}, {"2": "accepted"}, "unknown"),  # another line's
    ],
)
@pytest.mark.parametrize(("check", "requirement"), list(OXIDATION.items()))
def test_oxidation_denitration(
    check: str, requirement: str, oxidising: dict[str, bool], states: dict[str, str], outcome: str
) -> None:
    """2.4 oxidation-type denitration: absorber, CPM, nitrogen balance, NO2 by CEMS."""
    names = {"1": LINE, "2": OTHER}
    facts = Facts(
        TODAY,
        lines=[LineFact(names[key], oxidises=yes) for key, yes in oxidising.items()],
        obligations=[owed(requirement, state, line) for line, state in states.items()],
    )

    assert find(check, facts).outcome == outcome


def test_one_demand_is_not_answered_by_another() -> None:
    facts = Facts(
        TODAY,
        lines=[LineFact(LINE, oxidises=True)],
        obligations=[owed("guide-oxidation-cpm", "accepted", "1")],
    )

    found = {check: find(check, facts).outcome for check in OXIDATION}

    assert found.pop(Check.OXIDATION_CPM) == "met"
    assert set(found.values()) == {"unknown"}


@pytest.mark.parametrize(
    ("shares", "outcome"),
    [
        ([], "unknown"),
        (["95"], "met"),  # equality is within
        (["94.99"], "not_met"),
        (["99", "100"], "met"),
        (["99", "94"], "not_met"),
    ],
)
def test_share_of_hours_within(shares: list[str], outcome: str) -> None:
    """2.6 online data: at least 95 % of the production hours within the limits."""
    verdict = Reference("monthverdict", "1", Text("2026-06", "2026-06"))
    facts = Facts(TODAY, months=[MonthFact(verdict, Decimal(share)) for share in shares])

    assert find("month_verdicts", facts, Decimal(95)).outcome == outcome


def owed(requirement: str, state: str, line: str = "") -> ObligationFact:
    return ObligationFact(
        Reference("obligation", "7", Text("义务", "Obligation")), requirement, state, line
    )


@pytest.mark.parametrize(
    ("ends", "outcome"),
    [
        # 2.7: its length is not known; what counts is the last day as entered, that day included
        ("", "unknown"),
        ("2026-08-31", "met"),
        ("2026-09-01", "not_met"),
        ("2026-09-02", "not_met"),
    ],
)
def test_notice_over(ends: str, outcome: str) -> None:
    assert find("notice_over", Facts(TODAY, notice_ends_on=day(ends))).outcome == outcome


@pytest.mark.parametrize("check", ["samples_within", "fugitive_in_order", "transport_clean"])
@pytest.mark.parametrize(
    ("part", "outcome"),
    [
        (PartOutcome.MET, "met"),
        (PartOutcome.NOT_MET, "not_met"),
        (PartOutcome.NOT_ENOUGH, "unknown"),  # then people answer
        (PartOutcome.NOT_SETTLED, "unknown"),
        (None, "unknown"),
    ],
)
def test_parts_are_what_their_rooms_amount_to(
    check: str, part: PartOutcome | None, outcome: str
) -> None:
    told = Text("见监测数据", "as measured")
    parts = {} if part is None else {Check(check): PartFact(part, told, (OUTLET,))}

    finding = find(check, Facts(TODAY, parts=parts))

    assert finding.outcome == outcome
    assert (finding.sentence == told) == (part is not None)
