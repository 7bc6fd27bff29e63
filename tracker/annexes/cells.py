"""A cell of a date column: the day that it says, or why it says none, in the reader's language."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from tracker.annexes.days import end_of_month, is_completed, read_day, two_readings
from tracker.annexes.formats import Format, Shows
from tracker.annexes.sheets import Value

LONGEST_TEXT = 200


@dataclass(frozen=True)
class ReadDay:
    """The day, and what the cell shows; ``shows_month``: no day of the month is to be seen."""

    day: date
    text: str
    shows_month: bool = False


@dataclass(frozen=True)
class Unread:
    """Why the cell's words or number are no day; the sentence stands beside the cell's place."""

    sentence: str


def read_cell(value: Value, form: Format | None, *, is_1904: bool) -> ReadDay | Unread:
    """Read a cell by what its reader sees: a date that shows only its month means the month's end.

    ``form`` is the cell's number format where it hides a part of the date.
    """
    day = read_day(value, is_1904=is_1904)
    if day is None:
        return Unread(_why_no_day(value))
    if form is None or isinstance(value, str):
        return ReadDay(day, shown(value))
    text = form.text_of(day)
    if form.shows == Shows.MONTH:
        return ReadDay(end_of_month(day.year, day.month), text, shows_month=True)
    if form.shows == Shows.YEAR:
        sentence = _("The cell shows “%(text)s”, no more than the year: write the whole date.")
    else:
        sentence = _("The cell shows “%(text)s”, without the year: write the whole date.")
    return Unread(sentence % {"text": text})


def _why_no_day(value: Value) -> str:
    text = {"text": shown(value)}
    both = two_readings(value)
    if both is not None:
        days = {"earlier": both[0].isoformat(), "later": both[1].isoformat()}
        sentence = _("“%(text)s” may mean by %(earlier)s or by %(later)s: write the day.")
        return sentence % {**text, **days}
    if is_completed(value):
        sentence = _(
            "“%(text)s” is no date: the annex says by when a part is due; "
            "that it is completed is shown by evidence."
        )
        return sentence % text
    return _("“%(text)s” is read as no date.") % text


def shown(value: Value) -> str:
    """A cell's value as Excel would show it, near enough to be found again."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "isoformat"):
        return value.isoformat()[:10]
    return str(value)[:LONGEST_TEXT]
