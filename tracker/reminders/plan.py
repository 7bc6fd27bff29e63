"""Plan a night's reminders: a row for each obligation, receiver and newest rung."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import (
    Case,
    CharField,
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
from django.db.models.functions import Coalesce, TruncDate

from plants.models import Role
from tracker.obligations.models import Obligation, ObligationQuerySet
from tracker.reminders.days import HOURS, MailDay, moment
from tracker.reminders.ladders import Group, LadderBook
from tracker.reminders.models import Kind, LetterKind, Receiver, Reminder, ReminderState
from tracker.reminders.models.ladders import USUAL_HOUR
from tracker.reminders.offices import Offices

# The day that the rungs of what waits for review count from.
HANDED_IN = TruncDate("state_changed_at")


@dataclass(frozen=True)
class Route:
    """One way from an obligation to the posts that are told of it, and for whose plants it holds.

    ``way`` leads to the memberships; ``authorities`` are ids, None for all.
    """

    receiver: str
    kind: str
    way: str
    role: str
    authorities: Collection[int] | None = None


@dataclass(frozen=True)
class Night:
    """What is planned for: the day, the moment, and, within a day, only some obligations."""

    day: MailDay
    at: datetime
    only: Collection[int] | None

    def sends_at(self, hour: int) -> datetime:
        """When a digest goes that is planned now; within a day that day's may have gone."""
        usual = self.day.at_hour(hour)
        if self.only is None or self.at <= usual:
            return max(self.at, usual)
        return moment(self.day.next_on, hour)


def plan_reminders(*, today: date, at: datetime, only: Collection[int] | None = None) -> int:
    """Add what is missing of today's reminders, cancel what is right no more; say how many came.

    Each obligation that has reached a rung is planned once for each person whom it concerns, under
    the unique key of obligation, person, kind, rung and day: running again adds nothing. That are
    who answers for its plant, while it is owed; the officers of the plant's authority, and then of
    the one above, when it is overdue for long; and the officers while it waits for their review.
    After missed nights, or for a duty that came long after its day, only the newest rung is
    planned. On days off only what is due that day is; what the days off would have brought was told
    on the last day before. ``only`` names obligations that changed in the course of the day.

    One transaction, so that no sender meets half of a person's digest.
    """
    night = Night(MailDay(today), at, only)
    with transaction.atomic():
        cancel_what_is_wrong(only)
        book = LadderBook()
        return sum(_plan_route(night, book, route) for route in _routes(night, book))


def cancel_what_is_wrong(only: Collection[int] | None = None) -> int:
    """Cancel planned rungs that are owed no more, were re-dated, or whose receiver has gone."""
    planned = Reminder.objects.planned().of_ladders()
    if only is not None:
        planned = planned.filter(obligation__in=only)
    return planned.exclude(pk__in=planned.still_right().values("pk")).update(
        state=ReminderState.CANCELLED
    )


def _routes(night: Night, book: LadderBook) -> Iterator[Route]:
    yield Route(Receiver.MANAGER, Kind.DUE, "plant__memberships", Role.MANAGER)
    company = "plant__company__memberships"
    yield Route(Receiver.GROUP_MANAGER, Kind.DUE, company, Role.GROUP_MANAGER)
    if not night.day.is_working:
        return
    offices = Offices(book.authorities)
    for receiver, kind, found in (
        (Receiver.OFFICER, Kind.ESCALATION, offices.nearest),
        (Receiver.UPPER_OFFICER, Kind.ESCALATION, offices.above),
        (Receiver.REVIEWER, Kind.WAITING, offices.nearest),
    ):
        for steps, authorities in found.items():
            way = f"plant__authority{'__parent' * steps}__memberships"
            yield Route(receiver, kind, way, Role.OFFICER, authorities)


def _plan_route(night: Night, book: LadderBook, route: Route) -> int:
    found = _concerned(night, route.kind)
    anchor = _anchor(route.kind)
    oldest_on = found.aggregate(oldest_on=Min(anchor))["oldest_on"]
    if oldest_on is None:
        return 0
    added = 0
    for group in book.groups(route.receiver, route.authorities):
        newest = _newest_rung(group, night, oldest_on)
        if newest is None:
            continue
        latest_on = night.day.through + timedelta(days=max(group.rungs.earliest, 0))
        reached = found.alias(anchor=anchor).filter(group.condition(), anchor__lte=latest_on)
        added += _revive(night, route, group, newest)
        added += _add_missing(_missing(reached, newest, route, night, group), night)
    return added


def _concerned(night: Night, kind: str) -> ObligationQuerySet:
    """The obligations that reminders of this kind are about."""
    waiting = kind == Kind.WAITING
    found = Obligation.objects.awaiting_review() if waiting else Obligation.objects.owed()
    if night.only is not None:
        found = found.filter(pk__in=night.only)
    return found if night.day.is_working else found.filter(due_on=night.day.on)


def _anchor(kind: str) -> Any:
    """The day that the rungs count from."""
    return HANDED_IN if kind == Kind.WAITING else F("due_on")


