"""System checks of our own: the seeds that are shipped must be without a fault."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from tracker.regulations.seeds import parse_seeds, read_files, shipped_paths


@register("seeds")
def check_shipped_seeds(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Every fault of the shipped seed files is an error (tracker.E001)."""
    return seed_errors(shipped_paths())


def seed_errors(paths: Sequence[Path]) -> list[CheckMessage]:
    contents, faults = read_files(paths)
    _seeds, wrong = parse_seeds(contents)
    return [Error(str(fault), id="tracker.E001") for fault in faults + wrong]
