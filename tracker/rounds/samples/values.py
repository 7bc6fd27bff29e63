"""One cell of a table of samples: its value, or a sentence on what is wanted instead. Pure.

What can be read in one way only is read, full-width digits and Excel's day numbers among it. What
has a second reading, such as a decimal comma, is told and never guessed.
"""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from tracker.annexes.days import FIRST_DAY_1900, FIRST_DAY_1904
from tracker.annexes.sheets import Value
from tracker.rounds.models.samples import Pollutant
from tracker.rounds.samples.convert import is_sentinel
from tracker.rounds.samples.units import is_wanted, what_is_wrong

LARGEST = Decimal(1_000_000)
LONGEST_TEXT = 60
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_WITH_COMMA = re.compile(r"[+-]?\d+(?:,\d+)+(?:\.\d+)?")
_WITH_UNIT = re.compile(r"([+-]?\d+(?:\.\d+)?)([^\d.,+-].*)")
_BELOW = re.compile(r"^[<≤]|^(?:ND|N\.D\.?|未检出|低于检出限)", re.IGNORECASE)
_DAY = r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})[日号]?"
_TIME = r"(\d{1,2})(?::(\d{2})(?::(\d{2}))?|[时点](?:(\d{1,2})分?)?)"
_INSTANT = re.compile(rf"{_DAY}(?:T|\s*){_TIME}")
_ONLY_DAY = re.compile(_DAY)
_ONLY_TIME = re.compile(_TIME)
_OTHER_ORDER = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}(?:\s.*)?")
_NAMES = {
    Pollutant.PM: ("颗粒物", "烟尘", "粉尘", "烟粉尘", "pm", "particulatematter"),
    Pollutant.SO2: ("二氧化硫", "so2"),
    Pollutant.NOX: ("氮氧化物", "nox"),
    Pollutant.NH3: ("氨", "氨气", "nh3", "ammonia"),
    Pollutant.FLUORIDE: ("氟化物", "氟化物(以总f计)", "氟化物(以f计)", "fluoride"),
    Pollutant.MERCURY: ("汞", "汞及其化合物", "hg", "mercury"),
    Pollutant.CPM: ("可凝结颗粒物", "cpm", "condensableparticulatematter"),
}
POLLUTANT_NAMES = {pollutant.value: names[0] for pollutant, names in _NAMES.items()}
"""As a Chinese table writes them; they are read again."""
_POLLUTANTS = {name: pollutant for pollutant, names in _NAMES.items() for name in names}


class Unfit(Exception):
    """The cell can't be taken; the message is a sentence on what is wanted."""


def plain(value: Value) -> str:
    """A cell as text: full-width as half-width, subscripts as digits, no blanks at its ends."""
    if isinstance(value, float):
        return f"{value:.12g}"
    text = unicodedata.normalize("NFKC", str(value))
    return text.replace("−", "-").strip()


def read_pollutant(value: Value) -> str:
    found = _POLLUTANTS.get(re.sub(r"\s", "", plain(value)).lower())
    if found is None:
        names = "、".join(str(label) for label in Pollutant.labels)
        raise Unfit(_("Wanted is one of: %(names)s.") % {"names": names})
    return found.value


def read_concentration(value: Value) -> Decimal:
    """In mg/m3; a unit that was written behind it must be that one."""
    number = _number(value)
    if number >= LARGEST:
        raise Unfit(_("This is more than any concentration in mg/m³ can be."))
    return _with_places(number, 4)


def read_oxygen(value: Value) -> Decimal:
    number = _number(value, percent=True)
    if number > 100:
        raise Unfit(_("Oxygen is a percentage: it can't be more than 100."))
    if 0 < number <= Decimal("0.21"):
        raise Unfit(_("This looks like a fraction: write 8.5 for 8.5 percent."))
    return _with_places(number, 3)


def read_load(value: Value) -> Decimal:
    number = _number(value, percent=True)
    if number == 0:
        raise Unfit(_("At no load there is nothing to sample: write the load in percent."))
    if number <= 2:
        raise Unfit(_("This looks like a fraction: write 85 for 85 percent."))
    if number >= 1000:
        raise Unfit(_("This is more than any load in percent can be."))
    return _with_places(number, 3)


