"""What a table of samples is held against: outlets, days and what is stored. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

SampleKey = tuple[int, str, datetime]
"""Outlet, pollutant and start: one sample stands at each."""


@dataclass(frozen=True)
class KnownOutlet:
    pk: int
    code: str
    burns: bool
    in_round: bool


@dataclass(frozen=True)
class Known:
    """``outlets`` are the plant's, by code and by MN code; ``foreign`` are others' MN codes.

    ``stored`` holds the samples that stand; ``now`` is when the table came in.
    """

    outlets: Mapping[str, KnownOutlet]
    foreign: frozenset[str]
    credit_code: str
    first_on: date
    last_on: date
    stored: frozenset[SampleKey]
    now: datetime


@dataclass(frozen=True)
class Fault:
    """One cell that can't be taken: where, under which title, what was found and what is wanted.

    ``kind`` is the column's, for a form to show it beside the field.
    """

    place: str
    column: str
    found: str
    wanted: str
    kind: str = ""

    def __str__(self) -> str:
        where = " ".join(part for part in (self.place, self.column) if part)
        if not self.found:
            return _("%(where)s: %(wanted)s") % {"where": where, "wanted": self.wanted}
        sentence = _("%(where)s: found “%(found)s”. %(wanted)s")
        return sentence % {"where": where, "found": self.found, "wanted": self.wanted}
