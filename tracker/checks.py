"""System checks of our own: the shipped seeds are without a fault, and settings name real roles."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from plants.models import Role
from plants.seedfile import Fault
from tracker.regulations.seeds import Seeds, parse_seeds, read_files, shipped_paths
from tracker.rounds.condition_seeds import read_conditions
from tracker.rounds.fugitive.seeds import parse_checklist, read_shipped


@register("seeds")
def check_shipped_seeds(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Every fault of the shipped seed files is an error (tracker.E001)."""
    seeds, faults = _read(shipped_paths())
    documents = {regulation.code for regulation in seeds.regulations}
    _conditions, of_conditions = read_conditions(documents)
    _items, of_items = parse_checklist(*read_shipped(), documents=documents)
    return _errors(faults + of_conditions + of_items)


@register()
def check_roles_of_second_factors(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """A role that is misspelt would ask nobody for anything (tracker.E002)."""
    unknown = sorted(set(settings.SECOND_FACTOR_FOR) - set(Role.values))
    known = ", ".join(Role.values)
    return [
        Error(f"SECOND_FACTOR_FOR: no role {name!r}; there are {known}", id="tracker.E002")
        for name in unknown
    ]


@register()
def check_provider(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Half a provider would show a button that lets nobody in (tracker.E003)."""
    needed = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
    given = [name for name in (*needed, "OIDC_NAME") if getattr(settings, name)]
    missing = [name for name in needed if name not in given]
    if not given or not missing:
        return []
    sentence = f"{given[0]} is set, so {' and '.join(missing)} must be, too"
    return [Error(sentence, id="tracker.E003")]


def seed_errors(paths: Sequence[Path]) -> list[CheckMessage]:
    _seeds, faults = _read(paths)
    return _errors(faults)


def _read(paths: Sequence[Path]) -> tuple[Seeds, list[Fault]]:
    contents, faults = read_files(paths)
    seeds, wrong = parse_seeds(contents)
    return seeds, faults + wrong


def _errors(faults: Sequence[Fault]) -> list[CheckMessage]:
    return [Error(str(fault), id="tracker.E001") for fault in faults]
