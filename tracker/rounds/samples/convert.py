"""A concentration at the reference oxygen (折算浓度), with the sum that led to it. Pure.

C_ref = C_meas × (21 − O2_ref) ÷ (21 − O2_meas), domain 4.1. Nothing is rounded but what is shown.
"""

import re
from dataclasses import dataclass
from decimal import Context, Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

OXYGEN_OF_AIR = Decimal(21)
SHOWN_PLACES = 2
# So many digits that no value and limit that differ can come out equal.
_EXACT = Context(prec=50)
# What an instrument writes for "no value": 9999, 9999.99, 99999.9.
_NO_VALUE = re.compile(r"9{4,}(?:\.9+)?")


class Flaw(models.TextChoices):
    """Why a sample says nothing."""

    NO_NUMBER = "no_number", _("the measured value is no number")
    NEGATIVE = "negative", _("the measured value is negative")
    SENTINEL = "sentinel", _("the measured value is what an instrument writes for “no value”")
    NO_OXYGEN = "no_oxygen", _("the oxygen is not given, so that nothing can be converted")
    OXYGEN_OUT_OF_RANGE = "oxygen_out_of_range", _("the oxygen is no percentage")
    OXYGEN_OF_AIR = (
        "oxygen_of_air",
        _("it holds as much oxygen as air does, or more: nothing can be converted"),
    )
    REFERENCE_OUT_OF_RANGE = (
        "reference_out_of_range",
        _("the reference oxygen of the limit does not lie below that of air"),
    )


@dataclass(frozen=True)
class Conversion:
    """The value to hold against the limit; without a ``reference`` it is the measured one."""

    measured: Decimal
    oxygen: Decimal | None
    reference: Decimal | None
    value: Decimal

    @property
    def formula(self) -> str:
        """The sum with its numbers; empty where nothing was converted."""
        if self.reference is None or self.oxygen is None:
            return ""
        air = plain_number(OXYGEN_OF_AIR)
        sign = "=" if self.value == rounded(self.value) else "≈"
        return (
            f"{plain_number(self.measured)} × ({air} − {plain_number(self.reference)}) ÷ "
            f"({air} − {plain_number(self.oxygen)}) {sign} {shown(self.value)}"
        )


def convert(
    measured: Decimal, oxygen: Decimal | None, reference: Decimal | None
) -> Conversion | Flaw:
    """Convert to the reference oxygen; without one nothing is converted and no oxygen is asked."""
    flaw = _flaw_of(measured) or (
        _flaw_of_oxygen(oxygen, reference) if reference is not None else None
    )
    if flaw is not None:
        return flaw
    if reference is None or oxygen is None:
        return Conversion(measured, oxygen, None, measured)
    product = _EXACT.multiply(measured, _EXACT.subtract(OXYGEN_OF_AIR, reference))
    value = _EXACT.divide(product, _EXACT.subtract(OXYGEN_OF_AIR, oxygen))
    return Conversion(measured, oxygen, reference, value)


def is_sentinel(value: Decimal) -> bool:
    """Whether it is four nines or more and nothing else, whatever its sign."""
    return value.is_finite() and _NO_VALUE.fullmatch(f"{abs(value):f}") is not None


def _flaw_of(measured: Decimal) -> Flaw | None:
    if not measured.is_finite():
        return Flaw.NO_NUMBER
    if is_sentinel(measured):
        return Flaw.SENTINEL
    return Flaw.NEGATIVE if measured < 0 else None


def _flaw_of_oxygen(oxygen: Decimal | None, reference: Decimal) -> Flaw | None:
    if not (reference.is_finite() and 0 <= reference < OXYGEN_OF_AIR):
        return Flaw.REFERENCE_OUT_OF_RANGE
    if oxygen is None:
        return Flaw.NO_OXYGEN
    if not (oxygen.is_finite() and 0 <= oxygen <= 100):
        return Flaw.OXYGEN_OUT_OF_RANGE
    return Flaw.OXYGEN_OF_AIR if oxygen >= OXYGEN_OF_AIR else None


def rounded(value: Decimal, places: int = SHOWN_PLACES) -> Decimal:
    """For display only: half up, as people round."""
    return value.quantize(Decimal(1).scaleb(-places), rounding="ROUND_HALF_UP", context=_EXACT)


def shown(value: Decimal, places: int = SHOWN_PLACES) -> str:
    """Rounded, without zeros that say nothing."""
    return plain_number(rounded(value, places))


def plain_number(value: Decimal) -> str:
    """All its digits, without an exponent and without zeros that say nothing."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text
