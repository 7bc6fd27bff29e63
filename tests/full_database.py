"""A database whose disk is full: the engine's own fault when a row of one table is written."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, models

MOST_PAGES = 1073741823
RAISE = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
END $$
"""


@contextmanager
def full_database(
    model: type[models.Model], deeds: Sequence[str] = ("INSERT", "UPDATE")
) -> Iterator[None]:
    """Whoever adds or changes rows of ``model`` meanwhile meets a full disk.

    SQLite really has no page left, and each row wants many; PostgreSQL is made to say so.
    """
    table = model._meta.db_table
    fill, free = (_fill, _free) if connection.vendor == "sqlite" else (_trap, _untrap)
    fill(table, deeds)
    try:
        yield
    finally:
        free()


def _fill(table: str, deeds: Sequence[str]) -> None:
    _run("CREATE TABLE ballast (content BLOB)")
    for deed in deeds:
        _run(
            f"CREATE TRIGGER no_room_{deed} BEFORE {deed} ON {table} "
            "BEGIN INSERT INTO ballast VALUES (zeroblob(100000000)); END"
        )
    _run("PRAGMA max_page_count = 1")  # the engine takes what there is for the least


def _free() -> None:
    _run(f"PRAGMA max_page_count = {MOST_PAGES}")
    for deed in ("INSERT", "UPDATE"):
        _run(f"DROP TRIGGER IF EXISTS no_room_{deed}")
    _run("DROP TABLE ballast")


def _trap(table: str, deeds: Sequence[str]) -> None:
    _run(RAISE)
    _run(
        f"CREATE TRIGGER no_room BEFORE {' OR '.join(deeds)} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION no_room()"
    )


def _untrap() -> None:
    _run("DROP FUNCTION no_room() CASCADE")


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
