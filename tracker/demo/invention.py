"""Reads seeds/demo/world.yaml: the invented names, and where the demo's plants stand."""

from pathlib import Path
from typing import Annotated

import yaml
from django.conf import settings
from pydantic import BaseModel, BeforeValidator, ConfigDict

from plants.models import OutletSource, Part
from plants.text import Text


def _text(value: object) -> object:
    """A mapping ``{zh, en}``, or a Chinese character and its pinyin with a space in between."""
    if isinstance(value, dict):
        return Text(value["zh"], value["en"])
    return Text(*str(value).split())


Both = Annotated[Text, BeforeValidator(_text)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Group(_Entry):
    code: str
    name: Both
    state_owned: bool
    share: int


class Site(_Entry):
    authority: str
    place: str
    clinker: int
    grinding: int = 0
    carbide_slag: int = 0


class OutletKind(_Entry):
    source: OutletSource
    name: str
    main: bool = False
    count: int = 1


class ProjectKind(_Entry):
    part: Part
    title: Both
    yuan_per_tpd: int
    months: int


class Invention(_Entry):
    """The whole file."""

    companies: list[Group]
    name_first: list[Both]
    name_second: list[Both]
    sites: list[Site]
    line_outlets: list[OutletKind]
    plant_outlets: list[OutletKind]
    grinding_outlets: list[OutletKind]
    projects: list[ProjectKind]
    surnames: list[str]
    given_names: list[str]

    def plant_word(self, number: int) -> Text:
        """An invented word, another for each number; after the last one they are counted."""
        words = len(self.name_first) * len(self.name_second)
        # The lists' lengths share no factor, nor do the steps: every pair comes once.
        first = self.name_first[number % len(self.name_first)]
        second = self.name_second[number * 3 % len(self.name_second)]
        again = number // words
        count = Text(f"第{again + 1}", f" No. {again + 1}") if again else Text("", "")
        return Text(f"{first.zh}{second.zh}{count.zh}", f"{first.en}{second.en}{count.en}")

    def person_name(self, number: int) -> str:
        surname = self.surnames[number % len(self.surnames)]
        return surname + self.given_names[(number * 7 + number // 100) % len(self.given_names)]


def read_invention() -> Invention:
    path = Path(settings.BASE_DIR) / "seeds" / "demo" / "world.yaml"
    return Invention.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def stands(invention: Invention, *, count: int, kind: str) -> list[tuple[Site, int]]:
    """Where ``count`` plants of a kind stand: each site with the number of the plant in it.

    One for each site from the top of the list, then the second ones, and round again.
    """
    rounds: list[tuple[Site, int]] = []
    most = max(getattr(site, kind) for site in invention.sites)
    for number in range(most):
        rounds += [(site, number) for site in invention.sites if number < getattr(site, kind)]
    found = []
    for index in range(count):
        again, place = divmod(index, len(rounds))
        site, number = rounds[place]
        found.append((site, number + most * again))
    return found
