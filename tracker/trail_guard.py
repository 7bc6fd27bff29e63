"""Triggers by which the database itself refuses to change or take out an event of the trail.

They are put in place after every migration, since SQLite drops a table's triggers when a migration
makes the table anew. A migration that has to write old events lifts them for itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

TABLE = "tracker_event"
SAYS = "The trail is append-only: events are never changed or removed."

_POSTGRESQL = (
    f"""CREATE OR REPLACE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    f"""CREATE OR REPLACE TRIGGER {TABLE}_is_kept BEFORE UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION {TABLE}_refuse()""",
    f"""CREATE OR REPLACE TRIGGER {TABLE}_is_not_emptied BEFORE TRUNCATE ON {TABLE}
    FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_refuse()""",
)
_SQLITE = tuple(
    f"""CREATE TRIGGER IF NOT EXISTS {TABLE}_{name} BEFORE {deed} ON {TABLE}
    BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"""
    for name, deed in (("is_kept", "UPDATE"), ("is_not_emptied", "DELETE"))
)


def set_guard(using: str = "default") -> None:
    """Put the triggers in place, where the table is there; harmless where they are already."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return
        for statement in _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE:
            cursor.execute(statement)


def lift_guard(using: str = "default") -> None:
    """Take the triggers away; harmless where there are none."""
    connection = connections[using]
    on = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return
        for name in ("is_kept", "is_not_emptied"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_{name}{on}")


@contextmanager
def lifted_guard(using: str = "default") -> Iterator[None]:
    """Without the triggers for a while: for migrations, and for emptying a test's database."""
    lift_guard(using)
    try:
        yield
    finally:
        set_guard(using)
