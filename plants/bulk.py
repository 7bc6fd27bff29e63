"""Writes many rows in one statement, as fast as the database can take them."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, cast

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

_ROWS_AT_ONCE = 500
_WORTH_RAW_VALUES = 20
"""From so many rows on an INSERT, whose values Django quotes or counts one by one, is slower."""


def insert_many(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one model. They get no ids here: read them again where ids matter."""
    if not rows:
        return
    model = type(rows[0])
    if len(rows) < _WORTH_RAW_VALUES:
        model._default_manager.bulk_create(rows, batch_size=_ROWS_AT_ONCE)
        return
    fields = _fields(model, _names(model))
    names = ", ".join(map(_column, fields))
    values = (
        [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
        for row in rows
    )
    with connection.cursor() as cursor, connection.wrap_database_errors:
        if _is_postgresql():
            with cursor.cursor.copy(f"COPY {_table(model)} ({names}) FROM STDIN") as copy:
                for each in values:
                    copy.write_row(each)
        else:
            marks = ", ".join(["%s"] * len(fields))
            # Names are the models' own; whatever a person typed is a parameter.
            into = f"INSERT INTO {_table(model)} ({names}) VALUES ({marks})"  # noqa: S608
            cursor.executemany(into, list(values))


def count_anew(model: type[models.Model]) -> None:
    """Renew what PostgreSQL knows of the table's size, after many rows came in at once.

    Until its own round comes by it plans for the small table that was, and reads the large one
    half as fast. SQLite plans without such counts.
    """
    if _is_postgresql():
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {_table(model)}")


def put_many(rows: Sequence[models.Model], unique: Sequence[str]) -> None:
    """Insert rows of dates, texts and numbers; one with the same unique columns becomes the new."""
    if not rows:
        return
    model = type(rows[0])
    names = _names(model)
    fields, key = _fields(model, names), ", ".join(map(_column, _fields(model, unique)))
    columns = ", ".join(map(_column, fields))
    read = ", ".join(_read(at, field) for at, field in enumerate(fields))
    others = [_column(field) for field in fields if field.name not in unique]
    written = ", ".join(f"{column} = excluded.{column}" for column in others)
    # SQLite takes ON for a join's where no WHERE stands before it.
    _execute(
        f"INSERT INTO {_table(model)} ({columns}) SELECT {read} FROM {_given()} WHERE 1 = 1 "  # noqa: S608
        f"ON CONFLICT ({key}) DO UPDATE SET {written}",
        [[field.value_from_object(row) for field in fields] for row in rows],
    )


def update_many(rows: Sequence[models.Model], names: Iterable[str]) -> None:
    """Write these columns of rows that are there, found by their ids: dates, texts and numbers."""
    if not rows:
        return
    model = type(rows[0])
    fields, key = _fields(model, names), model._meta.pk
    columns = ", ".join(
        f"{_column(field)} = {_read(at, field)}" for at, field in enumerate(fields, start=1)
    )
    found = f"{_table(model)}.{_column(key)} = {_read(0, key)}"
    _execute(
        f"UPDATE {_table(model)} SET {columns} FROM {_given()} WHERE {found}",  # noqa: S608
        [[row.pk, *(field.value_from_object(row) for field in fields)] for row in rows],
    )


def _execute(sql: str, values: Sequence[Sequence[object]]) -> None:
    """Run one statement that reads all values from one parameter."""
    given = json.dumps(values, cls=DjangoJSONEncoder, ensure_ascii=False)
    with connection.cursor() as cursor:
        cursor.execute(sql, [given])


def _given() -> str:
    function = "json_array_elements(%s::json)" if _is_postgresql() else "json_each(%s)"
    return f"{function} AS given"


def _read(at: int, field: "models.Field[Any, Any]") -> str:
    """The value at this place of a given row, as the column holds it."""
    if _is_postgresql():
        return f"CAST(given.value->>{at} AS {field.rel_db_type(connection)})"
    return f"json_extract(given.value, '$[{at}]')"


def _is_postgresql() -> bool:
    return connection.vendor == "postgresql"


def _names(model: type[models.Model]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if not field.primary_key]


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _column(field: "models.Field[Any, Any]") -> str:
    return connection.ops.quote_name(str(field.column))


def _fields(model: type[models.Model], names: Iterable[str]) -> "list[models.Field[Any, Any]]":
    return [cast("models.Field[Any, Any]", model._meta.get_field(name)) for name in names]
