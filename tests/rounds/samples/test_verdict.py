"""Verdicts on samples, pollutants and outlets, line by line as domain.md has them."""

from decimal import Decimal

import pytest

from plants.verification import Verification
from tracker.rounds.models import SamplesAsked
from tracker.rounds.samples.asked import asked_of
from tracker.rounds.samples.convert import Flaw
from tracker.rounds.samples.verdict import (
    Asked,
    Bound,
    CemsDifference,
    Gap,
    Outcome,
    OutletVerdict,
    SampleVerdict,
    compare_with_cems,
    judge_outlet,
    judge_pollutant,
    judge_sample,
    judge_share,
)

D = Decimal
KILN_NOX = Bound(D(50), D(10), needs_reference=True)
KILN_PM = Bound(D(10), D(10), needs_reference=True)
HEAD_PM = Bound(D(10))


@pytest.mark.parametrize(
    ("measured", "oxygen", "bound", "outcome", "why"),
    [
        # 1.3 (1) "kiln … NOx 50", 9.2 no. 6 "不高于 = less than or equal"
        ("40", "12.2", KILN_NOX, Outcome.WITHIN, None),
        ("40.0001", "12.2", KILN_NOX, Outcome.OVER, None),
        # 9.2 no. 6 "round only in display": 50.004… shows as 50 and is over
        ("40.0033", "12.2", KILN_NOX, Outcome.OVER, None),
        ("10", "10", KILN_PM, Outcome.WITHIN, None),
        ("0", "10", KILN_PM, Outcome.WITHIN, None),
        # 1.3 (1) "kiln head … ref. O2 none": its oxygen, that of air, changes nothing
        ("10", "20.9", HEAD_PM, Outcome.WITHIN, None),
        ("10", "21", HEAD_PM, Outcome.WITHIN, None),
        ("10.01", None, HEAD_PM, Outcome.OVER, None),
        # 4.1 "O2_meas ≥ 21 makes it blow up"
        ("1", "21", KILN_NOX, Outcome.INVALID, Flaw.OXYGEN_OF_AIR),
        ("1", None, KILN_NOX, Outcome.INVALID, Flaw.NO_OXYGEN),
        ("9999.99", "10", KILN_NOX, Outcome.INVALID, Flaw.SENTINEL),
        ("-1", "10", None, Outcome.INVALID, Flaw.NEGATIVE),
        # 4.1 "ref. O2 … changed, value not seen": a dryer's limit can't be judged by
        ("5", "15", Bound(D(10), None, needs_reference=True), Outcome.NOT_ENOUGH, Gap.NO_REFERENCE),
        # 0.1 no. 2 "no ammonia-slip limit of its own"
        ("5", "10", None, Outcome.NOT_ENOUGH, Gap.NO_LIMIT),
    ],
)
def test_sample(
    measured: str, oxygen: str | None, bound: Bound | None, outcome: Outcome, why: Flaw | Gap | None
) -> None:
    verdict = judge_sample(D(measured), None if oxygen is None else D(oxygen), bound)

    assert (verdict.outcome, verdict.why) == (outcome, why)
    assert (verdict.conversion is None) == (outcome == Outcome.INVALID)


def samples(*measured: str, oxygen: str = "10") -> list[SampleVerdict]:
    return [judge_sample(D(each), D(oxygen), KILN_PM) for each in measured]


WITHOUT_LIMIT = [judge_sample(D(1), D(10), None)]
IN_AIR = samples("5", oxygen="21")
THREE = Asked(3, is_known=True)


@pytest.mark.parametrize(
    ("found", "asked", "outcome", "why"),
    [
        # 11 no. 7 "manual sample counts per outlet class … only the opening read": one, unknown
        (samples("9"), Asked(), Outcome.WITHIN, None),
        (samples("9", "10", "8"), THREE, Outcome.WITHIN, None),
        (samples("9", "10"), THREE, Outcome.NOT_ENOUGH, Gap.TOO_FEW),
        (samples("9", "10") + IN_AIR, THREE, Outcome.NOT_ENOUGH, Gap.TOO_FEW),
        (samples("9", "10", "8") + IN_AIR, THREE, Outcome.WITHIN, None),
        ([], Asked(), Outcome.NOT_ENOUGH, Gap.NO_SAMPLE),
        ([], Asked(0, is_known=True), Outcome.NOT_ENOUGH, Gap.NO_SAMPLE),
        # one over is over, and too few don't hide it
        (samples("9", "10.1", "8"), THREE, Outcome.OVER, None),
        (samples("10.1"), THREE, Outcome.OVER, None),
        (samples("10.1") + WITHOUT_LIMIT, Asked(), Outcome.OVER, None),
        (IN_AIR, Asked(), Outcome.INVALID, Flaw.OXYGEN_OF_AIR),
        (samples("9") + WITHOUT_LIMIT, Asked(), Outcome.NOT_ENOUGH, Gap.NO_LIMIT),
    ],
)
def test_pollutant(
    found: list[SampleVerdict], asked: Asked, outcome: Outcome, why: Flaw | Gap | None
) -> None:
    verdict = judge_pollutant(found, asked)

    assert (verdict.outcome, verdict.why) == (outcome, why)


