"""Number formats: what a date cell shows of the day behind it. Excel keeps 2026年6月 as 1 June."""

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

# The formats that a file names by number only; 27 to 36 and 50 to 58 as a Chinese Excel has them.
_MONTH, _NO_YEAR, _TIME = 'yyyy"年"m"月"', 'm"月"d"日"', "h:mm"
BUILT_IN = {
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56), _TIME),
    22: "yyyy/m/d h:mm",
    **dict.fromkeys((27, 36, 50, 52, 57), _MONTH),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), _NO_YEAR),
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
}
LONGEST_CODE = 255
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LETTERS = frozenset("ymdhs")
_TOKEN = re.compile(
    r"""
    "(?P<quoted>[^"]*)"
    | [\\!](?P<escaped>.)
    | [_*].                     # as wide as a letter, or filled with it
    | \[(?P<bracket>[^\]]*)\]   # a colour, a condition, a language, or hours that go on counting
    | (?P<half>am/pm|a/p|上午/下午)
    | (?P<number>general|e[+-])
    | (?P<letters>y+|e+|m+|d+|h+|s+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


class Shows(Enum):
    """What of a date a cell with this format lets its reader see."""

    NUMBER = "number"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    NO_YEAR = "no_year"


@dataclass(frozen=True)
class Format:
    """One number format, as pieces: letters that stand for a part of the date, and plain text."""

    shows: Shows
    pieces: tuple[tuple[str, str], ...] = ()

    def text_of(self, day: date) -> str:
        """What the cell shows of this day; numerals and months' names as in English."""
        return "".join(_piece(kind, text, day) for kind, text in self.pieces).strip()


def read_format(code: str) -> Format:
    """Read a format code; of several sections the first is for dates."""
    pieces: list[tuple[str, str]] = []
    for found in _TOKEN.finditer(code[:LONGEST_CODE]):
        if found["other"] == ";":
            break
        pieces += _pieces(found)
    pieces = _with_minutes(pieces)
    kinds = {kind for kind, _text in pieces}
    return Format(_shown(kinds), tuple(pieces))


def _pieces(found: re.Match[str]) -> list[tuple[str, str]]:
    if found["letters"]:
        letters = found["letters"].lower()
        # dddd is the day's name in the week.
        kind = {"e": "y", "d": "d" if len(letters) < 3 else "weekday"}.get(letters[0], letters[0])
        return [(kind, letters)]
    if found["bracket"] is not None:
        elapsed = found["bracket"].lower()
        return [("h", elapsed)] if elapsed and elapsed.strip(elapsed[0]) == "" else []
    if found["number"]:
        return [("number", "")]
    text = found["quoted"] or found["escaped"] or found["other"]
    return [("text", text)] if text else []


def _with_minutes(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """An m after hours or before seconds is for minutes."""
    letters = [at for at, (kind, _text) in enumerate(pieces) if kind in _LETTERS]
    beside = [None, *letters, None]
    for before, at, after in zip(beside, letters, beside[2:], strict=False):
        after_hours = before is not None and pieces[before][0] == "h"
        before_seconds = after is not None and pieces[after][0] == "s"
        if pieces[at][0] == "m" and (after_hours or before_seconds):
            pieces[at] = ("minutes", pieces[at][1])
    return pieces


def _shown(kinds: set[str]) -> Shows:
    if not kinds & _LETTERS or "number" in kinds:
        return Shows.NUMBER
    if "y" not in kinds:
        return Shows.NO_YEAR
    if "d" in kinds:
        return Shows.DAY
    return Shows.MONTH if "m" in kinds else Shows.YEAR


def _piece(kind: str, text: str, day: date) -> str:
    if kind == "text":
        return text
    if kind == "y":
        return f"{day:%Y}" if text[0] == "e" or len(text) > 2 else f"{day:%Y}"[2:]
    if kind == "m" and len(text) > 2:
        return MONTHS[day.month - 1]
    if kind in ("m", "d"):
        number = day.month if kind == "m" else day.day
        return f"{number:02}" if len(text) == 2 else str(number)
    return {"h": "0", "minutes": "00", "s": "00"}.get(kind, "")
