"""Writes many rows in one statement, as fast as the database can take them."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, cast

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

_ROWS_AT_ONCE = 500
_WORTH_A_COPY = 20
"""From so many rows on PostgreSQL's COPY is faster than an INSERT, whose values are quoted here."""


def insert_many(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one model. They get no ids here: read them again where ids matter."""
    if not rows:
        return
    model = type(rows[0])
    if connection.vendor != "postgresql" or len(rows) < _WORTH_A_COPY:
        model._default_manager.bulk_create(rows, batch_size=_ROWS_AT_ONCE)
        return
    fields = _fields(model, [f.name for f in model._meta.concrete_fields if not f.primary_key])
    names = ", ".join(_column(field) for field in fields)
    copying = f"COPY {_table(model)} ({names}) FROM STDIN"
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.cursor.copy(copying) as copy,
    ):
        for row in rows:
            values = (field.pre_save(row, True) for field in fields)
            copy.write_row(
                [f.get_db_prep_save(v, connection) for f, v in zip(fields, values, strict=True)]
            )


def update_many(rows: Sequence[models.Model], names: Iterable[str]) -> None:
    """Write these columns of rows that are there, found by their ids: dates, texts and numbers."""
    if not rows:
        return
    model = type(rows[0])
    fields, key = _fields(model, names), model._meta.pk
    values = json.dumps(
        [[row.pk, *(field.value_from_object(row) for field in fields)] for row in rows],
        cls=DjangoJSONEncoder,
        ensure_ascii=False,
    )
    if connection.vendor == "postgresql":
        source, cell = "json_array_elements(%s::json)", "CAST(given.value->>{at} AS {kind})"
    else:
        source, cell = "json_each(%s)", "json_extract(given.value, '$[{at}]')"

    def read(at: int, field: "models.Field[Any, Any]") -> str:
        return cell.format(at=at, kind=field.rel_db_type(connection))

    columns = ", ".join(
        f"{_column(field)} = {read(at, field)}" for at, field in enumerate(fields, start=1)
    )
    found = f"{_table(model)}.{_column(key)} = {read(0, key)}"
    with connection.cursor() as cursor:
        cursor.execute(
            # Names are the models' own; whatever a person typed is in the one parameter.
            f"UPDATE {_table(model)} SET {columns} FROM {source} AS given WHERE {found}",  # noqa: S608
            [values],
        )


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _column(field: "models.Field[Any, Any]") -> str:
    return connection.ops.quote_name(str(field.column))


def _fields(model: type[models.Model], names: Iterable[str]) -> "list[models.Field[Any, Any]]":
    return [cast("models.Field[Any, Any]", model._meta.get_field(name)) for name in names]
