"""What is known of the law behind spot checks, out of seeds/spot-checks.yaml, to be shown."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from plants.text import Text
from plants.verification import Verification

SHIPPED = Path(__file__).resolve().parents[3] / "seeds" / "spot-checks.yaml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Strict):
    """The same words in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return str(Text(self.zh, self.en))


class SpotCheckRule(_Strict):
    """A sentence of the law, where it stands, and how sure we are of it."""

    code: str
    document: Words
    clause: str
    verification: Verification
    title: Words
    note: Words


class _Book(_Strict):
    rules: tuple[SpotCheckRule, ...]


@cache
def read_rules() -> tuple[SpotCheckRule, ...]:
    """In their order."""
    return _Book.model_validate(yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))).rules
