"""The conversion to the reference oxygen as domain.md has it, and what always holds of it."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rounds.samples.convert import Conversion, Flaw, convert, is_sentinel, shown

D = Decimal
CONCENTRATIONS = st.decimals(0, 9000, places=4)
OXYGEN = st.decimals(0, D("20.999"), places=3)
REFERENCES = st.decimals(0, D("20.9"), places=1)


@pytest.mark.parametrize(
    ("measured", "oxygen", "reference", "value"),
    [
        # 4.1 "C_ref = C_meas × (21 − O2_ref)/(21 − O2_meas)"; 1.3 (1) "kiln … ref. O2 10 %"
        ("40", "12.2", "10", "50"),
        ("60", "7.8", "10", "50"),
        ("22", "10", "10", "22"),
        ("0", "8.5", "10", "0"),
        # 4.1 "8 % only for independent heat source"
        ("20", "14.5", "8", "40"),
        # 1.3 (1) "kiln head / clinker cooler … ref. O2 none": it stays as it was measured
        ("9.4", "20.1", None, "9.4"),
        ("9.4", None, None, "9.4"),
        # 4.1 "when the kiln is off O2 is about 20.9 %": large, but a number, and an exact one
        ("1", "20.9", "10", "110"),
    ],
)
def test_converted_as_the_standard_says(
    measured: str, oxygen: str | None, reference: str | None, value: str
) -> None:
    found = convert(
        D(measured),
        None if oxygen is None else D(oxygen),
        None if reference is None else D(reference),
    )

    assert isinstance(found, Conversion)
    assert found.value == D(value)


@pytest.mark.parametrize(
    ("measured", "oxygen", "reference", "flaw"),
    [
        # 4.1 "Guard: O2_meas ≥ 21 makes it blow up"
        ("12", "21", "10", Flaw.OXYGEN_OF_AIR),
        ("12", "21.0001", "10", Flaw.OXYGEN_OF_AIR),
        ("0", "21", "10", Flaw.OXYGEN_OF_AIR),
        ("12", "100.1", "10", Flaw.OXYGEN_OUT_OF_RANGE),
        ("12", "-0.1", "10", Flaw.OXYGEN_OUT_OF_RANGE),
        ("12", "NaN", "10", Flaw.OXYGEN_OUT_OF_RANGE),
        ("12", None, "10", Flaw.NO_OXYGEN),
        ("12", "10", "21", Flaw.REFERENCE_OUT_OF_RANGE),
        ("-0.01", "10", "10", Flaw.NEGATIVE),
        ("-0.01", None, None, Flaw.NEGATIVE),
        ("9999.99", "10", "10", Flaw.SENTINEL),
        ("9999", None, None, Flaw.SENTINEL),
        ("-9999", "10", "10", Flaw.SENTINEL),
        ("99999.9", "10", "10", Flaw.SENTINEL),
        ("NaN", "10", "10", Flaw.NO_NUMBER),
        ("Infinity", "10", "10", Flaw.NO_NUMBER),
    ],
)
def test_invalid_and_never_infinite(
    measured: str, oxygen: str | None, reference: str | None, flaw: Flaw
) -> None:
    found = convert(
        D(measured),
        None if oxygen is None else D(oxygen),
        None if reference is None else D(reference),
    )

    assert found == flaw


def test_nine_hundred_and_ninety_nine_is_a_value() -> None:
    assert not is_sentinel(D("999.99"))
    assert not is_sentinel(D("9999.5"))


@pytest.mark.parametrize(
    ("measured", "oxygen", "reference", "formula"),
    [
        ("40", "12.2", "10", "40 × (21 − 10) ÷ (21 − 12.2) = 50"),
        ("40.50", "12.30", "10.0", "40.5 × (21 − 10) ÷ (21 − 12.3) ≈ 51.21"),
        ("9.4", None, None, ""),
    ],
)
def test_formula_shows_its_numbers(
    measured: str, oxygen: str | None, reference: str | None, formula: str
) -> None:
    found = convert(
        D(measured),
        None if oxygen is None else D(oxygen),
        None if reference is None else D(reference),
    )

    assert isinstance(found, Conversion)
    assert found.formula == formula


def test_rounded_for_display_only() -> None:
    # 9.2 no. 6 "Keep full precision, round only in display"
    found = convert(D("40.5"), D("12.3"), D(10))

    assert isinstance(found, Conversion)
    assert found.value != D("51.21")
    assert shown(found.value) == "51.21"
    assert shown(D("0.125")) == "0.13"


@given(CONCENTRATIONS, OXYGEN, REFERENCES)
def test_agrees_with_exact_fractions(measured: D, oxygen: D, reference: D) -> None:
    found = convert(measured, oxygen, reference)

    if is_sentinel(measured):
        assert found == Flaw.SENTINEL
        return
    assert isinstance(found, Conversion)
    assert found.value.is_finite()
    exact = Fraction(measured) * (21 - Fraction(reference)) / (21 - Fraction(oxygen))
    assert abs(Fraction(found.value) - exact) < Fraction(1, 10**40)


@given(CONCENTRATIONS, OXYGEN, OXYGEN, REFERENCES)
def test_more_oxygen_never_lowers_it(measured: D, one: D, other: D, reference: D) -> None:
    less, more = (convert(measured, oxygen, reference) for oxygen in sorted((one, other)))

    if isinstance(less, Conversion) and isinstance(more, Conversion):
        assert less.value <= more.value
    else:
        assert less == more == Flaw.SENTINEL


@given(st.decimals(allow_nan=True, allow_infinity=True), st.decimals(), st.decimals())
def test_whatever_is_given_it_is_a_finite_number_or_a_flaw(
    measured: D, oxygen: D, reference: D
) -> None:
    found = convert(measured, oxygen, reference)

    assert isinstance(found, Flaw) or (found.value.is_finite() and found.value >= 0)
