"""The fugitive part is met when everything is in order and nothing is left to be remedied."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import NOW
from tracker.rounds.fugitive.verdict import Check, Item, Source, judge_fugitive
from tracker.rounds.models import CheckResult, FugitiveGroup
from tracker.rounds.outcomes import Outcome

OK, FAULT = CheckResult.OK, CheckResult.FAULT
NA, NOT_SEEN = CheckResult.NOT_APPLICABLE, CheckResult.NOT_SEEN
ITEMS = [
    Item(1, FugitiveGroup.GENERAL),
    Item(2, FugitiveGroup.STORAGE),
    Item(3, FugitiveGroup.CONVEYING),
]
SHED, BELT = Source(1, FugitiveGroup.STORAGE), Source(2, FugitiveGroup.CONVEYING)


def look(
    number: int,
    source: int,
    item: int,
    result: CheckResult,
    *,
    remedied: bool = False,
    day: int = 0,
) -> Check:
    return Check(number, source, item, result, NOW + timedelta(days=day), remedied)


IN_ORDER = [look(1, 1, 1, OK), look(2, 1, 2, OK), look(3, 2, 1, NA), look(4, 2, 3, OK)]


def outcome(*checks: Check) -> Outcome:
    return judge_fugitive([SHED, BELT], ITEMS, checks).outcome


# domain 1.3 (2): "enclosed/sealed facilities, controls run in step with production, no visible dust
# escaping" are asked of each source, and the items of its own group.
def test_source_is_asked_what_is_general_and_what_is_of_its_group() -> None:
    verdict = judge_fugitive([SHED, BELT], ITEMS, [])

    assert verdict.unseen == ((1, 1), (1, 2), (2, 1), (2, 3))
    assert (verdict.asked, verdict.settled, verdict.outcome) == (4, 0, Outcome.NOT_ENOUGH)


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        ([], Outcome.MET),
        ([look(9, 1, 1, NOT_SEEN)], Outcome.NOT_ENOUGH),
        ([look(9, 1, 1, FAULT)], Outcome.NOT_MET),
        ([look(9, 1, 1, FAULT, remedied=True)], Outcome.NOT_ENOUGH),
        ([look(8, 1, 1, FAULT, remedied=True), look(9, 1, 1, OK)], Outcome.MET),
        # A newer look does not say that the older fault was remedied.
        ([look(8, 1, 1, FAULT), look(9, 1, 1, OK)], Outcome.NOT_MET),
        # What was seen first counts less, be it sent later.
        ([look(9, 1, 1, NOT_SEEN, day=-1)], Outcome.MET),
        ([look(9, 1, 1, FAULT, day=-1)], Outcome.NOT_MET),
    ],
)
def test_later_looks(checks: list[Check], expected: Outcome) -> None:
    assert outcome(*IN_ORDER, *checks) == expected


@pytest.mark.parametrize("left_out", range(4))
def test_one_item_that_nobody_looked_at_leaves_it_open(left_out: int) -> None:
    assert outcome(*IN_ORDER[:left_out], *IN_ORDER[left_out + 1 :]) == Outcome.NOT_ENOUGH


def test_without_sources_or_items_nothing_is_met() -> None:
    assert judge_fugitive([], ITEMS, []).outcome == Outcome.NOT_ENOUGH
    assert judge_fugitive([SHED], [], []).outcome == Outcome.NOT_ENOUGH


def test_what_it_rests_on_is_told() -> None:
    again = look(8, 2, 3, FAULT, remedied=True)

    verdict = judge_fugitive([SHED, BELT], ITEMS, [*IN_ORDER, look(9, 1, 2, FAULT), again])

    assert (verdict.open_faults, verdict.again, verdict.unseen) == ((9,), ((2, 3),), ())
    assert (verdict.asked, verdict.settled) == (4, 2)


LOOKS = st.lists(
    st.builds(
        lambda source, item, result, remedied, day: (source, item, result, remedied, day),
        st.sampled_from([1, 2]),
        st.sampled_from([1, 2, 3]),
        st.sampled_from(list(CheckResult)),
        st.booleans(),
        st.integers(-3, 3),
    ),
    max_size=14,
)


@given(LOOKS)
def test_met_leaves_no_fault_open_and_nothing_unseen(
    looks: list[tuple[int, int, CheckResult, bool, int]],
) -> None:
    checks = [look(n, s, i, r, remedied=d, day=day) for n, (s, i, r, d, day) in enumerate(looks)]
    open_ones = [c for c in checks if c.result == FAULT and not c.is_remedied]
    seen = {(c.source, c.item) for c in checks if c.result in (OK, NA)}

    if outcome(*checks) == Outcome.MET:
        assert open_ones == []
        assert {(1, 1), (1, 2), (2, 1), (2, 3)} <= seen
    if open_ones:
        assert outcome(*checks) == Outcome.NOT_MET
