"""A database that can be taken back to an older schema, and is brought up again at the end."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

# The models of `tracker` as they were at a migration: `models = migrate_to("0001_the_law")`.
MigrateTo = Callable[[str], Any]


@pytest.fixture
def migrate_to(transactional_db: None) -> Iterator[MigrateTo]:
    """Go to a migration of the tracker, forward or back; real transactions, as in life."""

    def migrate(*targets: tuple[str, str]) -> Any:
        return MigrationExecutor(connection).migrate(list(targets)).apps

    yield lambda name: migrate(("tracker", name))
    migrate(*MigrationExecutor(connection).loader.graph.leaf_nodes())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All migrations there and back take a minute where the machine is busy."""
    for item in items:
        if "migrate_to" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.timeout(400))