def test_pollutant_counts_its_samples_and_names_the_worst() -> None:
    verdict = judge_pollutant(samples("9", "10.1", "8") + IN_AIR, Asked())

    assert (verdict.valid, verdict.over, verdict.invalid) == (3, 1, 1)
    assert verdict.worst is not None
    assert verdict.worst.value == D("10.1")
    assert not verdict.asked.is_known


@pytest.mark.parametrize(
    ("outcomes", "outcome"),
    [
        ([Outcome.WITHIN, Outcome.WITHIN], Outcome.WITHIN),
        ([Outcome.WITHIN, Outcome.NOT_ENOUGH], Outcome.NOT_ENOUGH),
        ([Outcome.NOT_ENOUGH, Outcome.INVALID], Outcome.INVALID),
        ([Outcome.INVALID, Outcome.OVER, Outcome.NOT_ENOUGH], Outcome.OVER),
    ],
)
def test_outlet_is_as_its_worst_pollutant(outcomes: list[Outcome], outcome: Outcome) -> None:
    of = {
        Outcome.WITHIN: samples("9"),
        Outcome.OVER: samples("11"),
        Outcome.NOT_ENOUGH: [],
        Outcome.INVALID: IN_AIR,
    }
    pollutants = {
        f"pollutant {number}": judge_pollutant(of[each], Asked())
        for number, each in enumerate(outcomes)
    }

    assert judge_outlet(pollutants).outcome == outcome


def test_outlet_without_any_pollutant_has_not_enough() -> None:
    assert judge_outlet({}) == OutletVerdict(Outcome.NOT_ENOUGH, {}, None, Gap.NO_POLLUTANT)


@pytest.mark.parametrize(
    ("percent", "outcome"),
    [
        # 9.2 no. 7 "600 production hours, 30 above limit: 95.0 % passes; 31 above: 94.83 % fails"
        (D(570) / 600 * 100, Outcome.WITHIN),
        (D(569) / 600 * 100, Outcome.OVER),
        (D("100.01"), Outcome.INVALID),
        (None, Outcome.NOT_ENOUGH),
    ],
)
def test_share_of_hours(percent: Decimal | None, outcome: Outcome) -> None:
    # 1.3 (1) "每月生产时间至少95%以上时段"
    assert judge_share(percent, D(95)).outcome == outcome


def test_share_that_nobody_knows_holds_no_outlet_back() -> None:
    pollutants = {"PM": judge_pollutant(samples("9"), Asked())}

    unknown = judge_outlet(pollutants, judge_share(None, D(95)))
    low = judge_outlet(pollutants, judge_share(D(90), D(95)))

    assert (unknown.outcome, low.outcome) == (Outcome.WITHIN, Outcome.OVER)
    assert unknown.share is not None
    assert unknown.share.why == Gap.NO_HOURS


@pytest.mark.parametrize(
    ("measured", "cems", "difference"),
    [
        ("40", "42", CemsDifference(D(2), D(5))),
        ("40", "38", CemsDifference(D(-2), D(-5))),
        ("0", "1.5", CemsDifference(D("1.5"), None)),
        ("40", None, None),
    ],
)
def test_difference_to_cems(
    measured: str, cems: str | None, difference: CemsDifference | None
) -> None:
    # 2.6 "by standard method, with CEMS comparison": it is shown, and held to no limit
    assert compare_with_cems(D(measured), None if cems is None else D(cems)) == difference


def test_number_asked_comes_from_the_nearest_row() -> None:
    rows = [
        SamplesAsked(fewest=1),
        SamplesAsked(pollutant="PM", fewest=2),
        SamplesAsked(source="kiln_tail", fewest=3, verification=Verification.VERIFIED),
        SamplesAsked(source="kiln_tail", pollutant="Hg", fewest=0),
    ]

    assert [
        asked_of(rows, source, pollutant).fewest
        for source, pollutant in [
            ("silo", "SO2"),
            ("silo", "PM"),
            ("kiln_tail", "PM"),
            ("kiln_tail", "Hg"),
        ]
    ] == [1, 2, 3, 0]
    assert asked_of(rows, "kiln_tail", "PM").verification == Verification.VERIFIED
    assert asked_of([], "kiln_tail", "PM") == Asked(1, is_known=False)
