"""The trail for auditors: every event that one may look into, narrowed as asked."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from plants.models import Authority, Membership, Person, Plant, Role
from plants.models.people import plants_of
from tracker.audit import Event, EventQuerySet

AUDITING = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})


@dataclass(frozen=True)
class Wanted:
    """What the auditor narrows to; empty fields don't. Days are end-inclusive, in local time."""

    who: str = ""
    verb: str = ""
    plant: int | None = None
    thing: str = ""
    first_on: date | None = None
    last_on: date | None = None

    def condition(self) -> Q:
        wanted = Q()
        if self.who:
            wanted &= Q(person_name__icontains=self.who) | Q(origin__icontains=self.who)
        if self.verb:
            wanted &= Q(verb=self.verb)
        if self.plant:
            wanted &= Q(plant=self.plant)
        if self.thing:
            named = Q(thing_name_zh__icontains=self.thing) | Q(thing_name_en__icontains=self.thing)
            wanted &= named | Q(note__icontains=self.thing)
        if self.first_on:
            wanted &= Q(at__gte=_midnight(self.first_on))
        if self.last_on:
            wanted &= Q(at__lt=_midnight(self.last_on + timedelta(days=1)))
        return wanted


def read_trail(person: Person, wanted: Wanted) -> EventQuerySet:
    """The events that she may look into and asked for, the newest first."""
    return auditable(person).filter(wanted.condition()).select_related("plant").order_by("-pk")


def auditable(person: Person) -> EventQuerySet:
    """What happened at the plants that she audits, and what the people under her did besides.

    That somebody failed to sign in as one of them is among it. What belongs to nobody, such as a
    nightly run over the whole site, is for the top of a tree.
    """
    offices = [
        post.authority
        for post in person.posts()
        if post.role in AUDITING and post.authority is not None
    ]
    plants = Plant.objects.filter(plants_of(person, roles=AUDITING)).order_by()
    seats = Membership.objects.filter(
        Q(authority__in=Authority.objects.under(offices))
        | Q(plant__in=plants)
        | Q(company__in=plants.values("company"))
    )
    seen = Q(plant__in=plants)
    hers = Q(person=person) | Q(person__in=seats.values("person"))
    as_hers = Q(thing_id=person.pk) | Q(thing_id__in=seats.values("person"))
    about_a_person = Q(thing_kind=Person._meta.model_name)
    seen |= Q(plant=None) & (hers | (Q(person=None) & about_a_person & as_hers))
    if any(office.parent_id is None for office in offices):
        seen |= Q(plant=None, person=None) & ~about_a_person
    return Event.objects.filter(seen)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
