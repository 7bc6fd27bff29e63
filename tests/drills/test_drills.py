"""The drills, small, with the parts as real as in `make drill`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.drills.play import migrated_database, play

SEED = 20261129
ON_POSTGRESQL = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
# What is played on every change; all of them, and their sizes, by `make drill`.
PLAYED = ("changes", "kills") if ON_POSTGRESQL else ("beats",)


@pytest.fixture(scope="module")
def migrated() -> Iterator[str]:
    """All tables, on the database of this pass."""
    with migrated_database("postgresql" if ON_POSTGRESQL else "sqlite") as url:
        yield url


@pytest.mark.processes
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
@pytest.mark.parametrize("name", PLAYED)
def test_nothing_is_lost_and_nothing_comes_twice(name: str, migrated: str) -> None:
    outcome = play(name, migrated, small=True, seed=SEED)

    assert outcome.is_good, outcome.words
    assert outcome.promised == outcome.sent > 0
