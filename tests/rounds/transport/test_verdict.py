"""Clean transport against domain.md 1.3 (3), line by line."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rounds.transport.law import (
    AFTER,
    ENDED,
    LAW,
    MONTH,
    PERIOD,
    bound,
    haul,
    machines,
    vehicles,
)
from tracker.rounds.outcomes import Outcome
from tracker.rounds.transport import rules
from tracker.rounds.transport.findings import Rule
from tracker.rounds.transport.fleet import Fleet, judge_machines, judge_vehicles
from tracker.rounds.transport.kinds import (
    MATERIALS,
    Direction,
    FleetClass,
    Goods,
    Mode,
    ProductExists,
    RoadClass,
)
from tracker.rounds.transport.share import Haul, Haulage, Period, add_up
from tracker.rounds.transport.verdict import TransportVerdict, judge_transport

MET, NOT_MET, NOT_ENOUGH = Outcome.MET, Outcome.NOT_MET, Outcome.NOT_ENOUGH
NEW, SIX, OTHER = RoadClass.NEW_ENERGY, RoadClass.CHINA_VI, RoadClass.OTHER
YES, NO = ProductExists.YES, ProductExists.NO
DECEMBER = date(2025, 12, 1)


def judge(*hauls: Haul, fleets: Sequence[Fleet] = (), period: Period = PERIOD) -> TransportVerdict:
    return judge_transport(period, hauls, fleets, LAW)


# 1.3 (3), "raw materials and fuels in/out 进出企业的原燃料: >= 80 % by rail, water, pipeline, pipe
# conveyor, belt gallery", and "plants that miss 80 %: the road part all new-energy or China VI".
@pytest.mark.parametrize(
    ("hauls", "share", "fall_back", "materials"),
    [
        ([haul(80), haul(20, by=OTHER)], MET, Outcome.NOT_ASKED, MET),
        ([haul("79.999"), haul("20.001", by=OTHER)], NOT_MET, NOT_MET, NOT_MET),
        ([haul("79.999"), haul("20.001", by=SIX)], NOT_MET, MET, MET),
        ([haul(10), haul(45, by=SIX), haul(45, by=NEW)], NOT_MET, MET, MET),
        ([haul(50), haul("49.999", by=SIX), haul("0.001", by=OTHER)], NOT_MET, NOT_MET, NOT_MET),
        ([haul(100, by=SIX)], NOT_MET, MET, MET),
        ([haul(100)], MET, Outcome.NOT_ASKED, MET),
        ([haul(0), haul(0, by=OTHER)], NOT_ENOUGH, NOT_ENOUGH, NOT_ENOUGH),
        ([haul(100, goods=Goods.PRODUCT)], NOT_ENOUGH, NOT_ENOUGH, NOT_ENOUGH),
        # Of fuels, too, and out of the plant as well as into it.
        ([haul(80, goods=Goods.FUEL), haul(20, by=OTHER)], MET, Outcome.NOT_ASKED, MET),
        ([haul(80, direction=Direction.OUT), haul(20, by=OTHER)], MET, Outcome.NOT_ASKED, MET),
        # Products are no part of the share.
        ([haul(79), haul(21, by=OTHER), haul(99, goods=Goods.PRODUCT)], NOT_MET, NOT_MET, NOT_MET),
    ],
)
def test_materials(
    hauls: list[Haul], share: Outcome, fall_back: Outcome, materials: Outcome
) -> None:
    verdict = judge(*hauls)

    assert verdict.finding(Rule.CLEAN_SHARE).outcome == share
    assert verdict.finding(Rule.FALL_BACK).outcome == fall_back
    assert verdict.materials_outcome == materials


@pytest.mark.parametrize("mode", [mode for mode in Mode if mode != Mode.ROAD])
def test_each_clean_mode_counts(mode: Mode) -> None:
    finding = judge(haul(80, mode=mode), haul(20, by=OTHER)).finding(Rule.CLEAN_SHARE)

    assert (finding.outcome, finding.part, finding.whole) == (MET, Decimal(80), Decimal(100))


# 1.3 (3): "clean share = tonnes by clean modes / total tonnes of raw materials + fuel in and out,
# over the assessment period; report new-energy and China-VI truck tonnes separately".
def test_numbers_behind_the_share_are_told() -> None:
    verdict = judge(haul(1), haul(1, by=NEW), haul("0.5", by=SIX), haul("0.5", by=OTHER))
    share = verdict.finding(Rule.CLEAN_SHARE)

    assert (share.part, share.whole, share.bound) == (Decimal(1), Decimal(3), LAW[0])
    assert share.percent == Decimal(100) / 3
    assert verdict.materials == Haulage(Decimal(1), Decimal(1), Decimal("0.5"), Decimal("0.5"))


def test_share_is_of_the_period_and_not_of_a_month() -> None:
    april = date(2026, 4, 1)
    hauls = [
        haul(100),
        haul(40, by=OTHER, month=april),
        haul(60, month=april),
        haul(900, by=OTHER, month=date(2026, 5, 1)),
    ]

    verdict = judge(*hauls, period=Period(MONTH, april))

    assert verdict.finding(Rule.CLEAN_SHARE).part == 160
    assert verdict.finding(Rule.CLEAN_SHARE).outcome == MET


def test_month_without_a_row_leaves_the_tonnes_open() -> None:
    verdict = judge(haul(100), haul(9, goods=Goods.PRODUCT), period=Period(MONTH, date(2026, 5, 1)))

    assert verdict.missing == (date(2026, 4, 1), date(2026, 5, 1))
    assert verdict.materials_outcome == verdict.finding(Rule.PRODUCTS).outcome == NOT_ENOUGH


# 1.3 (3), "key regions only: the shortfall to 80 % must be new-energy vehicles; by end-2025 share
# >= 60 % of that part" - "for Xinjiang only if the local plan adopts it: ?".
def test_key_region_rule_is_shown_and_never_settled() -> None:
    finding = judge(haul(60), haul(15, by=NEW), haul(25, by=SIX)).finding(Rule.KEY_REGION)

    assert finding.outcome == Outcome.NOT_SETTLED
    assert (finding.part, finding.whole) == (Decimal(15), Decimal(20))
    assert finding.percent == 75


def test_key_region_rule_decides_nothing() -> None:
    fleets = [vehicles(1, FleetClass.NEW_ENERGY), machines(1, FleetClass.NEW_ENERGY)]

    verdict = judge(haul(1), haul(99, by=SIX), haul(1, goods=Goods.PRODUCT), fleets=fleets)

    assert verdict.outcome == MET


# 1.3 (3), "product haulage 产品运输: clean modes preferred; road haulage all new-energy or China
# VI".
@pytest.mark.parametrize(
    ("hauls", "outcome"),
    [
        ([haul(10, by=SIX), haul(10, by=NEW)], MET),
        ([haul(10), haul("9.999", by=SIX), haul("0.001", by=OTHER)], NOT_MET),
        ([haul(10)], MET),
        ([haul(0)], NOT_ENOUGH),
        ([], NOT_ENOUGH),
    ],
)
def test_products(hauls: list[Haul], outcome: Outcome) -> None:
    products = [
        Haul(h.month, Direction.OUT, Goods.PRODUCT, h.mode, h.tonnes, h.road_class) for h in hauls
    ]

    assert judge(haul(1), *products).finding(Rule.PRODUCTS).outcome == outcome


# 1.3 (3), "in-plant vehicles 厂内运输车辆: new-energy; China VI allowed until end-2025"; 9.3: by
# end of 2025 is 2025-12-31 24:00.
@pytest.mark.parametrize(
    ("fleets", "day", "outcome"),
    [
        ([vehicles(3, FleetClass.CHINA_VI, DECEMBER)], ENDED, MET),
        ([vehicles(3, FleetClass.CHINA_VI, DECEMBER)], AFTER, NOT_MET),
        ([vehicles(3, FleetClass.NEW_ENERGY), vehicles(1, FleetClass.CHINA_VI)], MONTH, NOT_MET),
        ([vehicles(3, FleetClass.NEW_ENERGY)], MONTH, MET),
        ([vehicles(1, FleetClass.OTHER, DECEMBER)], ENDED, NOT_MET),
        ([vehicles(0, FleetClass.OTHER)], MONTH, MET),
        ([], MONTH, NOT_ENOUGH),
        # Of two counts the newer counts, and one made later is not known yet.
        ([vehicles(9, FleetClass.OTHER, DECEMBER), vehicles(9, FleetClass.NEW_ENERGY)], MONTH, MET),
        ([vehicles(9, FleetClass.NEW_ENERGY)], ENDED, NOT_ENOUGH),
    ],
)
def test_in_plant_vehicles(fleets: list[Fleet], day: date, outcome: Outcome) -> None:
    assert judge_vehicles(fleets, LAW, day).outcome == outcome


# 1.3 (3), "non-road machinery 非道路移动机械: in principle new-energy; where no product exists,
# China IV or better; China III allowed until end-2025".
@pytest.mark.parametrize(
    ("fleets", "day", "outcome"),
    [
        ([machines(2, FleetClass.NEW_ENERGY)], MONTH, MET),
        ([machines(2, FleetClass.CHINA_IV, NO)], MONTH, MET),
        ([machines(2, FleetClass.CHINA_IV, YES)], MONTH, NOT_MET),
        ([machines(2, FleetClass.CHINA_IV)], MONTH, NOT_ENOUGH),
        ([machines(2, FleetClass.CHINA_III, NO, DECEMBER)], ENDED, MET),
        ([machines(2, FleetClass.CHINA_III, NO, DECEMBER)], AFTER, NOT_MET),
        ([machines(2, FleetClass.CHINA_III, None, DECEMBER)], AFTER, NOT_MET),
        ([machines(2, FleetClass.OTHER, NO, DECEMBER)], ENDED, NOT_MET),
        ([machines(1, FleetClass.CHINA_IV), machines(1, FleetClass.OTHER)], MONTH, NOT_MET),
        ([vehicles(1, FleetClass.NEW_ENERGY)], MONTH, NOT_ENOUGH),
    ],
)
def test_non_road_machines(fleets: list[Fleet], day: date, outcome: Outcome) -> None:
    assert judge_machines(fleets, LAW, day).outcome == outcome


def test_without_rows_of_the_law_nothing_is_judged() -> None:
    fleets = [vehicles(1, FleetClass.NEW_ENERGY), machines(1, FleetClass.NEW_ENERGY)]

    verdict = judge_transport(PERIOD, [haul(1), haul(1, goods=Goods.PRODUCT)], fleets, [])

    assert {f.outcome for f in verdict.findings} == {NOT_ENOUGH, Outcome.NOT_SETTLED}
    assert verdict.outcome == NOT_ENOUGH


def test_stricter_row_of_a_plan_counts() -> None:
    local = bound(rules.CLEAN_SHARE, 85)

    verdict = judge_transport(PERIOD, [haul(84), haul(16, by=OTHER)], [], [*LAW, local])

    share = verdict.finding(Rule.CLEAN_SHARE)
    assert (share.outcome, share.bound) == (NOT_MET, local)


TONNES = st.decimals(0, 10**9, places=3)
HAULS = st.lists(
    st.builds(
        lambda goods, direction, tonnes, by: haul(tonnes, goods=goods, direction=direction, by=by),
        st.sampled_from(sorted(MATERIALS)),
        st.sampled_from(list(Direction)),
        TONNES,
        st.none() | st.sampled_from(list(RoadClass)),
    ),
    max_size=12,
)


@given(HAULS)
def test_share_is_within_nought_and_a_hundred(hauls: list[Haul]) -> None:
    percent = add_up(hauls, MATERIALS).clean_percent

    assert percent is None or 0 <= percent <= 100
    assert (percent is None) == (sum(h.tonnes for h in hauls) == 0)


@given(HAULS, TONNES)
def test_more_clean_tonnes_never_lower_the_share(hauls: list[Haul], tonnes: Decimal) -> None:
    before = add_up(hauls, MATERIALS).clean_percent
    after = add_up([*hauls, haul(str(tonnes))], MATERIALS).clean_percent

    assert before is None or (after is not None and after >= before)
    if judge(*hauls).finding(Rule.CLEAN_SHARE).outcome == MET:
        assert judge(*hauls, haul(str(tonnes))).finding(Rule.CLEAN_SHARE).outcome == MET


@given(st.decimals("0.001", 10**9, places=3))
def test_equality_is_met_whatever_the_tonnes(tonnes: Decimal) -> None:
    verdict = judge(haul(str(4 * tonnes)), haul(str(tonnes), by=OTHER))

    assert verdict.finding(Rule.CLEAN_SHARE).outcome == MET


@pytest.mark.parametrize("tonnes", ["-1", "NaN", "Infinity"])
def test_tonnes_are_numbers_from_nought_on(tonnes: str) -> None:
    with pytest.raises(ValueError, match="tonnes"):
        haul(tonnes)
