"""The stamp of one mail that a server has accepted, as statements made beforehand.

A mail takes 2 ms to send. The ORM would take nearly as long to make up these statements anew for
each of thousands of mails.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

from tracker.reminders.models import Message, Reminder, ReminderState


def write_stamp(*, person_id: int, letter: str, key: UUID, message: Message, at: datetime) -> int:
    """Keep the message, and the rows held under ``key`` as sent by it, or neither; count the rows.

    ``IntegrityError`` where the message is kept already.
    """
    message.sent_at = at
    kept = [
        field.get_db_prep_save(getattr(message, field.attname), connection)
        for field in _columns_of(Message).values()
        if not field.primary_key
    ]
    given = _values({"state": ReminderState.SENT, "sent_at": at, "fault": ""})
    held = _values(
        {"state": ReminderState.CLAIMED, "person": person_id, "letter": letter, "claim": key}
    )
    if connection.vendor == "postgresql":
        # One statement is one transaction, and one way there and back instead of four.
        with connection.cursor() as cursor:
            cursor.execute(f"WITH kept AS ({_keep()}) {_stamp('kept')}", [*kept, *given, *held])
            return int(cursor.rowcount)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_keep(), kept)
        cursor.execute(_stamp(""), [*given, cursor.fetchone()[0], *held])
        return int(cursor.rowcount)


@cache
def _keep() -> str:
    columns = [field for field in _columns_of(Message).values() if not field.primary_key]
    names = ", ".join(_name_of(field) for field in columns)
    places = ", ".join(["%s"] * len(columns))
    table = connection.ops.quote_name(Message._meta.db_table)
    return f"INSERT INTO {table} ({names}) VALUES ({places}) RETURNING id"  # noqa: S608


@cache
def _stamp(kept: str) -> str:
    """With the message's id from the statement of that name, or else as a value."""
    column = {name: _name_of(field) for name, field in _columns_of(Reminder).items()}
    changes = ", ".join(f"{column[name]} = %s" for name in ("state", "sent_at", "fault"))
    where = " AND ".join(f"{column[name]} = %s" for name in ("state", "person", "letter", "claim"))
    table, attempts = connection.ops.quote_name(Reminder._meta.db_table), column["attempts"]
    message, source = (f"{kept}.id", f" FROM {kept}") if kept else ("%s", "")
    return (
        f"UPDATE {table} SET {changes}, {attempts} = {table}.{attempts} + 1, "  # noqa: S608
        f"{column['message']} = {message}{source} WHERE {where}"
    )


@cache
def _columns_of(model: type[models.Model]) -> "Mapping[str, models.Field[Any, Any]]":
    return {field.name: field for field in model._meta.concrete_fields}


def _name_of(field: "models.Field[Any, Any]") -> str:
    return connection.ops.quote_name(str(field.column))


def _values(given: Mapping[str, Any]) -> list[Any]:
    columns = _columns_of(Reminder)
    return [columns[name].get_db_prep_save(value, connection) for name, value in given.items()]
