"""Plan a night's reminders: a row for each obligation, receiver and newest rung."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    F,
    Min,
    OuterRef,
    QuerySet,
    SmallIntegerField,
    Value,
    When,
)

from plants.models import Role
from tracker.obligations.models import Obligation
from tracker.reminders.ladder import RUNGS_BEFORE, bands
from tracker.reminders.models import Reminder, ReminderState

# Who is told: the way from an obligation to the posts that answer for it, and their role there.
RECEIVERS = (
    ("plant__memberships", Role.MANAGER),
    ("plant__company__memberships", Role.GROUP_MANAGER),
)


def plan_reminders(*, today: date, at: datetime) -> int:
    """Add what is missing of today's reminders, cancel what is right no more; say how many came.

    Each obligation that is owed and has reached a rung is planned once for each person who answers
    for its plant, under the unique key of obligation, person, rung and due date: running again
    adds nothing. After missed nights, or for a duty that came long after its day, only the newest
    rung is planned. One transaction, so that no sender meets half of a person's digest.
    """
    with transaction.atomic():
        cancel_what_is_wrong()
        oldest_on = Obligation.objects.owed().aggregate(oldest_on=Min("due_on"))["oldest_on"]
        if oldest_on is None:
            return 0
        newest = _newest_rung(today=today, oldest_on=oldest_on)
        added = _revive(newest, at=at)
        reached = Obligation.objects.owed().filter(
            due_on__lte=today + timedelta(days=RUNGS_BEFORE[0])
        )
        for way, role in RECEIVERS:
            added += _add_missing(_missing(reached, newest, way, role), at=at)
    return added


def cancel_what_is_wrong() -> int:
    """Cancel planned rungs that are owed no more, were re-dated, or whose receiver has gone."""
    planned = Reminder.objects.planned().of_ladder()
    return planned.exclude(pk__in=planned.still_right().values("pk")).update(
        state=ReminderState.CANCELLED
    )


def _newest_rung(*, today: date, oldest_on: date) -> Case:
    """``rung_on`` in the database, for a model with a ``due_on`` that has reached a rung."""
    return Case(
        *(
            When(due_on__gte=band.first_on, then=Value(band.rung))
            for band in bands(today=today, oldest_on=oldest_on)
        ),
        output_field=SmallIntegerField(),
    )


def _revive(newest: Case, *, at: datetime) -> int:
    """Plan again what was cancelled and is right after all: handed in, then returned."""
    return (
        Reminder.objects.cancelled()
        .still_right()
        .annotate(newest=newest)
        .filter(rung=F("newest"))
        .update(
            state=ReminderState.PLANNED, planned_at=at, next_attempt_at=at, attempts=0, fault=""
        )
    )


def _missing(
    reached: QuerySet[Obligation], newest: Case, way: str, role: str
) -> QuerySet[Any, Any]:
    """The obligations, once for each receiver (``receiver_id``), whose ``newest`` has no row."""
    planned = Reminder.objects.of_ladder().filter(
        obligation=OuterRef("pk"),
        person=OuterRef("receiver_id"),
        rung=OuterRef("newest"),
        due_on=OuterRef("due_on"),
    )
    posts = {f"{way}__role": role, f"{way}__person__is_active": True}
    # The annotation takes up the join of the filter before it; in turn it would make another.
    return (
        reached.filter(**posts)
        .annotate(newest=newest, receiver_id=F(f"{way}__person"))
        .filter(~Exists(planned))
    )


def _add_missing(missing: QuerySet[Any, Any], *, at: datetime) -> int:
    """Insert them as they are found: hundreds of thousands of rows never enter this process."""
    given = {
        "state": Value(ReminderState.PLANNED.value),
        "planned_at": Value(at, DateTimeField()),
        "next_attempt_at": Value(at, DateTimeField()),
        "attempts": Value(0),
        "fault": Value(""),
    }
    found = missing.values_list("pk", "receiver_id", "newest", "due_on", *given.values())
    columns = ", ".join(("obligation_id", "person_id", "rung", "due_on", *given))
    select, values = found.query.sql_with_params()
    # Both databases know this form. Another planner at the same moment may have been there first.
    into = f"INSERT INTO {Reminder._meta.db_table} ({columns})"
    with connection.cursor() as cursor:
        cursor.execute(f"{into} {select} ON CONFLICT DO NOTHING", values)
        return int(cursor.rowcount)
