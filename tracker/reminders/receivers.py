"""Whom a change of an obligation concerns: the same for the query and for the rows it finds."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from plants.models import Membership, Role
from plants.models.people import paths_from
from tracker.assessments.models import Side
from tracker.audit import Event, Verb
from tracker.reminders.deciders import Deciders
from tracker.reminders.models import Reminder
from tracker.reminders.notices import NEWS_FOR

TOLD = (
    Verb.RE_DATED,
    Verb.WITHDREW,
    Verb.RESTORED,
    Verb.EXTENDED,
    Verb.WAIVED,
    Verb.REFUSED,
    Verb.REVISED,
    Verb.SENT_BACK,
    Verb.COMMENTED,
    Verb.HANDED_OVER,
    Verb.LEFT_ALONE,
    Verb.QUARANTINED,
    Verb.LISTED,
    Verb.DELISTED,
)
NAMING = (
    *(Verb.REVISED, Verb.SENT_BACK, Verb.COMMENTED),
    *(Verb.HANDED_OVER, Verb.LEFT_ALONE, Verb.QUARANTINED),
)
"""Deeds that name people whom they concern, beside the plant's own people."""
NAMED_ONLY = (Verb.SENT_BACK, Verb.HANDED_OVER)
"""What the plant's other people are not written to about."""
LATE_WITHIN = timedelta(hours=1)
"""So long may an acceptance be under way that began before a virus was found in its file."""


def untold(*, at: datetime) -> QuerySet[Event, Any]:
    """The changes of the last 30 days that concern somebody, and that nobody was told of yet.

    A virus that was found just now comes again, for who accepted meanwhile.
    ``put_off`` says of each whether the plant's own side moved the date later, or made the duty go.
    """
    told = Reminder.objects.filter(event=OuterRef("pk"))
    changes = Event.objects.filter(
        ~Exists(told) | Q(verb=Verb.QUARANTINED, at__gt=at - LATE_WITHIN),
        verb__in=TOLD,
        thing_kind="obligation",
        at__gt=at - NEWS_FOR,
    )
    return (
        changes.alias(day_before=_day("before"), day_after=_day("after"))
        .annotate(put_off=_put_off())
        .filter(
            Exists(_others(_answering()))
            | Q(put_off=True) & Q(Exists(_others(_overseeing())))
            | Q(verb__in=NAMING) & ~Q(verb=Verb.HANDED_OVER, after__concerns=[])
        )
        .select_related("plant__authority")
        .order_by("pk")
    )


class Receivers:
    """The people whom these changes concern."""

    def __init__(self, events: Iterable[Event]) -> None:
        events = list(events)
        self._deciders = Deciders(events)
        plants = {event.plant for event in events if event.plant is not None}
        self._of_plant: dict[int, list[int]] = defaultdict(list)
        self._of_company: dict[int, list[int]] = defaultdict(list)
        self._of_office: dict[str, list[int]] = defaultdict(list)
        concerned = (
            Q(role=Role.MANAGER, plant__in=plants)
            | Q(role=Role.GROUP_MANAGER, company__in={plant.company_id for plant in plants})
            | Q(role=Role.OFFICER)
        )
        self._active: set[int] = set()
        posts = Membership.objects.filter(concerned, person__is_active=True)
        for post in posts.select_related("authority").order_by("pk"):
            self._active.add(post.person_id)
            if post.plant_id is not None:
                self._of_plant[post.plant_id].append(post.person_id)
            elif post.company_id is not None:
                self._of_company[post.company_id].append(post.person_id)
            elif post.authority is not None:
                self._of_office[post.authority.path].append(post.person_id)

    def of(self, event: Event) -> list[int]:
        """Who answers for the plant, of what it has put off its officers, and whom the deed names.

        Of a comment the other side, of a plant that has nobody its officers, and of a virus who
        decided on its file; never who did it.
        """
        plant = event.plant
        if plant is None:
            return []
        found = self._of_plant[plant.pk] + self._of_company[plant.company_id or 0]
        if event.verb in NAMED_ONLY or _is_from(event, Side.PLANT):
            found = []
        for_officers = event.verb == Verb.LEFT_ALONE or _is_from(event, Side.PLANT)
        if event.put_off or for_officers:  # type: ignore[attr-defined]
            found = found + self._officers(plant.authority.path, but=event.person_id)
        if event.verb in NAMING:
            named = [*(event.after or {}).get("concerns", []), *self._deciders.of(event)]
            found = found + [person for person in named if person in self._active]
        return [person for person in dict.fromkeys(found) if person != event.person_id]

    def _officers(self, path: str, *, but: int | None) -> list[int]:
        """Those of the plant's authority; where it has none, of the nearest one above."""
        for office in paths_from(path):
            if found := [person for person in self._of_office[office] if person != but]:
                return found
        return []


def _is_from(event: Event, side: Side) -> bool:
    """Whether it is a comment of this side's."""
    return event.verb == Verb.COMMENTED and (event.after or {}).get("side") == side


def _answering() -> QuerySet[Membership]:
    """The posts that answer for an event's plant."""
    return Membership.objects.filter(
        Q(role=Role.MANAGER, plant=OuterRef("plant"))
        | Q(role=Role.GROUP_MANAGER, company=OuterRef("plant__company"))
    )


def _overseeing() -> QuerySet[Membership, Any]:
    """The officers' posts over an event's plant."""
    path = ExpressionWrapper(OuterRef("plant__authority__path"), CharField())
    officers = Membership.objects.filter(role=Role.OFFICER).annotate(path=path)
    return officers.filter(path__startswith=F("authority__path"))


def _others(posts: QuerySet[Membership, Any]) -> QuerySet[Membership, Any]:
    """Of active people, and not of who made the change; by itself the system made it."""
    by = Coalesce(OuterRef("person"), 0)
    return posts.filter(~Q(person=by), person__is_active=True)


def _put_off() -> "ExpressionWrapper[Q]":
    later = Q(verb=Verb.RE_DATED, day_after__gt=F("day_before"))
    by_plant = Exists(_answering().filter(person=OuterRef("person")))
    return ExpressionWrapper((later | Q(verb=Verb.WITHDREW)) & Q(by_plant), BooleanField())


def _day(side: str) -> Cast:
    """The due date that the trail keeps, as a text: these sort as their days follow."""
    return Cast(KT(f"{side}__due_on"), CharField())
