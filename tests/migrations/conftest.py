"""A database that goes the way of an old site: taken back once, and up again from test to test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

# The models of `tracker` as they were at a migration: `models = migrate_to("0001_the_law")`.
MigrateTo = Callable[[str], Any]


def _migrate(*targets: tuple[str, str]) -> Any:
    return MigrationExecutor(connection).migrate(list(targets)).apps


@pytest.fixture(scope="package")
def first_schema(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """All the way back, once for all tests here, and up again when the last one is done."""
    with django_db_blocker.unblock():
        _migrate(("tracker", "0001_the_law"))
    yield
    with django_db_blocker.unblock():
        _migrate(*MigrationExecutor(connection).loader.graph.leaf_nodes())


@pytest.fixture
def migrate_to(first_schema: None, transactional_db: None) -> MigrateTo:
    """Go to a migration of the tracker, forward or back; real transactions, as in life."""
    return lambda name: _migrate(("tracker", name))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In the order of ``upgrade``; a minute for all of it, where the machine is busy.

    They follow on each other, so that few workers have to take their database back.
    """
    ours = [item for item in items if "migrate_to" in getattr(item, "fixturenames", ())]
    for item in ours:
        item.add_marker(pytest.mark.timeout(400))
    places = [at for at, item in enumerate(items) if item in ours]
    for at, item in zip(places, sorted(ours, key=_starts_at), strict=True):
        items[at] = item


def _starts_at(item: pytest.Item) -> str:
    marker = item.get_closest_marker("upgrade")
    assert marker is not None, f"{item.nodeid} does not say with @upgrade where it starts"
    return str(marker.args[0])
