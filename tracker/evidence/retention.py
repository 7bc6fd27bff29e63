"""How long a file has to be kept: rules by kind out of seeds/retention.yaml, and pure dates."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml
from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field

from plants.text import Text
from plants.verification import Verification


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Strict):
    """The same words in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return str(Text(self.zh, self.en))


class RetentionRule(_Strict):
    """``media_types`` are beginnings; ``months`` are counted from the day of the settlement."""

    kind: str
    media_types: tuple[str, ...]
    months: int = Field(ge=1)
    document: str
    clause: str
    verification: Verification
    title: Words
    note: Words


class _Book(_Strict):
    rules: tuple[RetentionRule, ...]


@dataclass(frozen=True)
class Use:
    """A plant's file, as far as it matters for how long its bytes are kept.

    ``settled_on`` has a day for each obligation that it lay at and each round that it hangs on:
    None for an obligation that is not settled, and for a round that goes on.
    """

    media_type: str
    uploaded_on: date
    settled_on: tuple[date | None, ...] = ()
    expires_on: date | None = None
    is_held: bool = False


@cache
def read_rules() -> tuple[RetentionRule, ...]:
    """The site's rules, in their order; the last one fits everything."""
    path = Path(settings.BASE_DIR) / "seeds" / "retention.yaml"
    return _Book.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))).rules


def rule_of(media_type: str, rules: Sequence[RetentionRule]) -> RetentionRule:
    """The first that fits."""
    return next(rule for rule in rules if media_type.startswith(rule.media_types))


def months_after(start: date, months: int) -> date:
    """The same day so many months later; where that month is shorter, its last day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def kept_until(use: Use, rules: Sequence[RetentionRule]) -> date | None:
    """The last day on which it is kept; None while a hold stands or something is not settled."""
    settled = [day for day in use.settled_on if day is not None]
    if use.is_held or len(settled) < len(use.settled_on):
        return None
    start = max([use.uploaded_on, *settled])
    end = months_after(start, rule_of(use.media_type, rules).months)
    return max(end, use.expires_on or end)
