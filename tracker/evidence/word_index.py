"""The index of the words of texts, in each database's own way.

Both take the words as they are: neither FTS5's trigrams, which silently miss two characters, nor
PostgreSQL's parser, which cuts numbers and addresses by rules of its own, has a say in it.
"""

from collections.abc import Sequence

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import RawSQL

TABLE = "tracker_textpiece"
INDEX = "tracker_textpiece_words"
VECTOR = "vector"

# Nothing in these statements comes from outside.
# ruff: noqa: S608

# The words themselves stay in their table; the triggers tell the index of what comes and goes.
_DELETE = f"INSERT INTO {INDEX} ({INDEX}, rowid, words) VALUES ('delete', old.id, old.words);"
_INSERT = f"INSERT INTO {INDEX} (rowid, words) VALUES (new.id, new.words);"
_SQLITE = (
    f"""CREATE VIRTUAL TABLE {INDEX} USING fts5(
    words, content='{TABLE}', content_rowid='id', tokenize='unicode61 remove_diacritics 0')""",
    f"CREATE TRIGGER {INDEX}_comes AFTER INSERT ON {TABLE} BEGIN {_INSERT} END",
    f"CREATE TRIGGER {INDEX}_goes AFTER DELETE ON {TABLE} BEGIN {_DELETE} END",
    f"""CREATE TRIGGER {INDEX}_changes AFTER UPDATE ON {TABLE} BEGIN {_DELETE} {_INSERT} END""",
    f"INSERT INTO {INDEX} ({INDEX}) VALUES ('rebuild')",
)
# A column of its own, since an expression would be worked out anew for each row that is looked at.
_POSTGRESQL = (
    f"""ALTER TABLE {TABLE} ADD COLUMN {VECTOR} tsvector
    GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED""",
    f"CREATE INDEX {INDEX} ON {TABLE} USING gin ({VECTOR})",
)
_DROP_SQLITE = (
    *(f"DROP TRIGGER IF EXISTS {INDEX}_{name}" for name in ("comes", "goes", "changes")),
    f"DROP TABLE IF EXISTS {INDEX}",
)
_DROP_POSTGRESQL = (f"ALTER TABLE {TABLE} DROP COLUMN IF EXISTS {VECTOR}",)


def make_index(connection: BaseDatabaseWrapper) -> None:
    _run(connection, _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE)


def drop_index(connection: BaseDatabaseWrapper) -> None:
    _run(connection, _DROP_POSTGRESQL if connection.vendor == "postgresql" else _DROP_SQLITE)


def _run(connection: BaseDatabaseWrapper, statements: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def pieces_with(words: Sequence[str], using: str = "default") -> RawSQL:
    """The keys of the pieces in which all the words occur; the last may be a beginning.

    The words are letters and digits only (see ``words``), and are quoted all the same.
    """
    if connections[using].vendor == "postgresql":
        asked = " & ".join(f"'{word}'" for word in words) + ":*"
        sql = f"SELECT id FROM {TABLE} WHERE {VECTOR} @@ %s::tsquery"
    else:
        asked = " AND ".join(f'"{word}"' for word in words) + " *"
        sql = f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s"
    return RawSQL(sql, [asked])  # noqa: S611