def read_text(value: Value) -> str:
    text = plain(value)
    if len(text) > LONGEST_TEXT:
        raise Unfit(_("At most %(count)d characters.") % {"count": LONGEST_TEXT})
    return text


def _number(value: Value, *, percent: bool = False) -> Decimal:
    if isinstance(value, (bool, date, time, timedelta)):
        raise Unfit(_("Wanted is a number; Excel holds something else here: format it as number."))
    text = plain(value)
    number = Decimal(text if _NUMBER.fullmatch(text) else _bare(text, percent=percent))
    if is_sentinel(number):
        raise Unfit(_("An instrument writes this for “no value”: leave out what wasn't measured."))
    if number < 0:
        raise Unfit(_("It can't be negative."))
    return number


def _bare(text: str, *, percent: bool) -> str:
    """The number before its unit; else the sentence that fits."""
    if _BELOW.search(text):
        raise Unfit(
            _("Wanted is the number that the report counts with below the detection limit.")
        )
    if _WITH_COMMA.fullmatch(text):
        if text.count(",") == 1 and "." not in text:
            better = text.replace(",", ".")
            raise Unfit(
                _("A comma may part decimals or thousands: write a point (%(better)s) or no comma.")
                % {"better": better}
            )
        raise Unfit(_("Write the number without commas."))
    found = _WITH_UNIT.fullmatch(text)
    if found is None:
        raise Unfit(_("Wanted is a number, such as 12.5."))
    number, unit = found[1], found[2].strip()
    if percent and unit == "%":
        return number
    if not percent and is_wanted(unit):
        return number
    raise Unfit(_("Wanted is a number, such as 12.5.") if percent else what_is_wrong(unit))


def _with_places(number: Decimal, places: int) -> Decimal:
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > places:
        raise Unfit(
            _("At most %(count)d decimals: round it as the laboratory's report does.")
            % {"count": places}
        )
    return number


def read_instant(value: Value, *, is_1904: bool, same_day: date | None = None) -> datetime:
    """A local day and time; a time alone where ``same_day`` says which day it is of."""
    found = _instant(value, is_1904)
    if isinstance(found, datetime):
        return found
    if isinstance(found, time):
        if same_day is not None:
            return datetime.combine(same_day, found)
        raise Unfit(_("The day is missing: %(form)s") % {"form": _form()})
    raise Unfit(_("The time is missing: %(form)s") % {"form": _form()})


def _form() -> str:
    return _("write day and time as 2026-09-05 09:30.")


def _instant(value: Value, is_1904: bool) -> datetime | date | time:
    if isinstance(value, (datetime, date, time)):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _of_serial(value, is_1904)
    if isinstance(value, str):
        return _of_text(plain(value))
    raise Unfit(_no_instant())


def _of_serial(number: float, is_1904: bool) -> datetime | date | time:
    """Excel counts days, and parts of them."""
    if not 0 <= number < 100_000:
        raise Unfit(_no_instant())
    first = FIRST_DAY_1904 if is_1904 else FIRST_DAY_1900
    moment = datetime.combine(first, time()) + timedelta(seconds=round(number * 86_400))
    if number < 1:
        return moment.time()
    if not 2000 <= moment.year <= 2100:
        raise Unfit(_no_instant())
    return moment.date() if moment.time() == time() else moment


def _of_text(text: str) -> datetime | date | time:
    try:
        if found := _INSTANT.fullmatch(text):
            return datetime.combine(_day(found), _time(found, 4))
        if found := _ONLY_DAY.fullmatch(text):
            return _day(found)
        if found := _ONLY_TIME.fullmatch(text):
            return _time(found, 1)
    except ValueError:  # such as 30 February or 25:00
        raise Unfit(_("There is no such day or time: %(form)s") % {"form": _form()}) from None
    if _OTHER_ORDER.fullmatch(text):
        raise Unfit(_("It is not certain which is the day: %(form)s") % {"form": _form()})
    raise Unfit(_no_instant())


def _no_instant() -> str:
    return _("It is read as no day and time: %(form)s") % {"form": _form()}


def _day(found: re.Match[str]) -> date:
    return date(int(found[1]), int(found[2]), int(found[3]))


def _time(found: re.Match[str], at: int) -> time:
    minute = found[at + 1] or found[at + 3] or 0
    return time(int(found[at]), int(minute), int(found[at + 2] or 0))