def _newest_rung(group: Group, night: Night, oldest_on: date) -> Case | None:
    """``Rungs.newest`` in the database; None where no day has reached a rung."""
    through = night.day.through if night.day.is_working else night.day.on
    bands = list(group.rungs.bands(today=night.day.on, oldest_on=oldest_on, through=through))
    if not bands:
        return None
    # Bands come latest first and leave no gap, so that the first day is enough.
    whens = [When(anchor__gte=band.first_on, then=Value(band.rung)) for band in bands]
    too_early = When(anchor__gt=bands[0].last_on, then=Value(None))
    return Case(too_early, *whens, output_field=SmallIntegerField())


def _revive(night: Night, route: Route, group: Group, newest: Case) -> int:
    """Plan again what was cancelled and is right after all: handed in, then returned."""
    rows = Reminder.objects.cancelled().filter(kind=route.kind)
    if night.only is not None:
        rows = rows.filter(obligation__in=night.only)
    posts = {f"obligation__{route.way}__role": route.role}
    mine = {f"obligation__{route.way}__person": F("person")}
    found = (
        rows.still_right()
        .filter(group.condition("obligation__"), **posts, **mine)
        .annotate(anchor=F("due_on"), hour=_hour("person__"))
        .annotate(newest=newest, sends_at=_sends_at(night))
        .filter(rung=F("newest"))
    )
    at_moment: dict[datetime, set[int]] = defaultdict(set)
    for pk, sends_at in found.values_list("pk", "sends_at"):
        at_moment[sends_at].add(pk)
    fresh = {"state": ReminderState.PLANNED, "attempts": 0, "fault": "", "read_at": None}
    return sum(
        Reminder.objects.filter(pk__in=pks).update(
            planned_at=night.at, next_attempt_at=sends_at, **fresh
        )
        for sends_at, pks in at_moment.items()
    )


def _missing(
    reached: QuerySet[Obligation], newest: Case, route: Route, night: Night, group: Group
) -> QuerySet[Any, Any]:
    """The obligations, once for each receiver (``receiver_id``), whose ``newest`` has no row."""
    anchor = _anchor(route.kind)
    planned = Reminder.objects.filter(
        kind=route.kind,
        obligation=OuterRef("pk"),
        person=OuterRef("receiver_id"),
        rung=OuterRef("newest"),
        due_on=OuterRef("anchor"),
    )
    posts = {f"{route.way}__role": route.role, f"{route.way}__person__is_active": True}
    hour = _hour(f"{route.way}__person__")
    # The annotation takes up the join of the filter before it; in turn it would make another.
    return (
        reached.filter(**posts)
        .annotate(anchor=anchor)
        .annotate(newest=newest, receiver_id=F(f"{route.way}__person"), hour=hour)
        .filter(~Exists(planned), newest__isnull=False)
        .annotate(
            told_kind=Value(route.kind, CharField()),
            letter=_letter(route, group),
            sends_at=_sends_at(night),
        )
    )


def _hour(person: str) -> Coalesce:
    """The hour of the person whom this path leads to."""
    return Coalesce(F(f"{person}preference__hour"), Value(USUAL_HOUR))


def _letter(route: Route, group: Group) -> Any:
    """The first time that an office is told is a mail of its own; the rest is in the digest."""
    digest = Value(LetterKind.DIGEST.value, CharField())
    if route.kind != Kind.ESCALATION or group.rungs.first_after is None:
        return digest
    first = Value(LetterKind.ESCALATION.value, CharField())
    return Case(When(newest=-group.rungs.first_after, then=first), default=digest)


def _sends_at(night: Night) -> Case:
    """Each at her hour; what is due today doesn't wait for tomorrow's digest."""
    today = night.day.on
    whens = []
    for hour in HOURS:
        on_its_day, usual = max(night.at, night.day.at_hour(hour)), night.sends_at(hour)
        if on_its_day != usual:
            whens.append(When(hour=hour, anchor=today, then=Value(on_its_day)))
        whens.append(When(hour=hour, then=Value(usual)))
    return Case(*whens, output_field=DateTimeField())


def _add_missing(missing: QuerySet[Any, Any], night: Night) -> int:
    """Insert them as they are found: hundreds of thousands of rows never enter this process."""
    columns: dict[str, F | Value] = {
        "obligation_id": F("pk"),
        "person_id": F("receiver_id"),
        "kind": F("told_kind"),
        "letter": F("letter"),
        "rung": F("newest"),
        "due_on": F("anchor"),
        "next_attempt_at": F("sends_at"),
        "state": Value(ReminderState.PLANNED.value),
        "planned_at": Value(night.at, DateTimeField()),
        "attempts": Value(0),
        "fault": Value(""),
    }
    select, values = missing.values_list(*columns.values()).query.sql_with_params()
    # Both databases know this form. Another planner at the same moment may have been there first.
    into = f"INSERT INTO {Reminder._meta.db_table} ({', '.join(columns)})"
    with connection.cursor() as cursor:
        cursor.execute(f"{into} {select} ON CONFLICT DO NOTHING", values)
        return int(cursor.rowcount)
