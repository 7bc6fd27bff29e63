"""What the checks of a round look at, and what they answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from plants.text import Text
from plants.windows import Window
from tracker.regulations.steady import Steady
from tracker.rounds.models import Check
from tracker.rounds.outcomes import Outcome as PartOutcome


class Outcome(models.TextChoices):
    MET = "met", _("met")
    NOT_MET = "not_met", _("not met")
    UNKNOWN = "unknown", _("not known")


@dataclass(frozen=True, slots=True)
class Reference:
    """A row behind a finding: what it is (a model's name), its key, and how people call it."""

    kind: str
    key: str
    name: Text


@dataclass(frozen=True, slots=True)
class Finding:
    """What the app found by itself, in a sentence, with the rows behind it."""

    outcome: Outcome
    sentence: Text
    rows: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class LineFact:
    """A line of the round, when its kiln stands still, and whether it denitrates by oxidation."""

    line: Reference
    windows: Sequence[Window] = ()
    oxidises: bool = False


@dataclass(frozen=True, slots=True)
class PermitFact:
    permit: Reference
    valid_from_on: date
    valid_until_on: date


@dataclass(frozen=True, slots=True)
class OutletFact:
    """A main outlet of the round's lines."""

    outlet: Reference
    has_cems: bool
    mn_code: str


@dataclass(frozen=True, slots=True)
class ObligationFact:
    """What the plant, or one of its lines (``line`` is its key), owes of one requirement."""

    obligation: Reference
    requirement: str
    state: str
    line: str = ""


@dataclass(frozen=True, slots=True)
class MonthFact:
    """The share of an outlet's production hours within the limits in a month of the stable time."""

    verdict: Reference
    share_percent: Decimal


@dataclass(frozen=True, slots=True)
class PartFact:
    """What one of the round's rooms amounts to, in a sentence, with the rows that decide."""

    outcome: PartOutcome
    told: Text
    rows: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """A round as the checks see it on a day; ``starts_on`` to ``ends_on`` is its stable running.

    ``notice_ends_on`` is the last day of its public notice, as entered.
    """

    today: date
    starts_on: date | None = None
    ends_on: date | None = None
    steady: Steady | None = None
    lines: Sequence[LineFact] = ()
    permits: Sequence[PermitFact] = ()
    main_outlets: Sequence[OutletFact] = ()
    obligations: Sequence[ObligationFact] = ()
    months: Sequence[MonthFact] = ()
    notice_ends_on: date | None = None
    parts: Mapping[Check, PartFact] = field(default_factory=dict)
