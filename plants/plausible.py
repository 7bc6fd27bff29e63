"""The days that a plant's papers can bear; what lies further away is a slip of the hand."""

from datetime import date

EARLIEST, LATEST = date(1980, 1, 1), date(2099, 12, 31)


def is_plausible(day: date) -> bool:
    """Whether a paper can bear this day."""
    return EARLIEST <= day <= LATEST
