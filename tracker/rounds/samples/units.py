"""Units of concentrations as laboratories write them: mg/m3 is wanted, others are named. Pure."""

import re
import unicodedata

from django.utils.translation import gettext as _

WANTED = "mg/m³"
_WANTED = frozenset({"mg/m3", "mg/nm3", "mg/m3n", "毫克/立方米", "毫克/标立方米", "毫克每立方米"})
_MICRO = frozenset({"μg/m3", "ug/m3", "μg/nm3", "ug/nm3", "微克/立方米", "微克每立方米"})
_GRAM = frozenset({"g/m3", "g/nm3", "克/立方米", "克每立方米"})
_PARTS = frozenset({"ppm", "ppmv", "ppb", "ppbv", "μmol/mol", "umol/mol", "nmol/mol"})


def is_wanted(unit: str) -> bool:
    return _plain(unit) in _WANTED


def what_is_wrong(unit: str) -> str:
    """A sentence on a unit that isn't mg/m3, with what would make it so."""
    plain = _plain(unit)
    if plain in _MICRO:
        return _("Wanted is mg/m³: µg/m³ are a thousand times as many, so divide by 1,000.")
    if plain in _GRAM:
        return _("Wanted is mg/m³: multiply g/m³ by 1,000.")
    if plain in _PARTS:
        return _(
            "Wanted is mg/m³: a share of the volume needs the laboratory's own conversion to the "
            "standard state."
        )
    return _("Wanted is the unit mg/m³.")


def unit_in(heading: str) -> str:
    """What stands in brackets in a heading, such as 实测浓度（mg/m³）; empty for none."""
    found = re.search(r"[(（\[]([^()（）\[\]]+)[)）\]]", heading)
    return found[1].strip() if found else ""


def _plain(unit: str) -> str:
    # NFKC also makes ㎎/㎥ mg/m3, and of both signs for micro the Greek letter.
    text = unicodedata.normalize("NFKC", unit).lower()
    return re.sub(r"[\s^]", "", text)
